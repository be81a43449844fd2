"""A field for the word that confirms a destroying act: only keys pressed one by one count."""

from textual import events
from textual.message import Message
from textual.strip import Strip

from scim_tui.tui.text import Span, line, to_strip
from scim_tui.tui.widgets.lines import Painted


class TypedWord(Painted, can_focus=True):
    """Takes a word by hand. Pastes are ignored, and so is what was typed before it was painted."""

    DEFAULT_CSS = "TypedWord { height: 1; }"

    class Completed(Message):
        """Enter was pressed while the word was right."""

    def __init__(self, word: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._word = word
        self._typed = ""
        self._painted = False

    @property
    def matches(self) -> bool:
        """Whether the word is complete and exact."""
        return self._typed == self._word

    def on_paste(self, event: events.Paste) -> None:
        """A pasted word proves nothing."""
        event.stop()

    def on_key(self, event: events.Key) -> None:
        """Take letters and Backspace; Enter only when the word is right."""
        if event.key in {"escape", "tab", "shift+tab"}:
            return
        event.stop()
        event.prevent_default()
        if not self._painted:
            return
        if event.key == "enter":
            if self.matches:
                self.post_message(self.Completed())
            return
        self._edit(event)
        self.refresh()

    def _edit(self, event: events.Key) -> None:
        if event.key == "backspace":
            self._typed = self._typed[:-1]
        elif event.key == "ctrl+u":
            self._typed = ""
        elif event.is_printable and event.character and len(self._typed) < 2 * len(self._word):
            self._typed += event.character

    def render_line(self, y: int) -> Strip:
        """The request, what was typed so far, and whether it is right."""
        # Keys count from the first time that the field could be seen.
        self._painted = True
        role = "good" if self.matches else "warn"
        blanks = "_" * max(len(self._word) - len(self._typed), 0)
        done = "  Enter goes on" if self.matches else ""
        spans = line(
            "Type ", (self._word, "bold"), " to go on:  [", Span(self._typed, role),
            Span(blanks, "dim"), "]", Span(done, "dim"),
        )  # fmt: skip
        return to_strip(spans, self.size.width, self.style_of)
