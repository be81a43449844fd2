"""A yes-or-no dialog that shows what would be sent, and a dialog that shows the result."""

from collections.abc import Iterable, Sequence

from textual.binding import Binding
from textual.widget import Widget

from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.modals import messages
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.widgets.lines import Lines


class ConfirmDialog(Dialog[bool]):
    """Takes `y` for yes; `n` and Escape are no, and Enter does nothing. Answers True or None."""

    TAKES_KEYS_AHEAD = False
    BINDINGS = [Binding("y", "yes", show=False), Binding("n,q", "cancel", show=False)]
    KEYS: Sequence[tuple[str, str]] = (("y", messages.YES_SEND), ("n Esc", "no"), ("j k", "scroll"))

    def __init__(self, title: str, lines: Sequence[Line], yes: str = messages.YES_SEND) -> None:
        super().__init__(classes="-tall")
        self.KEYS = [(key, yes if key == "y" else words) for key, words in self.KEYS]
        self._head = line((title, "title"))
        self._lines = lines

    def body(self) -> Iterable[Widget]:
        """Title and lines."""
        yield Lines([self._head, (), *self._lines], can_focus=True)

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self.query_one(".box Lines", Lines).focus()

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)


class MessageDialog(ConfirmDialog):
    """Lines to read; Escape, Enter and q close it."""

    BINDINGS = [Binding("enter,y", "cancel", show=False)]
    KEYS = (("Esc", "close"), ("j k", "scroll"))
