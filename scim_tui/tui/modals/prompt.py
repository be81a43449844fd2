"""A dialog for one line of text."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from textual import on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input

from scim_tui.tui.drawing.text import Line, line, wrap
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.widgets.lines import Wrapped
from scim_tui.tui.widgets.text_field import TextField

Check = Callable[[str], str | Awaitable[str]]
"""Returns what is wrong with a text, in a sentence; empty: nothing. It may also act on the text."""


class Prompt(Dialog[str]):
    """Answers one line of text, or None. A text that fails the check stays in the field."""

    KEYS: Sequence[tuple[str, str]] = (("Enter", "go on"), ("Esc", "cancel"))
    BINDINGS = [Binding("tab", "complete", show=False, priority=True)]

    def __init__(
        self,
        title: str,
        words: Sequence[str] = (),
        value: str = "",
        check: Check = lambda text: "",
        complete: Callable[[str], str] = lambda text: text,
    ) -> None:
        super().__init__()
        self._title = title
        self._explained = words
        self._value = value
        self._check_text = check
        self._extend = complete
        self._complaint = ""
        """What is wrong with the text that was entered last."""

    def body(self) -> Iterable[Widget]:
        """Title, words, field, what is wrong."""
        yield Wrapped(self._head, id="words")
        field = TextField(self._value, compact=True, select_on_focus=False)
        field.cursor_blink = False
        yield field
        yield Wrapped(self._wrong_lines, id="wrong")

    def _head(self, cells: int) -> list[Line]:
        rows = [row for words in self._explained for row in wrap(words, cells)]
        return [line((self._title, "title")), (), *(line((row, "dim")) for row in rows), ()]

    def _wrong_lines(self, cells: int) -> list[Line]:
        rows = wrap(self._complaint, cells) if self._complaint else []
        return [line((row, "bad")) for row in rows] or [()]

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _changed(self) -> None:
        self._show_wrong("")

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        wrong = self._check_text(event.value)
        if not isinstance(wrong, str):
            wrong = await wrong
            if not self.drawable:
                return
        if wrong:
            self._show_wrong(wrong)
        else:
            self.dismiss(self.answer(event.value))

    def _show_wrong(self, wrong: str) -> None:
        self._complaint = wrong
        self.query_one("#wrong", Wrapped).make()

    def answer(self, text: str) -> str:
        """The answer for a text that passed the check."""
        return text

    def action_complete(self) -> None:
        """Complete what was typed."""
        field = self.query_one(Input)
        field.value = self._extend(field.value)
        field.cursor_position = len(field.value)
