"""Lists page by page from servers that page by cursor, by index, incorrectly, or not at all.

Cursors: RFC 9865, and IAM Identity Center, where a parameter `cursor` without a value starts a
listing and only a missing nextCursor ends it. Index: RFC 7644 3.4.2.4; a page may be shorter than
requested, so the next one starts after what was received. Each resource is returned once, and every
listing ends.
"""

import re
from collections.abc import AsyncIterator
from typing import Generic, NamedTuple, Protocol
from urllib.parse import quote

from scim_tui.model.directory import Page, RowT
from scim_tui.model.errors import (
    NotAllowed,
    Refused,
    ScimTuiError,
    Throttled,
    Unreadable,
    UsageError,
)
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.scim.given import ReceivedRows
from scim_tui.scim.short_pages import ShortPages
from scim_tui.scim.wire import Received

_SMALLER = (50, 25, 10)
"""Smaller page sizes, tried where the server refuses the usual one."""
_REFUSES_COUNT = (400, 413, 422)
"""Statuses with which a server may refuse a `count`."""
_NAMES_COUNT = re.compile(r"\b(invalid)?count\b|page.?size|max.?results", re.IGNORECASE)
"""Words of a refusal that is about the count."""
_FAULT = 500
_GATEWAY = (502, 503, 504)
"""Statuses that do not depend on the request."""
_MOST_BARREN = 50
"""Pages in a row without new rows that are accepted: Identity Center may send an empty one."""
_MOST_ROWS = 5_000_000
"""Rows of one listing at most: a server that invents rows would never end."""
_LONGEST_CURSOR = 8_000
"""Characters of a cursor at most; a longer one does not fit into a URL."""


class PageStart(NamedTuple):
    """Where a page starts."""

    cursor: str | None
    """The cursor, empty for the first page; None: by index."""
    number: int = 1
    """By index: the number of its first resource, from 1."""

    def query(self) -> str:
        """The parameter that asks for it."""
        if self.cursor is None:
            return f"startIndex={self.number}"
        return f"cursor={quote(self.cursor, safe='')}" if self.cursor else "cursor"

    def token(self) -> str:
        """The text from which `read_place` makes this place again."""
        return f"i{self.number}" if self.cursor is None else f"c{self.cursor}"


FIRST = PageStart("")
BY_INDEX = PageStart(None)


def read_place(token: str) -> PageStart:
    """The place that `PageStart.token` wrote. Raises `UsageError`."""
    kind, rest = token[:1], token[1:]
    if kind == "c":
        return PageStart(rest)
    if kind == "i" and rest.isascii() and rest.isdigit() and 0 < len(rest) < 18 and int(rest):
        return PageStart(None, int(rest))
    raise UsageError("The listing cannot go on from there.", "Start it again.")


class Fetch(Protocol[RowT]):
    """Asks the server for one page."""

    async def __call__(self, place: PageStart, count: int, /) -> Received[RowT]:
        """The page that starts there, with so many resources at most."""
        ...


