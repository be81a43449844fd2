"""What a resource lists of others by id, such as members of a group, looked up in full."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from scim_tui.model.directory import Page, RowT
from scim_tui.scim.wire import JsonObject, text, values

_AT_ONCE = 25
"""Members that are looked up for one page."""

T = TypeVar("T")


async def looked_up(
    listed: list[tuple[str, str]], look: Callable[[str, str], Coroutine[Any, Any, RowT]]
) -> AsyncIterator[Page[RowT]]:
    """What is listed as (id, display), in full, a few at a time; one empty page for nothing."""
    for first in range(0, max(len(listed), 1), _AT_ONCE):
        few = listed[first : first + _AT_ONCE]
        last = first + _AT_ONCE >= len(listed)
        rows = await together([look(*each) for each in few])
        yield Page(rows, None if last else str(first + _AT_ONCE), len(listed))


async def together(calls: list[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of all calls; the first failure ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


def listed_in(resource: JsonObject, name: str, kind: str) -> list[tuple[str, str]]:
    """(id, display) of what a list attribute names, each once, without those of another type."""
    found: dict[str, tuple[str, str]] = {}
    for each in values(resource, name):
        resource_id, other = text(each.get("value")), text(each.get("type")).lower()
        nested = name == "members" and "/Groups/" in text(each.get("$ref"))
        if resource_id and not nested and other in {"", kind, "direct", "indirect"}:
            found[resource_id] = (resource_id, text(each.get("display")))
    return list(found.values())
