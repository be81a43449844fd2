"""A line to type a filter into; the list is filtered at each key."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from scim_tui.tui.drawing.text import line, width
from scim_tui.tui.faults.guarded import Guarded
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.text_field import TextField


class FilterBar(Guarded, Horizontal):
    """A sign and a field; Enter, Tab and Down go on to the list, Escape clears."""

    DEFAULT_CSS = """
    FilterBar { height: 1; }
    FilterBar Lines { width: 3; height: 1; }
    FilterBar Input { width: 1fr; }
    FilterBar #term { max-width: 60%; }
    """
    BINDINGS = [
        Binding("ctrl+t", "toggle_term", show=False, priority=True),
        Binding("enter,down,tab", "leave", show=False, priority=True),
        Binding("escape", "clear", show=False, priority=True),
    ]

    SIGN: ClassVar[str] = "/"

    class Typed(Message):
        """The text has changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The field was left; its text still filters."""

    class TermToggled(Message):
        """The term beside the field was applied or removed."""

        def __init__(self, term: str, *, applied: bool) -> None:
            super().__init__()
            self.term, self.applied = term, applied

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._placeholder = placeholder
        self._term, self._applied = "", False

    def compose(self) -> ComposeResult:
        """The sign and the field."""
        yield Lines((line((f" {self.SIGN} ", "accent")),))
        field = TextField(placeholder=self._placeholder, compact=True, select_on_focus=False)
        field.cursor_blink = False
        yield field
        yield Lines(id="term")

    def enter(self, text: str, term: str = "", *, applied: bool = False) -> None:
        """Focus the field with this text in it.

        `term` is a condition that was not typed here; `applied`: it is applied as well.
        """
        self.display = True
        self._term, self._applied = term, applied
        self._draw_term()
        field = self.query_one(Input)
        with self.prevent(Input.Changed):
            field.value = text
        field.cursor_position = len(text)
        field.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    def action_leave(self) -> None:
        """Keep the text and go on to the list."""
        self.display = False
        self.post_message(self.Left())

    def action_toggle_term(self) -> None:
        """Apply the term beside the field, or remove it."""
        if self._term:
            self._applied = not self._applied
            self._draw_term()
            self.post_message(self.TermToggled(self._term, applied=self._applied))

    def _draw_term(self) -> None:
        added = line((" Ctrl-T adds ", "dim"), (f"{self._term} ", "dim"))
        applied = line((f" [{self._term}]", "accent"), (" Ctrl-T removes ", "dim"))
        words = applied if self._applied else added
        shown = self.query_one("#term", Lines)
        shown.display = bool(self._term)
        shown.styles.width = width(words)
        shown.show([words])

    def action_clear(self) -> None:
        """Clear the text and go on to the list."""
        with self.prevent(Input.Changed):
            self.query_one(Input).value = ""
        self.post_message(self.Typed(""))
        self.action_leave()


class SeekBar(FilterBar):
    """Takes the beginning of a row to go to; Escape moves the cursor back."""

    SIGN = "'"

    class Typed(Message):
        """The text has changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The field was left."""

    class Undone(Message):
        """Escape was pressed: the cursor goes back."""

    def action_clear(self) -> None:
        """Go back, and on to the list."""
        self.post_message(self.Undone())
        self.action_leave()
