"""The dialog before something that cannot be undone: an exact word has to be typed."""

from collections.abc import Iterable, Sequence

from textual import events, on
from textual.binding import Binding
from textual.widget import Widget

from scim_tui.tui.drawing.text import Line, line, wrap
from scim_tui.tui.modals import messages
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.widgets.lines import Lines, Wrapped
from scim_tui.tui.widgets.typed_word import TypedWord

_ROWS_FOR_ALL = 20
"""Rows below which the warnings come first, since the facts may not all be seen."""


class TypedConfirm(Dialog[str]):
    """Shows what will happen and the evidence; answers the word as it was typed, or None."""

    TAKES_KEYS_AHEAD = False
    BINDINGS = [
        Binding("pageup,up", "scroll(-1)", show=False),
        Binding("pagedown,down", "scroll(1)", show=False),
    ]
    KEYS = (
        ("exact match,", messages.EXACT_WORD),
        ("Esc", "cancel"),
    )

    def __init__(
        self,
        title: str,
        facts: Sequence[Line],
        warnings: Sequence[str],
        word: str,
        command: str = "",
    ) -> None:
        super().__init__(classes="-danger")
        self._title = title
        self._facts = tuple(facts)
        self._warnings = warnings
        self._word = word
        self._command = command

    def body(self) -> Iterable[Widget]:
        """Title, facts, warnings, the same by command, the field."""
        yield Wrapped(self._lines, id="facts")
        yield TypedWord(self._word)

    def _lines(self, cells: int) -> list[Line]:
        lines: list[Line] = [line((self._title, "bad")), ()]
        warned = self._warned(cells)
        facts = [*self._facts, ()]
        few = self.app.size.height < _ROWS_FOR_ALL
        lines += [*warned, *facts] if few else [*facts, *warned]
        if self._command:
            lines.append(line((messages.COMMAND, "dim")))
            lines += [line(f"  {row}") for row in wrap(self._command, cells - 2)] + [()]
        return lines

    def _warned(self, cells: int) -> list[Line]:
        lines: list[Line] = []
        for warning in self._warnings:
            first, *rest = wrap(warning, cells - 3)
            lines.append(line(("!! ", "bad"), first))
            lines += [line(f"   {text}") for text in rest]
        if self._warnings:
            lines.append(())
        return lines

    def on_resize(self, event: events.Resize) -> None:
        """What does not fit takes the whole screen and scrolls; the field stays in sight."""
        super().on_resize(event)
        self.set_class(len(self._lines(self.cells)) + 5 > event.size.height, "-full")

    def action_scroll(self, pages: int) -> None:
        """Read on in the text above the field."""
        self.query_one("#facts", Lines).action_scroll_page(pages)

    @on(TypedWord.Completed)
    def _confirmed(self, event: TypedWord.Completed) -> None:
        self.dismiss(event.text)
