"""A field whose value is one of a few words, changed with the arrow keys."""

from collections.abc import Sequence

from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip

from scim_tui.tui.drawing.text import Span, line, to_strip
from scim_tui.tui.widgets.lines import SpanWidget


class Pick(SpanWidget, can_focus=True):
    """Left, Right and Space change the word. With one word only it is a button."""

    DEFAULT_CSS = "Pick { height: 1; }"
    BINDINGS = [
        Binding("left,h", "step(-1)", show=False),
        Binding("right,l,space", "step(1)", show=False),
    ]

    class Changed(Message):
        """Another word is chosen."""

    def __init__(self, choices: Sequence[str], value: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._choices = tuple(choices)
        self.value = value or self._choices[0]

    def action_step(self, steps: int) -> None:
        """Take the next word, or the one before."""
        at = self._choices.index(self.value) + steps
        self.value = self._choices[at % len(self._choices)]
        self.refresh()
        self.post_message(self.Changed())

    def on_focus(self) -> None:
        """Show that the arrows act here."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that they do not."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The word, and how many there are."""
        role = "accent" if self.has_focus else "dim"
        word = Span(self.value, "bold" if self.has_focus else "")
        if len(self._choices) == 1:
            return to_strip(line(("[ ", role), word, (" ]", role)), self.size.width, self.style_of)
        many = Span(f"  {self._choices.index(self.value) + 1} of {len(self._choices)}", "dim")
        spans = line(("< ", role), word, (" >", role), many if self.has_focus else "")
        return to_strip(spans, self.size.width, self.style_of)