class PagedListing(Generic[RowT]):
    """One listing in progress, with `count` resources a page.

    `filtered`: the server is asked for some of them, so a refusal may be about the filter.
    """

    def __init__(
        self,
        fetch: Fetch[RowT],
        start: PageStart,
        asked: str,
        count: int,
        *,
        filtered: bool = False,
        counts_all: bool = False,
    ) -> None:
        self._fetch: Fetch[RowT] = fetch
        self._place, self._asked, self._filtered = start, asked, filtered
        self._fresh = True
        self._barren = 0
        self._cursors: set[str] = set()
        self._given: ReceivedRows[RowT] = ReceivedRows(
            asked, None if start.cursor else start.number - 1
        )
        self._short: ShortPages[RowT] = ShortPages()
        self._asked_before = start.number
        """By index: the first position that was not requested yet."""
        self._doubted = False
        """Whether the total may count one page only, so that the requested page may not exist."""
        self.count = count
        """The page size; smaller than at the start where the server refused that."""
        self.by_index = start.cursor is None
        """Whether the server turned out to page by index."""
        self.counts_all = counts_all
        """Whether a total was seen that counts more than its page."""

    async def read(self) -> AsyncIterator[Page[RowT]]:
        """The pages, the first one also when it is empty.

        Raises `Incomplete`, after all rows, when the server repeats pages or ends before its total:
        the missing resources are not to be taken as removed.
        """
        following: PageStart | None = self._place
        ended = False
        while following is not None:
            received = await self._next(following)
            if received is None:
                break
            repeated = self._given.repeated
            rows: list[RowT] = self._take(received)
            following = self._following(received)
            if following is None:
                rows = rows + await self._confirm_short_pages()
            repeated = self._given.repeated - repeated
            skipped = received.items - len(received.rows)
            if rows or self._fresh or skipped:
                yield self._page(rows, following, skipped, repeated)
                ended = following is None
            self._fresh = False
            if following is not None:
                if self._is_complete(rows, received):
                    break
                self._check(following, rows, received)
                self._place = following
        repeated = self._given.repeated
        late: list[RowT] = [] if ended else await self._confirm_short_pages()
        if late:
            yield self._page(late, None)
        self._given.check()
        if not ended:  # The page that was to follow brought nothing.
            yield self._page([], None, repeated=self._given.repeated - repeated)

    def _take(self, received: Received[RowT]) -> list[RowT]:
        """The rows that are new; of the others those are counted that the server has twice."""
        apart = self._is_apart(received)
        rows = self._given.take(received, apart=apart)
        if self._place.cursor is None or self._fresh:
            again = self._given.uncounted if rows and self._is_at_its_place(received) else 0
            self._short.note(received, self._place.number, self.count, again)
        return rows

    async def _confirm_short_pages(self) -> list[RowT]:
        """Count what came again after short pages, if those lack nothing and it makes it whole.

        Answers the rows that only now came: then something was missing.
        """
        if not self._given.would_be_whole_with(self._short.rows_again):
            return []
        for number, ids in self._short.to_ask_again():
            try:
                found = await self._fetch(PageStart(None, number), len(ids))
            except ScimTuiError:
                return []
            if [row.id for row in found.rows] != ids:
                return self._given.take(found, apart=False)
        self._given.repeated += self._short.rows_again
        return []

    async def _next(self, place: PageStart) -> Received[RowT] | None:
        """The page at this place; None: there is none, which only this request could show."""
        if self._fresh:
            return await self._first(place)
        try:
            return await self._fetch(place, self.count)
        except Refused as error:
            if self._doubted and _says_no(error):
                return None
            raise

    async def _first(self, place: PageStart) -> Received[RowT]:
        """The first page, by cursor or index and in a page size that the server accepts."""
        try:
            received = await self._small_enough(place)
        except (Refused, NotAllowed) as error:
            if place.cursor != "" or isinstance(error, Throttled):
                raise
            return await self._first_by_index()
        if place.cursor == "" and not received.items and received.next_cursor is None:
            return await self._not_empty(received)
        return received

    async def _not_empty(self, empty: Received[RowT]) -> Received[RowT]:
        """The first page by index, where a bare cursor was answered with an empty page.

        A server without cursors may take a missing startIndex for a position after the last row.
        """
        try:
            received = await self._fetch(BY_INDEX, self.count)
        except Refused as error:
            if not _says_no(error) or error.status == _FAULT:
                raise
            return empty
        if received.items or received.total:
            self._place, self.by_index = BY_INDEX, True
            return received
        return empty

    async def _first_by_index(self) -> Received[RowT]:
        self._place, self.by_index = BY_INDEX, True
        return await self._small_enough(BY_INDEX)

    async def _small_enough(self, place: PageStart) -> Received[RowT]:
        smaller = [each for each in _SMALLER if each < self.count]
        while True:
            try:
                return await self._fetch(place, self.count)
            except Refused as error:
                if not smaller or not self._may_be_count(error, place):
                    raise
            self.count = smaller.pop(0)

    def _may_be_count(self, error: Refused, place: PageStart) -> bool:
        """Whether a refusal may be about the count."""
        if error.status not in _REFUSES_COUNT or isinstance(error, Throttled | Unreadable):
            return False
        named = _NAMES_COUNT.search(error.message) is not None
        return named or (place.cursor is None and not self._filtered)

    def _is_apart(self, received: Received[RowT]) -> bool:
        """Whether no request before this one asked for the positions of this page."""
        place = self._place
        if place.cursor is not None:
            return True
        first = self._asked_before
        self._asked_before = max(first, place.number + self.count)
        return place.number >= first and self._is_at_its_place(received)

    def _is_at_its_place(self, received: Received[RowT]) -> bool:
        """Whether a server says nothing else than that the page starts where it was asked to."""
        return received.start_index in {None, self._place.number}

    def _following(self, received: Received[RowT]) -> PageStart | None:
        place = self._place
        if place.cursor is not None:
            if received.next_cursor is not None:
                return PageStart(received.next_cursor)
            if not (self._fresh and place.cursor == "" and _ignored_cursor(received)):
                return None
            self.by_index = True
            self._asked_before = 1 + self.count
        following = place.number + received.items
        if received.items == 0 or self._reached(received, following):
            return None
        return PageStart(None, following)

    def _reached(self, received: Received[RowT], following: int) -> bool:
        """Whether the total is reached.

        A total that equals the page size may count only the page; then the next page is requested.
        That is not done for a page of one row, as no server has pages of one.
        """
        self._doubted = False
        if received.total is None or following <= received.total:
            self.counts_all = self.counts_all or received.total is not None
            return False
        same = received.items == received.total and received.items >= min(2, self.count)
        self._doubted = same and not self.counts_all
        return not self._doubted

    def _is_complete(self, rows: list[RowT], received: Received[RowT]) -> bool:
        """Whether a page without new rows repeats a listing that was complete."""
        if rows or not received.rows or received.total is None:
            return False
        return self._place.cursor is None and self._given.all_there

    def _check(self, following: PageStart, rows: list[RowT], received: Received[RowT]) -> None:
        """Raise `Incomplete` when the listing would never end."""
        self._barren = 0 if rows else self._barren + 1
        if following.cursor is not None and following.cursor in self._cursors:
            raise self._given.endless("gave the same cursor twice")
        if following.cursor is not None and len(following.cursor) > _LONGEST_CURSOR:
            raise self._given.endless(f"gave a cursor of {len(following.cursor):,} characters")
        if received.rows and not rows:
            raise self._given.endless("gave a page that it had given before")
        if self._barren >= _MOST_BARREN:
            raise self._given.endless(f"gave {self._barren} pages without anything to read")
        if len(self._given) >= _MOST_ROWS:
            raise self._given.endless(f"gave {len(self._given):,} resources and goes on")
        if following.cursor is not None:
            self._cursors.add(following.cursor)

    def _page(
        self, rows: list[RowT], following: PageStart | None, skipped: int = 0, repeated: int = 0
    ) -> Page[RowT]:
        total = self._given.total
        return Page(
            rows,
            None if following is None else following.token(),
            UNKNOWN if total is None else total,
            skipped,
            repeated,
        )


def _says_no(error: Refused) -> bool:
    """Whether a server refused the request itself, and was not just overloaded.

    Some end with status 500 at a position beyond the last resource.
    """
    return not isinstance(error, Throttled | Unreadable) and error.status not in _GATEWAY


def _ignored_cursor(received: Received[RowT]) -> bool:
    """Whether an answer to a bare cursor is an ordinary page by index, with more behind it."""
    if received.total is not None and received.total > received.items:
        return True
    return received.start_index is not None
