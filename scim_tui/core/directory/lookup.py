"""Finds the id of a user or group by its name."""

import json
from collections.abc import Awaitable, Callable

from scim_tui.core.directory.listing import ListPages
from scim_tui.model.directory import GroupRow, Kind, Record, UserRow
from scim_tui.model.errors import NotFound, UsageError


async def id_of(
    pages: ListPages, record: Callable[[Kind, str], Awaitable[Record]], kind: Kind, name: str
) -> str:
    """The id of the resource that has this userName, displayName or id. Raises `NotFound`."""
    attribute = "userName" if kind is Kind.USERS else "displayName"
    named = f"{attribute} eq {json.dumps(name, ensure_ascii=False)}"
    found = await _first_page(pages, kind, named)
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} {kind.lower()} are called {name!r}.",
            f"Name one by id: {', '.join(row.id for row in found[:5])}.",
        )
    if found:
        return found[0].id
    try:
        return (await record(kind, name)).id
    except NotFound as error:
        what = "user" if kind is Kind.USERS else "group"
        raise NotFound(
            f"No {what} has the id or the {attribute} {name!r}.",
            f"Look for it with: scim-tui {kind.lower()} list --search TEXT",
            status=404,
            request_id=error.request_id,
        ) from error


async def _first_page(pages: ListPages, kind: Kind, filter: str) -> list[UserRow] | list[GroupRow]:
    async for page in pages(kind, filter):
        if page.rows:
            return page.rows
    return []
