"""A field for the word that confirms a deletion: only keys pressed one by one count."""

from itertools import pairwise

from textual import events
from textual.message import Message
from textual.strip import Strip

from scim_tui.tui.drawing.text import Span, line, to_strip
from scim_tui.tui.widgets.lines import SpanWidget

TOGETHER = 0.005
"""Seconds between two letters below which they were not typed by hand."""
PAUSE = 0.3
"""Least seconds between the last letter and Enter."""
TOO_FAST = "typed by hand, please"
TOO_SOON = "read it, then Enter again"


class TypedWord(SpanWidget, can_focus=True):
    """Takes a word by hand. Pastes are ignored, and so are keys from before the first paint."""

    DEFAULT_CSS = "TypedWord { height: 1; }"

    class Completed(Message):
        """Enter was pressed while the word was right."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text
            """What was typed."""

    def __init__(self, word: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._word = word
        self._typed = ""
        self._times: list[float] = []
        self._remark = ""
        self._painted = False

    @staticmethod
    def arrived(event: events.Key) -> float:
        """When a key arrived, in seconds: without bracketed paste, a paste is a burst of keys."""
        return event.time

    @property
    def matches(self) -> bool:
        """Whether the word is complete and exact."""
        return self._typed == self._word

    def on_paste(self, event: events.Paste) -> None:
        """Ignore a paste: it does not show that the word was read."""
        event.stop()

    def on_key(self, event: events.Key) -> None:
        """Take letters and Backspace; Enter only when the word is right and was typed by hand."""
        if event.key in {"escape", "tab", "shift+tab", "pageup", "pagedown", "up", "down"}:
            return
        event.stop()
        event.prevent_default()
        if not self._painted:
            return
        now = self.arrived(event)
        if event.key == "enter":
            self._enter(now)
        else:
            self._edit(event, now)
        self.refresh()

    def _enter(self, now: float) -> None:
        if not self.matches:
            return
        if now - self._times[-1] < PAUSE:
            self._remark = TOO_SOON
        else:
            self.post_message(self.Completed(self._typed))

    def _edit(self, event: events.Key, now: float) -> None:
        self._remark = ""
        if event.key == "backspace":
            self._typed, self._times = self._typed[:-1], self._times[:-1]
        elif event.key == "ctrl+u":
            self._clear()
        elif event.is_printable and event.character and len(self._typed) < 2 * len(self._word):
            self._typed += event.character
            self._times.append(now)
            if self.matches and self._in_a_burst():
                self._clear(TOO_FAST)

    def _in_a_burst(self) -> bool:
        """Whether most letters arrived at once; a slow line delivers some in pairs."""
        gaps = [after - before for before, after in pairwise(self._times)]
        return 2 * sum(gap < TOGETHER for gap in gaps) > len(gaps)

    def _clear(self, remark: str = "") -> None:
        self._typed, self._times, self._remark = "", [], remark

    def render_line(self, y: int) -> Strip:
        """The request, what was typed so far, and whether it is right."""
        # Keys count from the first time that the field could be seen.
        self._painted = True
        role = "good" if self.matches else "warn"
        blanks = "_" * max(len(self._word) - len(self._typed), 0)
        done = Span("  Enter goes on" if self.matches else "", "dim")
        spans = line(
            "Type ",
            (self._word, "bold"),
            " to go on:  [",
            Span(self._typed, role),
            Span(blanks, "dim"),
            "]",
            Span(f"  {self._remark}", "warn") if self._remark else done,
        )
        return to_strip(spans, self.size.width, self.style_of)
