"""Row sources of a table: all in memory, or fetched in pages when drawn."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, Self, TypeVar

from scim_tui.tui.drawing.text import Line

T = TypeVar("T")
PAGE_ROWS = 50
"""Rows fetched at once: a screenful."""
PAGES_KEPT = 20
"""Pages that are cached."""


class Source(Protocol):
    """Rows to draw. Cells are spans, one for each column."""

    def __len__(self) -> int: ...
    def rows(self, first: int, count: int) -> Sequence[Line]:
        """Cells of the rows from `first` on."""
        ...

    def key(self, index: int) -> str:
        """The key of a row, which stays the same when the row moves."""
        ...

    def find(self, key: str) -> int | None:
        """The index of the row with this key; None if there is none."""
        ...


class ListSource:
    """A source over rows that are all in memory."""

    def __init__(self, rows: Sequence[tuple[str, Line]] = ()) -> None:
        self._rows = rows
        self._places = {key: index for index, (key, _) in enumerate(rows)}

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, first: int, count: int) -> Sequence[Line]:
        """Cells of the rows from `first` on."""
        return [cells for _, cells in self._rows[first : first + count]]

    def key(self, index: int) -> str:
        """The key of a row."""
        return self._rows[index][0]

    def find(self, key: str) -> int | None:
        """The index of the row with this key; None if there is none."""
        return self._places.get(key)


class LazySource(Generic[T]):
    """A source of a known length that fetches a page of rows when it is drawn."""

    def __init__(
        self,
        length: int,
        fetch: Callable[[int, int], Sequence[T]],
        *,
        key: Callable[[T], str],
        cells: Callable[[T], Line],
        find: Callable[[str], int | None],
    ) -> None:
        self._length = length
        self._fetch = fetch
        self._key = key
        self._cells = cells
        self._find = find
        self._kept: OrderedDict[int, Sequence[T]] = OrderedDict()

    def with_cells(self, cells: Callable[[T], Line]) -> Self:
        """The same rows with other cells, such as new ages."""
        other = type(self)(self._length, self._fetch, key=self._key, cells=cells, find=self._find)
        other._kept = self._kept
        return other

    def __len__(self) -> int:
        return self._length

    def item(self, index: int) -> T | None:
        """The value behind a row; None when it is not there any more."""
        if not 0 <= index < self._length:
            return None
        number, place = divmod(index, PAGE_ROWS)
        if number not in self._kept:
            self._kept[number] = self._fetch(number * PAGE_ROWS, PAGE_ROWS)
        self._kept.move_to_end(number)
        while len(self._kept) > PAGES_KEPT:
            self._kept.popitem(last=False)
        page = self._kept[number]
        return page[place] if place < len(page) else None

    def rows(self, first: int, count: int) -> Sequence[Line]:
        """Cells of the rows from `first` on."""
        items = (self.item(index) for index in range(first, min(first + count, self._length)))
        return [self._cells(item) for item in items if item is not None]

    def key(self, index: int) -> str:
        """The key of a row."""
        item = self.item(index)
        return "" if item is None else self._key(item)

    def find(self, key: str) -> int | None:
        """The index of the row with this key; None if there is none."""
        return self._find(key) if key else None


def lazy_source(
    items: Sequence[T], *, key: Callable[[T], str], cells: Callable[[T], Line]
) -> LazySource[T]:
    """A source over values in memory; only what is drawn is turned into cells."""
    places: dict[str, int] = {}

    def find(wanted: str) -> int | None:
        if not places:
            places.update((key(item), index) for index, item in enumerate(items))
        return places.get(wanted)

    def fetch(first: int, count: int) -> Sequence[T]:
        return items[first : first + count]

    return LazySource(len(items), fetch, key=key, cells=cells, find=find)
