"""One person of the mapping preview: findings, payload, trace and changes behind tabs."""

from textual.app import ComposeResult
from textual.containers import Container

from scim_tui.tui.drawing.text import Line, Span, fit, line, reveal, width
from scim_tui.tui.faults.guarded import Guarded
from scim_tui.tui.widgets.lines import Lines

TABS = ("Findings", "Payload", "Trace", "Changes")
FINDINGS, PAYLOAD, TRACE, CHANGES = range(4)


class PreviewPane(Guarded, Container):
    """Name and verdict, the tabs, and the lines of one of them."""

    DEFAULT_CSS = """
    PreviewPane #who { height: 2; }
    PreviewPane #text { height: 1fr; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tab = FINDINGS
        self._drawn: tuple[str, int] = ("", 0)

    def compose(self) -> ComposeResult:
        """The head, and what is scrolled."""
        yield Lines(id="who")
        yield Lines(id="text", can_focus=True)

    def turn(self, tab: int) -> None:
        """Show another tab from the next drawing on."""
        self.tab = tab % len(TABS)

    def take_focus(self) -> None:
        """Give the keys to what is scrolled."""
        self.query_one("#text").focus()

    def show(self, name: str, verdict: Span, right: Line, lines: list[Line]) -> None:
        """Draw a person; the place in the text stays while it is the same one."""
        room = max(self.cells - width((verdict, *right)) - 4, 8)
        shown = reveal(name)
        head: Line = (Span(f" {fit(shown, min(room, len(shown) + 2))} ", "title"), verdict)
        gap = max(self.cells - width((*head, *right)), 0)
        self.query_one("#who", Lines).show([(*head, Span(" " * gap), *right), self._tabs()])
        same = self._drawn == (name, self.tab)
        self._drawn = (name, self.tab)
        self.query_one("#text", Lines).show(lines, keep_place=same)

    def clear(self) -> None:
        """Nobody is under the cursor."""
        self.query_one("#who", Lines).show([])
        self.query_one("#text", Lines).show([])

    @property
    def cells(self) -> int:
        """The width there is."""
        return self.size.width or self.app.size.width

    def _tabs(self) -> Line:
        return line(
            " ",
            *(
                (f"[{name}]", "tab") if n == self.tab else (f" {name} ", "dim")
                for n, name in enumerate(TABS)
            ),
        )
