"""The question before something that cannot be undone."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.text import Line, line, wrap
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.typed_word import TypedWord


class TypedConfirm(Dialog[bool]):
    """Shows what will happen and the evidence, and asks for an exact word. Answers True or None."""

    TAKES_KEYS_AHEAD = False
    KEYS = (
        ("exact match,", "capitals matter; paste and Enter alone do nothing"),
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
        yield Lines(self._lines())
        yield TypedWord(self._word)

    def _lines(self) -> list[Line]:
        lines: list[Line] = [line((self._title, "bad")), (), *self._facts, ()]
        for warning in self._warnings:
            first, *rest = wrap(warning, self.cells - 3)
            lines.append(line(("!! ", "bad"), first))
            lines += [line(f"   {text}") for text in rest]
        if self._warnings:
            lines.append(())
        if self._command:
            lines.append(line(("Same by command:", "dim")))
            lines += [line(f"  {row}") for row in wrap(self._command, self.cells - 2)] + [()]
        return lines

    @on(TypedWord.Completed)
    def _confirmed(self) -> None:
        self.dismiss(True)
