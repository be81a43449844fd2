"""Marks on rows: kept by id, so that they outlive sorting, filtering and a new listing."""

import asyncio
from typing import TYPE_CHECKING

from scim_tui.tui.directory_half import Half

if TYPE_CHECKING:
    from scim_tui.core.directory import Directory, View

STRETCH = 2_000
"""Ids that are read at once."""


def toggle(half: Half, id: str) -> None:
    """Mark a row, or take its mark away; a range begins at the row marked last."""
    half.marked ^= {id}
    half.marked_last = id if id in half.marked else ""


async def all_found(half: Half, directory: "Directory") -> None:
    """Mark every row that is found."""
    half.marked |= await _ids(half, directory)


async def invert(half: Half, directory: "Directory") -> None:
    """Mark what is found and not marked; marks that the filter hides stay."""
    half.marked ^= await _ids(half, directory)


async def _ids(half: Half, directory: "Directory") -> set[str]:
    from scim_tui.model.directory import Kind

    view = await directory.view(Kind(half.name), *half.query)
    return await asyncio.to_thread(_between, view, 0, len(view))


async def up_to(half: Half, cursor: int) -> bool:
    """Mark from the row marked last to the cursor; False: nothing was marked yet."""
    view = half.view
    if view is None or not half.marked_last:
        return False
    start = await asyncio.to_thread(view.position, half.marked_last)
    if start is None:
        return False
    first, last = sorted((start, cursor))
    half.marked |= await asyncio.to_thread(_between, view, first, last + 1)
    return True


def _between(view: "View", first: int, end: int) -> set[str]:
    ids: set[str] = set()
    for place in range(first, end, STRETCH):
        ids.update(view.ids(place, min(STRETCH, end - place)))
    return ids
