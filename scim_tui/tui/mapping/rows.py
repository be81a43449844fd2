"""The people, and the groups, of a mapping preview as rows of a table."""

from bisect import bisect_left
from collections.abc import Sequence

from scim_tui.core.mapping.api import GroupRun, ResultSelection
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.text import GLYPHS, Line, Span
from scim_tui.tui.widgets.table import Column

COLUMNS = (
    Column("", 5),
    Column("PERSON", 16, 4),
    Column("CHANGE", 10, rank=1),
    Column("FIRST FINDING", 16, 1),
)
GROUP_COLUMNS = (
    Column("", 5),
    Column("GROUP", 12, 4),
    Column("MEMBERS", 12, 1),
    Column("CHANGE", 10, rank=1),
    Column("FIRST FINDING", 12, 1),
)
CHANGE_ROLES = {
    "create": "good",
    "update": "info",
    "deactivate": "warn",
    "conflict": "bad",
    "unchanged": "dim",
    "not sent": "dim",
}
"""The colour of each kind of change, beside its word."""


class PreviewSource:
    """The chosen people of a preview, in the order of the file, as rows."""

    def __init__(self, selection: ResultSelection, chosen: Sequence[int]) -> None:
        self._selection = selection
        self._chosen = chosen

    def __len__(self) -> int:
        return len(self._chosen)

    def person(self, place: int) -> int:
        """Index of the person in a row."""
        return self._chosen[place]

    def place(self, person: int) -> int | None:
        """The row of a person."""
        place = bisect_left(self._chosen, person)
        here = place < len(self._chosen) and self._chosen[place] == person
        return place if here else None

    def rows(self, first: int, count: int) -> list[Line]:
        """Cells of the rows from `first` on."""
        return [self._cells(person) for person in self._chosen[first : first + count]]

    def key(self, index: int) -> str:
        """The key of a row: the index of the person, which no filter changes."""
        return str(self._chosen[index])

    def find(self, key: str) -> int | None:
        """The row of the person with this key."""
        return self.place(int(key))

    def _cells(self, person: int) -> Line:
        selection = self._selection
        if person >= selection.checked:
            return (Span(GLYPHS.more, "dim"),)
        codes, kind = selection.codes(person), selection.change_kind(person)
        change = Span(str(kind), CHANGE_ROLES.get(str(kind), "")) if kind else Span("")
        mark, role = _mark(refused=selection.refused(person), warned=bool(codes))
        if person >= selection.given:
            mark, role = "[--]", "dim"
        more = f" +{len(codes) - 1}" if len(codes) > 1 else ""
        first = Span(f"{codes[0]}{more}" if codes else "", role)
        return (
            Span(mark, role),
            Span(selection.label(person)),
            *self._extra_cells(person),
            change,
            first,
        )

    def _extra_cells(self, person: int) -> Line:
        """The cells between the name and the change."""
        return ()


class GroupSource(PreviewSource):
    """The chosen groups of a preview, in the order of their file."""

    def __init__(self, groups: GroupRun, chosen: Sequence[int]) -> None:
        super().__init__(groups.selection, chosen)
        self._summary = groups.summary

    def _extra_cells(self, person: int) -> Line:
        if person >= len(self._summary):
            return (Span(""),)
        one = self._summary[person]
        if isinstance(one.members, Absent):
            return (Span("unknown", "unknown"),)
        moved = [
            f"{sign}{count:,}"
            for sign, count in (("+", one.added), ("-", one.removed))
            if not isinstance(count, Absent) and count
        ]
        return (Span(" ".join((f"{one.members:,}", *moved))),)


def _mark(*, refused: bool, warned: bool) -> tuple[str, str]:
    if refused:
        return "[ERR]", "bad"
    return ("[wrn]", "warn") if warned else ("[ok]", "good")
