"""The people of a mapping preview as rows of a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scim_tui.tui.text import Line, Span

if TYPE_CHECKING:
    from scim_tui.core.mapping import MappingPreview


class PreviewSource:
    """The chosen people of a preview as rows."""

    def __init__(self, preview: "MappingPreview", chosen: Sequence[int]) -> None:
        self._preview = preview
        self._chosen = chosen
        self._places = {person: place for place, person in enumerate(chosen)}

    def __len__(self) -> int:
        return len(self._chosen)

    def person(self, place: int) -> int:
        """Index of the person in a row."""
        return self._chosen[place]

    def place(self, person: int) -> int | None:
        """The row of a person."""
        return self._places.get(person)

    def rows(self, first: int, count: int) -> list[Line]:
        """Cells of the rows from `first` on."""
        return [self._cells(person) for person in self._chosen[first : first + count]]

    def key(self, index: int) -> str:
        """The person, whatever is filtered."""
        return str(self._chosen[index])

    def find(self, key: str) -> int | None:
        """Where the person is now."""
        return self._places.get(int(key))

    def _cells(self, person: int) -> Line:
        findings = self._preview.findings(person)
        name = Span(self._preview.label(person))
        if not findings:
            return (Span("[ok]", "good"), name, Span(""))
        worst = min(findings, key=lambda finding: finding.severity != "error")
        role, mark = ("bad", "[ERR]") if worst.severity == "error" else ("warn", "[wrn]")
        more = f" +{len(findings) - 1}" if len(findings) > 1 else ""
        return (Span(mark, role), name, Span(worst.code + more, role))
