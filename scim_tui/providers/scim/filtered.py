"""Listings by filter, also from servers that have no filters, refuse one, or ignore it.

A filter that compares one attribute is then applied here to the whole listing: slow, but right.
"""

from collections.abc import AsyncIterator, Callable
from typing import Generic
from uuid import uuid4

from scim_tui.model.directory import GroupRow, Page, RowT, UserRow
from scim_tui.model.errors import NotFound, Refused
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.scim.filters import equals, read_equals

NOT_FOR_US = frozenset({400, 405, 501})
"""Statuses with which servers refuse a filter that they do not know."""
_USER_FIELDS = {
    "id": "id",
    "username": "user_name",
    "displayname": "display_name",
    "externalid": "external_id",
    "name.givenname": "given_name",
    "name.familyname": "family_name",
}
_GROUP_FIELDS = {"id": "id", "displayname": "display_name", "externalid": "external_id"}


class Filtered(Generic[RowT]):
    """One collection, filtered by the server, or here if the server cannot."""

    def __init__(
        self,
        listing: Callable[[str, str], AsyncIterator[Page[RowT]]],
        has_filters: Callable[[], bool | None],
        *,
        strict: bool,
    ) -> None:
        self._listing: Callable[[str, str], AsyncIterator[Page[RowT]]] = listing
        self._has_filters = has_filters
        self._strict = strict
        """Whether a refused filter is an error; if not, everything is listed and filtered here."""
        self._heeds: dict[str, bool] = {}
        """By attribute, whether the server filters by it."""

    async def pages(self, filter: str, resume: str = "") -> AsyncIterator[Page[RowT]]:
        """The matching resources. Raises `Refused` for a filter that only a server can apply."""
        asked = read_equals(filter)
        name = asked[0].lower() if asked else ""
        if asked is None or name not in _USER_FIELDS:
            pages = self._listing(filter, resume)
        else:
            pages = self._equal(name, asked[1], filter, resume)
        async for page in pages:
            yield page

    async def heeds(self, attribute: str) -> bool:
        """Whether the server filters by this attribute; some servers ignore a filter."""
        if attribute not in self._heeds:
            self._heeds[attribute] = await self._tries(attribute)
        return self._heeds[attribute]

    async def _equal(
        self, name: str, value: str, filter: str, resume: str
    ) -> AsyncIterator[Page[RowT]]:
        if self._asks(name):
            try:
                async for page in self._listing(filter, resume):
                    yield self._judged(page, name, value)
                return
            except Refused as error:
                if self._strict or name in self._heeds or error.status not in NOT_FOR_US:
                    raise
                # An odd value may be all that it stumbles over.
                if value.isprintable() and not set(value) & set('"\\'):
                    self._heeds[name] = False
        async for page in self._listing("", resume):
            yield _only(page, name, value)

    def _judged(self, page: Page[RowT], name: str, value: str) -> Page[RowT]:
        """The page; if a row does not match, the server ignored the filter, and we filter here.

        A server may filter by an attribute that it does not return, so an empty one counts as a
        match.
        """
        if self._strict or not page.rows:
            return page
        returned = {_field(row, name).lower() for row in page.rows}
        heeded = self._heeds.get(name, True) and returned <= {"", value.lower()}
        self._heeds[name] = heeded
        return page if heeded else _only(page, name, value)

    def _asks(self, name: str) -> bool:
        """Whether to send the filter at all."""
        return self._heeds.get(name, self._has_filters() is not False)

    async def _tries(self, attribute: str) -> bool:
        if self._has_filters() is False:
            return False
        try:
            async for page in self._listing(equals(attribute, str(uuid4())), ""):
                return not page.rows
        except NotFound:
            return True
        except Refused:
            return False
        return True


def _field(row: UserRow | GroupRow, name: str) -> str:
    fields = _USER_FIELDS if isinstance(row, UserRow) else _GROUP_FIELDS
    return str(getattr(row, fields[name])) if name in fields else ""


def _only(page: Page[RowT], name: str, value: str) -> Page[RowT]:
    """The page with only the matching rows and without a total."""
    rows = [row for row in page.rows if _field(row, name).lower() == value.lower()]
    return Page(rows, page.next_cursor, UNKNOWN, page.skipped)
