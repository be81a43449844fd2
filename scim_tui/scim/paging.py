"""A listing, page by page, from servers that page by cursor, by index, badly, or not at all.

Cursors: RFC 9865, and IAM Identity Center, where a bare `cursor` starts them and only a missing
nextCursor ends them. Index: RFC 7644 3.4.2.4; a page may be shorter than asked, so the next one
starts after what was received. Nothing is told twice, and nothing is asked for ever.
"""

from collections.abc import AsyncIterator
from typing import Generic, NamedTuple, Protocol
from urllib.parse import quote

from scim_tui.model.absent import UNKNOWN
from scim_tui.model.directory import Page, RowT
from scim_tui.model.errors import Refused, Unreadable, UsageError
from scim_tui.scim.wire import Received

_STARTS_OVER = (400, 501)
"""Statuses with which a server may refuse the parameter `cursor`."""
_MOST_BARREN = 50
"""Pages in a row without anything new that are borne: Identity Center may send an empty one."""
_MOST_ROWS = 5_000_000
"""Rows of one listing that are believed: a server that makes them up has no last page."""
_AGAIN = "Try again; if it stays so, tell the operator of the directory."


class Place(NamedTuple):
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
        """A text to go on from here later."""
        return f"i{self.number}" if self.cursor is None else f"c{self.cursor}"


FIRST = Place("")
BY_INDEX = Place(None)


def read_place(token: str) -> Place:
    """The place that `Place.token` wrote. Raises `UsageError`."""
    kind, rest = token[:1], token[1:]
    if kind == "c":
        return Place(rest)
    if kind == "i" and rest.isascii() and rest.isdigit() and 0 < len(rest) < 18 and int(rest):
        return Place(None, int(rest))
    raise UsageError("The listing cannot go on from there.", "Start it again.")


class Fetch(Protocol[RowT]):
    """Asks the server for one page."""

    async def __call__(self, place: Place) -> Received[RowT]:
        """The page that starts there."""
        ...


class Pages(Generic[RowT]):
    """One listing on its way, `count` resources a page asked for."""

    def __init__(self, fetch: Fetch[RowT], start: Place, asked: str, count: int) -> None:
        self._fetch: Fetch[RowT] = fetch
        self._place, self._asked, self._count = start, asked, count
        self._fresh = True
        self._barren = 0
        self._seen: set[str] = set()
        self._cursors: set[str] = set()
        self._received_before = None if start.cursor else start.number - 1
        self._skipped = 0
        self.by_index = start.cursor is None
        """Whether the server turned out to page by index."""

    async def read(self) -> AsyncIterator[Page[RowT]]:
        """The pages, the first one also when it is empty.

        Raises `Unreadable`, after everything the server gave, when it leads in a circle or ends
        before the total it told: whoever was left out is not gone.
        """
        following: Place | None = self._place
        while following is not None:
            received = await self._received(following)
            rows = self._new(received)
            self._skipped += received.items - len(received.rows)
            following = self._following(received)
            if rows or self._fresh or received.items > len(received.rows):
                yield self._page(rows, received, following)
            self._fresh = False
            if following is not None:
                if self._is_complete(rows, received):
                    return
                self._check(following, rows, received)
                self._place = following
            else:
                self._check_whole(received)

    async def _received(self, place: Place) -> Received[RowT]:
        try:
            return await self._fetch(place)
        except Refused as error:
            if not self._fresh or place.cursor != "" or error.status not in _STARTS_OVER:
                raise
        self._place, self.by_index = BY_INDEX, True
        return await self._fetch(BY_INDEX)

    def _new(self, received: Received[RowT]) -> list[RowT]:
        by_id = {row.id: row for row in reversed(received.rows)}
        if len(by_id) == len(received.rows) and self._seen.isdisjoint(by_id):
            fresh = received.rows
        else:
            fresh = [row for row in reversed(by_id.values()) if row.id not in self._seen]
        self._seen.update(by_id)
        return fresh

    def _following(self, received: Received[RowT]) -> Place | None:
        place = self._place
        if place.cursor is not None:
            if received.next_cursor is not None:
                return Place(received.next_cursor)
            if not (self._fresh and place.cursor == "" and _ignored_cursor(received)):
                return None
            self.by_index = True
        following = place.number + received.items
        if received.items == 0 or self._reached(received, following):
            return None
        return Place(None, following)

    def _reached(self, received: Received[RowT], following: int) -> bool:
        """Whether the total is reached; a full page that claims to be all is not believed.

        A larger one is: its server does not page, and gave everybody.
        """
        if received.total is None or following <= received.total:
            return False
        return not (received.items == received.total == self._count)

    def _is_complete(self, rows: list[RowT], received: Received[RowT]) -> bool:
        """Whether a page without anything new only says again what was all there is."""
        if rows or not received.rows or received.total is None:
            return False
        return self._place.cursor is None and len(self._seen) >= received.total

    def _check(self, following: Place, rows: list[RowT], received: Received[RowT]) -> None:
        """Raise `Unreadable` when going on would lead in a circle."""
        self._barren = 0 if rows else self._barren + 1
        if following.cursor is not None and following.cursor in self._cursors:
            raise self._circle("gave the same cursor twice")
        if received.rows and not rows:
            raise self._circle("gave a page that it had given before")
        if self._barren >= _MOST_BARREN:
            raise self._circle(f"gave {self._barren} pages without anything to read")
        if len(self._seen) >= _MOST_ROWS:
            raise self._circle(f"gave {len(self._seen):,} resources and goes on")
        if following.cursor is not None:
            self._cursors.add(following.cursor)

    def _check_whole(self, received: Received[RowT]) -> None:
        """Raise `Unreadable` when the last page came before the total that it told."""
        if received.total is None or self._received_before is None:
            return
        given = self._received_before + len(self._seen) + self._skipped
        if given < received.total:
            raise Unreadable(
                f"{self._asked} is incomplete: the server counts {received.total:,}"
                f" and gave {given:,}.",
                "Nobody is taken for removed. " + _AGAIN,
            )

    def _circle(self, how: str) -> Unreadable:
        return Unreadable(f"{self._asked} came to no end: the server {how}.", _AGAIN)

    def _page(
        self, rows: list[RowT], received: Received[RowT], following: Place | None
    ) -> Page[RowT]:
        return Page(
            rows,
            None if following is None else following.token(),
            UNKNOWN if received.total is None else received.total,
            received.items - len(received.rows),
        )


def _ignored_cursor(received: Received[RowT]) -> bool:
    """Whether an answer to a bare cursor is an ordinary page by index, with more behind it."""
    if received.total is not None and received.total > received.items:
        return True
    return received.start_index is not None
