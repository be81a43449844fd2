"""One person of the mapping preview: findings, payload, trace and changes behind tabs."""

from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message

from scim_tui.tui.drawing.text import Line, Span, fit, line, reveal, width
from scim_tui.tui.faults.guarded import Guarded
from scim_tui.tui.mapping.state import TABS
from scim_tui.tui.widgets.lines import Lines


class PreviewPane(Guarded, Container):
    """Name and verdict, the tabs, and the lines of the open one."""

    DEFAULT_CSS = """
    PreviewPane #who { height: 2; }
    PreviewPane #text { height: 1fr; }
    """

    class Resized(Message):
        """The pane has another width, so its lines have to be laid out again."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._drawn: tuple[str, int] = ("", 0)

    def compose(self) -> ComposeResult:
        """The name and the tabs, and the text below them."""
        yield Lines(id="who")
        yield Lines(id="text", can_focus=True)

    def on_resize(self) -> None:
        """Ask for lines of the new width: the first ones may have been made before the layout."""
        self.post_message(self.Resized())

    def take_focus(self) -> None:
        """Focus the text."""
        self.query_one("#text").focus()

    def show(self, name: str, verdict: Span, right: Line, tab: int, lines: list[Line]) -> None:
        """Draw a person; the scroll position stays while person and tab are the same."""
        room = max(self.cells - width((verdict, *right)) - 4, 8)
        shown = reveal(name)
        head: Line = (Span(f" {fit(shown, min(room, len(shown) + 2))} ", "title"), verdict)
        gap = max(self.cells - width((*head, *right)), 0)
        self.query_one("#who", Lines).show([(*head, Span(" " * gap), *right), _tabs(tab)])
        same = self._drawn == (name, tab)
        self._drawn = (name, tab)
        self.query_one("#text", Lines).show(lines, keep_place=same)

    def clear(self) -> None:
        """Draw nothing: there is no person under the cursor."""
        self.query_one("#who", Lines).show([])
        self.query_one("#text", Lines).show([])

    @property
    def cells(self) -> int:
        """Width in terminal cells."""
        return self.size.width or self.app.size.width


def _tabs(open_tab: int) -> Line:
    return line(
        " ",
        *(
            (f"[{name}]", "tab") if n == open_tab else (f" {name} ", "dim")
            for n, name in enumerate(TABS)
        ),
    )
