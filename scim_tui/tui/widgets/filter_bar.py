"""One line to type a filter into, while the list below follows."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from scim_tui.tui.lasting import Lasting
from scim_tui.tui.text import line
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.text_field import TextField


class FilterBar(Lasting, Horizontal):
    """A sign and a field; Enter, Tab and Down go on to the list, Escape clears."""

    DEFAULT_CSS = """
    FilterBar { height: 1; }
    FilterBar Lines { width: 3; height: 1; }
    FilterBar Input { width: 1fr; }
    """
    BINDINGS = [
        Binding("enter,down,tab", "leave", show=False, priority=True),
        Binding("escape", "clear", show=False, priority=True),
    ]

    SIGN: ClassVar[str] = "/"

    class Typed(Message):
        """The text is another one."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The field is done with; the text stays in force."""

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """The sign and the field."""
        yield Lines((line((f" {self.SIGN} ", "accent")),))
        field = TextField(placeholder=self._placeholder, compact=True, select_on_focus=False)
        field.cursor_blink = False
        yield field

    def enter(self, text: str) -> None:
        """Take the focus, with this text to go on with."""
        self.display = True
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

    def action_clear(self) -> None:
        """Forget the text and go on to the list."""
        with self.prevent(Input.Changed):
            self.query_one(Input).value = ""
        self.post_message(self.Typed(""))
        self.action_leave()


class SeekBar(FilterBar):
    """The beginning of a row to go to; Escape goes back to where the cursor was."""

    SIGN = "'"

    class Typed(Message):
        """The text is another one."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The field is done with."""

    class Undone(Message):
        """The cursor shall be where it was."""

    def action_clear(self) -> None:
        """Go back, and on to the list."""
        self.post_message(self.Undone())
        self.action_leave()
