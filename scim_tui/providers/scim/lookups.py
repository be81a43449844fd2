"""Looks up the resources that another one references by id, such as members of a group."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any

from scim_tui.model.directory import GroupRow, Kind, Page, RowT
from scim_tui.model.errors import NotFound
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.scim.client import ScimClient
from scim_tui.scim.gather_all import gather_all
from scim_tui.scim.names import canonical
from scim_tui.scim.references import References, read_references
from scim_tui.scim.wire import Received, read_groups, read_object, text, values

_AT_ONCE = 25
"""Members that are looked up for one page."""


async def looked_up(
    found: References, look: Callable[[str, str], Coroutine[Any, Any, RowT]]
) -> AsyncIterator[Page[RowT]]:
    """The referenced resources in full, page by page; one empty page if there are none."""
    listed = found.listed
    for first in range(0, max(len(listed), 1), _AT_ONCE):
        few = listed[first : first + _AT_ONCE]
        last = first + _AT_ONCE >= len(listed)
        rows = await gather_all([look(each.id, each.display) for each in few])
        left_out = None if first else found.left_out
        yield Page(rows, None if last else str(first + _AT_ONCE), len(listed), left_out=left_out)


def listed_in(client: ScimClient, resource: Mapping[str, Any], kind: Kind) -> References:
    """The members of a group, or the groups of a user: what it names of this kind."""
    name = "members" if kind is Kind.USERS else "groups"
    place = client.known.endpoint(kind) if client.known else ""
    return read_references(canonical(resource).get(name), kind, place)


async def groups_holding(client: ScimClient, user_id: str) -> AsyncIterator[Page[GroupRow]]:
    """The groups that list this user, read from all of them; for servers without `groups` in users.

    Some servers leave members out of listings; until a listed group has some, each group is read on
    its own.
    """
    holding: set[str] = set()
    shown = False

    def read(body: bytes, asked: str) -> Received[GroupRow]:
        nonlocal shown
        for group in values(read_object(body, asked), "Resources"):
            members = listed_in(client, group, Kind.USERS).listed
            shown = shown or bool(members)
            if any(member.id == user_id for member in members):
                holding.add(text(group.get("id")))
        return read_groups(body, asked)

    async def holds(row: GroupRow) -> bool:
        if shown:
            return row.id in holding
        try:
            group = await client.get(Kind.GROUPS, row.id)
        except NotFound:
            return False  # It went since groups were listed.
        return any(each.id == user_id for each in listed_in(client, group, Kind.USERS).listed)

    async for page in client.listing(Kind.GROUPS, read):
        rows = []
        for first in range(0, max(len(page.rows), 1), _AT_ONCE):
            few = page.rows[first : first + _AT_ONCE]
            held = await gather_all([holds(row) for row in few])
            rows += [row for row, holding_it in zip(few, held, strict=True) if holding_it]
        yield Page(rows, page.next_cursor, UNKNOWN, page.skipped)
