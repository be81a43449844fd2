"""The members of a group, or the groups of a user, read on as somebody comes near the end."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count
from scim_tui.tui.drawing.record import trouble
from scim_tui.tui.drawing.text import Line, line

if TYPE_CHECKING:
    from scim_tui.core.directory.listing import AnyPage
    from scim_tui.model.directory import Row

STRETCH = 500
"""Rows that are asked for at once."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came of one time of asking."""

    rows: "Sequence[Row]" = field(default=(), repr=False)
    more: bool = False
    """There may be more behind these."""
    total: Count = UNKNOWN
    error: ScimTuiError | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many members are no users, by their kind."""


async def next_stretch(pages: "AsyncIterator[AnyPage]") -> Stretch:
    """The next rows; an error keeps those before it."""
    rows: list[Row] = []
    total: Count = UNKNOWN
    left_out: dict[str, int] = {}
    try:
        async for page in pages:
            rows += page.rows
            total = page.total
            left_out |= page.left_out or {}
            if len(rows) >= STRETCH:
                return Stretch(rows, True, total, left_out=left_out)
    except ScimTuiError as error:
        return Stretch(rows, total=total, error=error, left_out=left_out)
    return Stretch(rows, total=total, left_out=left_out)


def joined(before: Stretch | None, after: Stretch) -> Stretch:
    """One stretch behind another."""
    if before is None:
        return after
    total = before.total if isinstance(after.total, Absent) else after.total
    left_out = {**before.left_out, **after.left_out}
    return Stretch([*before.rows, *after.rows], after.more, total, after.error, left_out)


def number_of(stretch: Stretch | None) -> str:
    """How many there are, as far as they were read."""
    if stretch is None:
        return ""
    known = f" {len(stretch.rows):,}"
    if stretch.error is not None:
        return f"{known}+ !"
    if not stretch.more:
        return known
    return f"{known}+" if isinstance(stretch.total, Absent) else f"{known} of {stretch.total:,}"


def empty_words(stretch: Stretch | None, cells: int, *, of_group: bool) -> list[Line]:
    """Why there is nothing to see."""
    if stretch is None:
        return [line((f"  asking for the {'members' if of_group else 'groups'}", "dim"))]
    if stretch.error is not None:
        return trouble(stretch.error, cells)
    return [line(("  no members" if of_group else "  in no group", "dim"))]
