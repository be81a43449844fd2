"""The rows that match a search, in a fixed order."""

from array import array
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import cast

from scim_tui.core.index.api import Index
from scim_tui.core.index.order import chosen
from scim_tui.model.directory import GroupRow, Kind, Row, UserRow


@dataclass(frozen=True, slots=True)
class View:
    """The rows that match a search, in an order that stays the same during a load."""

    kind: Kind
    text: str
    sort: str
    numbers: "array[int]" = field(repr=False)
    _index: Index = field(repr=False)
    complete: bool = True
    """Whether these are all rows that match."""

    def __len__(self) -> int:
        return len(self.numbers)

    def rows(self, first: int, count: int) -> list[Row]:
        """The rows from number `first` (from 0); fewer at the end."""
        first = max(first, 0)
        return self._index.rows(self.kind, self.numbers[first : first + max(count, 0)])

    def users(self, first: int, count: int) -> list[UserRow]:
        """As `rows`, for a view of users."""
        return cast("list[UserRow]", self.rows(first, count))

    def groups(self, first: int, count: int) -> list[GroupRow]:
        """As `rows`, for a view of groups."""
        return cast("list[GroupRow]", self.rows(first, count))

    def ids(self, first: int, count: int) -> list[str]:
        """The ids of the rows from number `first` (from 0)."""
        return [row.id for row in self.rows(first, count)]

    def only(self, ids: Collection[str]) -> "View":
        """The rows with these ids, in the order of this view."""
        wanted = self._index.numbers(self.kind, list(ids))
        mask = bytearray(max(wanted, default=0) + 1)
        for number in wanted:
            mask[number] = 1
        return replace(self, numbers=chosen(self.numbers, mask))

    def position(self, resource_id: str) -> int | None:
        """Where the resource stands in this view, or None."""
        number = self._index.number(self.kind, resource_id)
        return None if number is None else _found(self.numbers, number)


def _found(numbers: "array[int]", number: int) -> int | None:
    """The index of a number; searched as bytes, which is ten times as fast in a million."""
    data, wanted = numbers.tobytes(), array(numbers.typecode, [number]).tobytes()
    at = data.find(wanted)
    while at >= 0 and at % numbers.itemsize:
        at = data.find(wanted, at + 1)
    return None if at < 0 else at // numbers.itemsize
