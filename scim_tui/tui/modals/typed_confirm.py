"""The question before something that cannot be undone."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.text import Line, line, wrap
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.typed_word import TypedWord

_AROUND = 5
"""Rows that frame, keys and field take."""
_ROWS_FOR_ALL = 20
"""Rows below which the warnings come first, since the facts may not all be seen."""


class TypedConfirm(Dialog[bool]):
    """Shows what will happen and the evidence, and asks for an exact word. Answers True or None."""

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
        lines = self._lines()
        # The field must be seen, so where there is no room for all, the end of the text waits.
        self.set_class(len(lines) + _AROUND > self.app.size.height, "-tall")
        yield Lines(lines)
        yield TypedWord(self._word)

    def _lines(self) -> list[Line]:
        lines: list[Line] = [line((self._title, "bad")), ()]
        warned = self._warned()
        facts = [*self._facts, ()]
        few = self.app.size.height < _ROWS_FOR_ALL
        lines += [*warned, *facts] if few else [*facts, *warned]
        if self._command:
            lines += [line(("Same by command:", "dim")), line(f"  {self._command}"), ()]
        return lines

    def _warned(self) -> list[Line]:
        lines: list[Line] = []
        cells = min(self.app.size.width, 76) - 8
        for warning in self._warnings:
            first, *rest = wrap(warning, cells)
            lines.append(line(("!! ", "bad"), first))
            lines += [line(f"   {text}") for text in rest]
        if self._warnings:
            lines.append(())
        return lines

    @on(TypedWord.Completed)
    def _confirmed(self) -> None:
        self.dismiss(True)
