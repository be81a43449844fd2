"""What a resource lists of others by id, such as members of a group, looked up in full."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any

from scim_tui.model.absent import UNKNOWN
from scim_tui.model.directory import GroupRow, Kind, Page, RowT
from scim_tui.scim.client import ScimClient
from scim_tui.scim.together import together
from scim_tui.scim.wire import Received, read_groups, read_object, text, values

_AT_ONCE = 25
"""Members that are looked up for one page."""


async def looked_up(
    listed: list[tuple[str, str]], look: Callable[[str, str], Coroutine[Any, Any, RowT]]
) -> AsyncIterator[Page[RowT]]:
    """What is listed as (id, display), in full, a few at a time; one empty page for nothing."""
    for first in range(0, max(len(listed), 1), _AT_ONCE):
        few = listed[first : first + _AT_ONCE]
        last = first + _AT_ONCE >= len(listed)
        rows = await together([look(*each) for each in few])
        yield Page(rows, None if last else str(first + _AT_ONCE), len(listed))


def listed_in(resource: Mapping[str, Any], name: str, kind: str) -> list[tuple[str, str]]:
    """(id, display) of what a list attribute names, each once, without those of another type."""
    found: dict[str, tuple[str, str]] = {}
    for each in values(resource, name):
        resource_id, other = text(each.get("value")), text(each.get("type")).lower()
        nested = name == "members" and "/Groups/" in text(each.get("$ref"))
        if resource_id and not nested and other in {"", kind, "direct", "indirect"}:
            found[resource_id] = (resource_id, text(each.get("display")))
    return list(found.values())


async def groups_holding(client: ScimClient, user_id: str) -> AsyncIterator[Page[GroupRow]]:
    """The groups that list this user, read from all of them; for servers that do not tell.

    Some leave the members out of a listing: until one of it shows any, groups are read one by one.
    """
    holding: set[str] = set()
    shown = False

    def read(body: bytes, asked: str) -> Received[GroupRow]:
        nonlocal shown
        for group in values(read_object(body, asked), "Resources"):
            members = listed_in(group, "members", "user")
            shown = shown or bool(members)
            if any(member == user_id for member, _ in members):
                holding.add(text(group.get("id")))
        return read_groups(body, asked)

    async def holds(row: GroupRow) -> bool:
        if shown:
            return row.id in holding
        members = listed_in(await client.get(Kind.GROUPS, row.id), "members", "user")
        return any(member == user_id for member, _ in members)

    async for page in client.listing(Kind.GROUPS, read):
        rows = []
        for first in range(0, max(len(page.rows), 1), _AT_ONCE):
            few = page.rows[first : first + _AT_ONCE]
            held = await together([holds(row) for row in few])
            rows += [row for row, holding_it in zip(few, held, strict=True) if holding_it]
        yield Page(rows, page.next_cursor, UNKNOWN, page.skipped)
