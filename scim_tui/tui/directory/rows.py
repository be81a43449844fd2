"""The directory's list as cells and words: rows, the title, and why a list is empty."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from scim_tui.core.directory.api import LoadState
from scim_tui.model.directory import GroupRow, Row, UserRow
from scim_tui.model.unknown_values import Absent, Count
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.drawing.record import full_time, is_user, short_age, trouble
from scim_tui.tui.drawing.text import Line, Span, clean, line, reveal


def row_cells(row: Row, now: datetime) -> Line:
    """A row of the list, one cell for each field."""
    return _user_cells(row, now) if is_user(row) else _group_cells(cast("GroupRow", row), now)


def _user_cells(row: UserRow, now: datetime) -> Line:
    return (
        Span(row.user_name),
        Span(row.display_name),
        activity(row.active),
        Span(row.email),
        Span(row.external_id),
        short_age(row.created, now),
        short_age(row.changed, now),
    )


def _group_cells(row: GroupRow, now: datetime) -> Line:
    return (
        Span(row.display_name),
        Span(row.external_id),
        short_age(row.created, now),
        short_age(row.changed, now),
    )


def activity(active: bool | None) -> Span:
    """Whether a user is active; unknown is not shown as no."""
    if active is None:
        return Span("unknown", "unknown")
    return Span("yes") if active else Span("no", "warn")


def name_of(row: Row) -> str:
    """The login of a user, or the display name; else the id."""
    login = row.user_name if is_user(row) else ""
    return login or row.display_name or row.id


def brief_lines(row: Row, now: datetime) -> list[Line]:
    """The row under the cursor in five lines."""
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


def title_line(state: ListState, counts: Sequence[Count]) -> Line:
    """Users and groups with their numbers, the filter, and how many rows are marked."""
    parts: list[Span] = [Span(" ")]
    for name, number in zip(("Users", "Groups"), counts, strict=True):
        words = f"{name} ?" if isinstance(number, Absent) else f"{name} {number:,}"
        here = name == state.name
        parts.append(Span(f"[{words}]" if here else f" {words} ", "tab" if here else "dim"))
    if state.text or state.facet:
        parts.append(Span("  filter: ", "dim"))
        parts.append(Span(" ".join(filter(None, (clean(state.text), state.facet)))))
        parts.append(_found(state))
    if state.marks:
        parts.append(Span(f"  {len(state.marks):,} marked", "accent"))
    return tuple(parts)


def _found(state: ListState) -> Span:
    """How many rows match the filter, or that it cannot be read."""
    if state.query_error:
        return Span(messages.NO_QUERY, "bad")
    if state.server_rows is not None:
        return Span(messages.server_found(len(state.server_rows)), "bold")
    if state.view is None or state.text.lower().startswith("filter:"):
        return Span("")
    more = "" if state.view.complete else "+"
    return Span(f"  {len(state.view):,}{more} of {state.total:,}", "bold")


def empty_lines(state: ListState, load: LoadState, cells: int) -> list[Line]:
    """Why there is no row, and what to do next."""
    what = state.name.lower()
    if state.total and state.query[0]:
        words = messages.no_match(state.total, clean(state.query[0]))
        return [line((words, "")), line("  ", ("Esc", "accent"), (messages.CLEARS_FILTER, "dim"))]
    if load.phase == "failed" and load.error is not None:
        return [
            *trouble(load.error, cells)[:-1],
            line("   ", ("r", "accent"), (messages.ASKS_AGAIN, "dim")),
        ]
    if load.phase in {"loading", "idle"}:
        return [line((messages.asking_for(what), "dim"))]
    if load.phase == "stopped":
        return [line((messages.listing_was_stopped(what), "dim"))]
    return [
        line((messages.none_yet(what), "")),
        line(
            "  ",
            ("2", "accent"),
            (messages.TOKEN_THERE, "dim"),
            ("5", "accent"),
            (messages.SENT_THERE, "dim"),
        ),
    ]


def known_count(state: ListState, load: LoadState, reported: Count) -> Count:
    """How many rows there are: as listed, or else as the server reports; unlisted is not zero."""
    listed = state.total > 0 or not isinstance(load.as_of, Absent)
    return state.total if state.view is not None and listed else reported
