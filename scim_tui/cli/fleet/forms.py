"""The forms in which `fleet` prints its rows."""

from collections.abc import Iterable
from typing import Any

from scim_tui.cli.status.report import StatusReport
from scim_tui.core.fleet.row import FleetRow
from scim_tui.model.ages import age, day, stamp
from scim_tui.model.unknown_values import Absent, Count, Moment

HEADS = ("profile", "verdict", "token ends", "last write", "refused", "rotation", "reason")


def reports(rows: Iterable[FleetRow]) -> list[StatusReport]:
    """The same as reports of `status`."""
    return [StatusReport(row.profile, row.judgement, expect_off=row.expect_off) for row in rows]


def cells(row: FleetRow) -> list[str]:
    """One line of the table."""
    return [
        row.profile,
        row.verdict.value,
        "no token" if row.has_no_token else day(row.token_ends),
        age(row.last_write, row.judgement.at),
        str(row.refused_people),
        row.rotation or "-",
        row.judgement.reason,
    ]


def data(row: FleetRow) -> dict[str, Any]:
    """One row for programs; what was not observed is null."""
    return {
        "profile": row.profile,
        "as_of": stamp(row.judgement.at),
        "verdict": row.verdict.value,
        "reason": row.judgement.reason,
        "next_step": row.judgement.next_step or None,
        "causes": [each.key for each in row.judgement.causes],
        "token": row.token_id or None,
        "has_token": _has_token(row),
        "token_ends": _moment(row.token_ends),
        "last_write": _moment(row.last_write),
        "refused_people": _count(row.refused_people),
        "users": _count(row.users),
        "rotation": row.rotation or None,
    }


def _has_token(row: FleetRow) -> bool | None:
    """None: not known."""
    return False if row.has_no_token else bool(row.token_id) or None


def _moment(at: Moment) -> str | None:
    return None if isinstance(at, Absent) else stamp(at)


def _count(count: Count) -> int | None:
    return None if isinstance(count, Absent) else count
