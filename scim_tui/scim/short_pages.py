"""Pages shorter than asked for: is that the largest page of the server, or are rows missing?

After a short page the next one is asked for at positions that were asked for before. A row that
comes again there is a second row of the server only if the short page was as long as the server
lets a page be; if a row was left out of it, all rows after it are found one position too early.
Asked again for just as many rows as it had, a page that lacks nothing is the same; asked for one
less, it lacks its last, which shows that the server heeds how many are asked for.
"""

from collections.abc import Iterator
from typing import Generic, NamedTuple

from scim_tui.model.directory import RowT
from scim_tui.scim.wire import Received

_MOST_ASKED = 20
"""Pages that are asked for again; where more are in doubt the listing stays incomplete."""


class ShortPage(NamedTuple):
    """A page by index that was shorter than asked for."""

    number: int
    """The number of its first resource, from 1."""
    ids: list[str]


class ShortPages(Generic[RowT]):
    """The short pages before those pages that hold rows a second time."""

    def __init__(self) -> None:
        self._last: ShortPage | None = None
        self._doubtful: list[ShortPage] = []
        self._again = 0
        self._longest = 0

    def note(self, received: Received[RowT], number: int, count: int, again: int) -> None:
        """A page from this position with so many rows asked for, `again` of them not new."""
        before = self._last
        self._longest = max(self._longest, received.items)
        if again and before is not None and number == before.number + len(before.ids):
            self._doubtful.append(before)
            self._again += again
        full = 0 < received.items == len(received.rows) < count
        self._last = ShortPage(number, [row.id for row in received.rows]) if full else None

    @property
    def rows_again(self) -> int:
        """How many rows came again after them; 0 where that cannot be two rows of the server.

        It cannot where another page was longer. Of a page of one it cannot be shown.
        """
        whole = all(len(page.ids) == self._longest > 1 for page in self._doubtful)
        return self._again if whole and len(self._doubtful) <= _MOST_ASKED else 0

    def to_ask_again(self) -> Iterator[tuple[int, list[str]]]:
        """Where to ask again, and the ids that must come: for as many rows, and for one less."""
        for page in self._doubtful:
            yield page.number, page.ids
            yield page.number, page.ids[:-1]
