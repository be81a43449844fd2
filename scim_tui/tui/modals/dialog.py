"""The base of all dialogs: the profile in the first line, a box, the keys in the last line."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.worker import active_worker

from scim_tui.tui.drawing.identity import identity_line
from scim_tui.tui.drawing.text import GLYPHS, Line, Span, line
from scim_tui.tui.faults.guarded import Guarded
from scim_tui.tui.modals import messages
from scim_tui.tui.session.host import Host
from scim_tui.tui.terminal.first_paint import DeferredPaintScreen
from scim_tui.tui.widgets.lines import Lines

R = TypeVar("R")
WIDTH = 76
"""Cells of a box, as in the style sheet; fewer on a narrow terminal."""


class Dialog(Guarded, DeferredPaintScreen[R], ModalScreen[R]):
    """A box on an opaque screen; nothing is updated behind it. Escape always means no."""

    BINDINGS = [
        Binding("escape", "cancel", show=False),
        Binding("exclamation_mark", "app.show_fault", show=False),
    ]
    KEYS: Sequence[tuple[str, str]] = (("Esc", "cancel"),)
    """Keys and what they do, for the last line."""

    _fault_shown = False

    app: Host  # type: ignore[assignment]

    def compose(self) -> ComposeResult:
        """Identity, the box, the keys."""
        self.set_class(GLYPHS.ascii, "-ascii")
        yield Lines((identity_line(self.app.session),), id="top")
        with Vertical(classes="box"):
            yield from self.body()
        yield Lines((self.key_line(),), id="keys")

    def body(self) -> Iterable[Widget]:
        """What is in the box."""
        return ()

    @property
    def cells(self) -> int:
        """The width of what is in the box."""
        return min(self.app.size.width, WIDTH) - 4

    def key_line(self) -> Line:
        """The keys of this dialog."""
        parts: list[Span] = []
        for key, label in self.KEYS:
            parts += [Span(f" {key}", "accent"), Span(f" {label} ", "dim")]
        return tuple(parts)

    def say_fault(self, words: str) -> None:
        """Show a fault in place of the keys until the next key."""
        if self.drawable:
            self._fault_shown = True
            self.query_one("#keys", Lines).show((line((messages.fault(words), "bad")),))

    def on_key(self) -> None:
        """Show the keys again instead of a fault."""
        if self._fault_shown and self.drawable:
            self._fault_shown = False
            self.query_one("#keys", Lines).show((self.key_line(),))

    def dismiss(self, result: R | None = None) -> AwaitComplete:
        """Close with an answer, and end its work; does nothing unless it is in front.

        Textual closes what is in front, whichever dialog is asked to close.
        """
        if not self.is_current:
            return AwaitComplete()
        for worker in list(self.workers):
            if worker.node is self and worker is not active_worker.get(None):
                worker.cancel()
        return super().dismiss(result)

    def action_cancel(self) -> None:
        """Leave without doing anything."""
        self.dismiss(None)
