"""Reading the ledger over weeks: when the IdP sent requests, and who and what was refused."""

# ruff: noqa: S608 - what is put into a statement is a constant of this file; values are parameters

from datetime import UTC, date, datetime, timedelta

from scim_tui.model.history import History
from scim_tui.service.store.store import Connection

_DAY_ZERO = date(1970, 1, 1)
_BY_THE_IDP = "NOT ifnull(client GLOB 'scim-tui/*', 0)"
_MINUTES = (
    "SELECT DISTINCT CAST(at / 60 AS INTEGER) FROM events"
    f" WHERE at >= ? AND status < 400 AND {_BY_THE_IDP} ORDER BY 1"
)
_REFUSED_PEOPLE = (
    "SELECT CAST(at / 86400 AS INTEGER), count(DISTINCT lower(coalesce(target, resource_id)))"
    " FROM events WHERE status >= 400 AND status NOT IN (401, 403, 429) AND at >= ?"
    f" AND operation LIKE '%User' AND {_BY_THE_IDP} GROUP BY 1"
)
_REASONS = (
    "SELECT violated, min(at) FROM events"
    f" WHERE status >= 400 AND violated != '' AND at >= ? AND {_BY_THE_IDP} GROUP BY 1"
)


def history(connection: Connection, since: datetime) -> History:
    """What the ledger says since an instant; a day without any request of the IdP is left out."""
    start = since.timestamp()
    oldest = connection.execute("SELECT min(at) FROM events").fetchone()[0]
    minutes = [minute for (minute,) in connection.execute(_MINUTES, (start,))]
    refused = dict(connection.execute(_REFUSED_PEOPLE, (start,)).fetchall())
    days = {minute // 1440 for minute in minutes} | set(refused)
    return History(
        since=since if oldest is None else max(since, _instant(oldest)),
        requests=tuple(_instant(60 * minute) for minute in minutes),
        refused_people={
            _DAY_ZERO + timedelta(days=day): refused.get(day, 0) for day in sorted(days)
        },
        reasons={rule: _instant(at) for rule, at in connection.execute(_REASONS, (start,))},
    )


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
