"""The members of a group, or the groups of a user, read in batches while the list is scrolled."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from scim_tui.core.directory.listing import AnyPage
from scim_tui.model.directory import Row
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count
from scim_tui.tui.directory import messages
from scim_tui.tui.drawing.record import trouble
from scim_tui.tui.drawing.text import Line, line

BATCH = 500
"""Rows that are read at once."""


@dataclass(frozen=True, slots=True)
class Related:
    """Members or groups, as far as they were read."""

    rows: Sequence[Row] = field(default=(), repr=False)
    more: bool = False
    """Whether more may follow."""
    total: Count = UNKNOWN
    """How many the server says there are."""
    error: ScimTuiError | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many members are no users, by their type."""


async def read_related(pages: AsyncIterator[AnyPage]) -> Related:
    """The next batch of rows; an error keeps the rows before it."""
    rows: list[Row] = []
    total: Count = UNKNOWN
    left_out: dict[str, int] = {}
    try:
        async for page in pages:
            rows += page.rows
            total = page.total
            left_out |= page.left_out or {}
            if len(rows) >= BATCH:
                return Related(rows, True, total, left_out=left_out)
    except ScimTuiError as error:
        return Related(rows, total=total, error=error, left_out=left_out)
    return Related(rows, total=total, left_out=left_out)


def append_batch(before: Related | None, after: Related) -> Related:
    """The rows that were read before, followed by the next batch."""
    if before is None:
        return after
    total = before.total if isinstance(after.total, Absent) else after.total
    left_out = {**before.left_out, **after.left_out}
    return Related([*before.rows, *after.rows], after.more, total, after.error, left_out)


def count_words(related: Related | None) -> str:
    """How many were read, and of how many, for the title of the tab."""
    if related is None:
        return ""
    known = f" {len(related.rows):,}"
    if related.error is not None:
        return f"{known}+ !"
    if not related.more:
        return known
    return f"{known}+" if isinstance(related.total, Absent) else f"{known} of {related.total:,}"


def empty_words(related: Related | None, cells: int, *, of_group: bool) -> list[Line]:
    """Why there is no row."""
    if related is None:
        return [line((messages.asking_for("members" if of_group else "groups"), "dim"))]
    if related.error is not None:
        return trouble(related.error, cells)
    return [line((messages.NO_MEMBERS if of_group else messages.IN_NO_GROUP, "dim"))]
