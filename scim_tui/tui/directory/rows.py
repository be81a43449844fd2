"""The directory's list as cells and words: columns, rows, the title line, and empty states."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from scim_tui.model.unknown_values import Absent, Count
from scim_tui.tui.drawing.record import full_time, is_user, short_age, trouble
from scim_tui.tui.drawing.text import Line, Span, clean, line, reveal
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.core.directory.api import LoadState
    from scim_tui.model.directory import GroupRow, Row, UserRow
    from scim_tui.tui.directory.list_state import Half

Fields = tuple[tuple[str, Column], ...]
USERS: Fields = (
    ("user_name", Column("USER NAME", 18, 3)),
    ("display_name", Column("DISPLAY NAME", 14, 2)),
    ("active", Column("ACTIVE", 7)),
    ("email", Column("EMAIL", 22, 1, rank=2)),
    ("external_id", Column("EXTERNAL ID", 14, rank=3)),
    ("created", Column("CREATED", 8, rank=4)),
    ("changed", Column("CHANGED", 8, rank=1)),
)
GROUPS: Fields = (
    ("display_name", Column("NAME", 24, 3)),
    ("external_id", Column("EXTERNAL ID", 14, 1, rank=3)),
    ("created", Column("CREATED", 8, rank=2)),
    ("changed", Column("CHANGED", 8, rank=1)),
)


def row_cells(row: "Row", now: datetime) -> Line:
    """A row of the list, one cell for each column."""
    return _user_cells(row, now) if is_user(row) else _group_cells(cast("GroupRow", row), now)


def _user_cells(row: "UserRow", now: datetime) -> Line:
    return (
        Span(row.user_name),
        Span(row.display_name),
        activity(row.active),
        Span(row.email),
        Span(row.external_id),
        short_age(row.created, now),
        short_age(row.changed, now),
    )


def _group_cells(row: "GroupRow", now: datetime) -> Line:
    return (
        Span(row.display_name),
        Span(row.external_id),
        short_age(row.created, now),
        short_age(row.changed, now),
    )


def activity(active: bool | None) -> Span:
    """Whether an account may be used; unknown is not no."""
    if active is None:
        return Span("unknown", "unknown")
    return Span("yes") if active else Span("no", "warn")


def name_of(row: "Row") -> str:
    """What a person calls it."""
    login = row.user_name if is_user(row) else ""
    return login or row.display_name or row.id


def brief_lines(row: "Row", now: datetime) -> list[Line]:
    """The row under the cursor in five lines, from what the list knows."""
    title = line((f" {reveal(name_of(row))}", "title"), ("   Enter opens", "dim"))
    ids = line(("   id ", "dim"), row.id, ("  externalId ", "dim"), row.external_id or "-")
    dates = (Span("   created ", "dim"), *full_time(row.created, now))
    changed = (Span("   changed ", "dim"), *full_time(row.changed, now))
    if not is_user(row):
        return [(), title, ids, dates, changed]
    person = line(
        ("   name ", "dim"),
        reveal(row.display_name) or "-",
        ("  email ", "dim"),
        reveal(row.email) or "-",
        ("  active ", "dim"),
        activity(row.active),
    )
    return [(), title, person, ids, dates, changed]


def title_line(half: "Half", counts: Sequence[Count]) -> Line:
    """Which half, how many, what is filtered, and what is marked."""
    parts: list[Span] = [Span(" ")]
    for name, number in zip(("Users", "Groups"), counts, strict=True):
        words = f"{name} ?" if isinstance(number, Absent) else f"{name} {number:,}"
        here = name == half.name
        parts.append(Span(f"[{words}]" if here else f" {words} ", "tab" if here else "dim"))
    if half.text or half.facet:
        parts.append(Span("  filter: ", "dim"))
        parts.append(Span(" ".join(filter(None, (clean(half.text), half.facet)))))
        parts.append(_found(half))
    if half.marks:
        parts.append(Span(f"  {len(half.marks):,} marked", "accent"))
    return tuple(parts)


def _found(half: "Half") -> Span:
    """How many match, or why that cannot be told."""
    if half.wrong:
        return Span("  ! this is no search", "bad")
    if half.asked is not None:
        return Span(f"  {len(half.asked):,} found by the server", "bold")
    if half.view is None or half.text.lower().startswith("filter:"):
        return Span("")
    more = "" if half.view.complete else "+"
    return Span(f"  {len(half.view):,}{more} of {half.total:,}", "bold")


def empty_lines(half: "Half", state: "LoadState", cells: int) -> list[Line]:
    """Why there is no row, and what to do about it."""
    what = half.name.lower()
    if half.total and half.query[0]:
        words = f"  0 of {half.total:,} match {clean(half.query[0])!r}."
        return [line((words, "")), line("  ", ("Esc", "accent"), (" clears the filter", "dim"))]
    if state.phase == "failed" and state.error is not None:
        return [
            *trouble(state.error, cells)[:-1],
            line("   ", ("r", "accent"), (" asks again now; it is tried again by itself", "dim")),
        ]
    if state.phase in {"loading", "idle"}:
        return [line((f"  asking for the {what}", "dim"))]
    if state.phase == "stopped":
        return [line((f"  The listing was stopped. r asks for the {what} again.", "dim"))]
    return [
        line((f"  No {what} yet. They appear here when the IdP pushes them.", "")),
        line(
            "  ",
            ("2", "accent"),
            (" has the token and endpoint for the IdP, ", "dim"),
            ("5", "accent"),
            (" shows what it sent", "dim"),
        ),
    ]


def known_count(half: "Half", state: "LoadState", told: Count) -> Count:
    """How many there are: as listed, or else as the server told; nothing listed is not zero."""
    listed = half.total > 0 or not isinstance(state.as_of, Absent)
    return half.total if half.view is not None and listed else told
