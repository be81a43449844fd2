"""What a snapshot means: one row for each thing that can be wrong, and the line under each screen.

A mark says the state without colour: "[ok]", a band of `model.expiry`, "[!!]" needs a look,
"[ ?]" not known, "[--]" nothing to report. Unknown is never shown as fine, and never as 0.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.core.rotation_signal import rotation_words
from scim_tui.model.absent import NEVER, Absent, Count
from scim_tui.model.activity import Traffic
from scim_tui.model.ages import age, day
from scim_tui.model.capabilities import Capabilities
from scim_tui.model.expiry import WORD, Band, band, days_left
from scim_tui.model.provisioning import AccessToken, State, TokenState

if TYPE_CHECKING:
    from scim_tui.core.health import Snapshot

OK, BAD, UNSURE, NOTHING, LOADING = "[ok]", "[!!]", "[ ?]", "[--]", "[..]"
SEVERITY = ("[EXP]", "[ 7]", BAD, "[30]", UNSURE, "[60]", "[90]", "[no-exp]", LOADING, NOTHING, OK)
"""Marks, gravest first."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that is watched."""

    name: str
    mark: str
    word: str
    """WARN, DOWN, or empty."""
    detail: str
    key: str = ""
    """The key that leads on, or empty."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the health line, for 80 columns and for 120."""

    mark: str
    short: str
    long: str


def signals(snapshot: "Snapshot", capabilities: Capabilities, now: datetime) -> tuple[Signal, ...]:
    """The rows, in their fixed order."""
    return (
        _expiry(snapshot, now),
        _slots(snapshot, capabilities),
        _probe(snapshot),
        _traffic(snapshot, now),
        _count("Auth failures 24h", snapshot, "unauthorized", "answered 401 or 403"),
        _refused(snapshot),
        _count("Throttled 24h", snapshot, "throttled", "answered 429"),
        Signal("Rotation", *rotation_words(snapshot.rotation, now), "R"),
        _audit(snapshot),
    )


def worst(rows: Iterable[Signal]) -> Signal | None:
    """The gravest row; the first of several alike; None of none."""
    return min(rows, key=lambda row: SEVERITY.index(row.mark), default=None)


def health_line(snapshot: "Snapshot", now: datetime) -> tuple[Piece, ...]:
    """What is worth a look from every screen, most important first."""
    if snapshot.status.state is State.DISABLED:
        return (*_token_piece(snapshot, now), _off_piece(), _people_piece(snapshot))
    return (
        *_token_piece(snapshot, now), _idp_piece(snapshot, now), _probe_piece(snapshot),
        _refused_piece(snapshot),
    )  # fmt: skip


def first_to_end(tokens: Iterable[AccessToken], now: datetime) -> AccessToken | None:
    """The token whose end needs attention first.

    That is the working token that ends soonest; if none works, one that expired.
    """
    everyone = list(tokens)
    working = [each for each in everyone if each.state(now) is not TokenState.EXPIRED]
    return min(working or everyone, key=_end, default=None)


def _end(token: AccessToken) -> tuple[int, float]:
    end = token.expires_at
    if isinstance(end, datetime):
        return 0, end.timestamp()
    return (2 if end is NEVER else 1), 0.0


def short_id(token_id: str) -> str:
    """A token id short enough for a line."""
    return token_id if len(token_id) <= 12 else f"{token_id[:8]}.."


def _expiry(snapshot: "Snapshot", now: datetime) -> Signal:
    name = "Token expiry"
    if isinstance(snapshot.tokens, Absent):
        return Signal(name, UNSURE, "", _why(snapshot, "tokens", "the tokens are not known"))
    token = first_to_end(snapshot.tokens, now)
    if token is None:
        on = snapshot.status.state is State.ENABLED
        if on:
            return Signal(name, BAD, "WARN", "no token, so no IdP can push here", "2")
        return Signal(name, NOTHING, "", "no token")
    mark = band(token.expires_at, now)
    return Signal(name, mark.value, _alarm(mark), _end_words(token, now), "2")


def _alarm(mark: Band) -> str:
    if mark is Band.EXPIRED:
        return "DOWN"
    return "WARN" if mark in {Band.ACT, Band.URGENT} else ""


def _end_words(token: AccessToken, now: datetime) -> str:
    left = days_left(token.expires_at, now)
    if token.expires_at is NEVER:
        return f"{short_id(token.id)} has no end"
    if isinstance(left, Absent):
        return f"the end of {short_id(token.id)} is not known"
    if left < 0:
        return f"{short_id(token.id)} ended {day(token.expires_at)}; its requests are refused"
    word = WORD[band(token.expires_at, now)]
    return f"{short_id(token.id)} ends {day(token.expires_at)}, {left}d: {word}"


def _slots(snapshot: "Snapshot", capabilities: Capabilities) -> Signal:
    name, most = "Token slots", capabilities.max_tokens
    if isinstance(snapshot.tokens, Absent):
        return Signal(name, UNSURE, "", _why(snapshot, "tokens", "the tokens are not known"))
    used = len(snapshot.tokens)
    if most is None:
        return Signal(name, OK, "", f"{used} used, no limit is known")
    if used < most:
        return Signal(name, OK, "", f"{used} of {most} used, a new token can be made")
    return Signal(name, OK, "", f"{used} of {most} used, delete one to make another")


def _probe(snapshot: "Snapshot") -> Signal:
    name, probe = "Endpoint probe", snapshot.probe
    if snapshot.status.state is State.DISABLED:
        return Signal(name, NOTHING, "", "provisioning is off")
    if isinstance(probe, Absent):
        return Signal(name, UNSURE, "", _why(snapshot, "probe", "not tried"))
    took = "" if probe.duration_ms is None else f" in {probe.duration_ms:.0f} ms"
    if probe.ok and probe.status in {401, 403}:
        return Signal(name, OK, "", f"refuses strangers, {probe.status}{took}")
    if probe.ok:
        return Signal(name, OK, "", f"{_answer(probe.status)}{took}")
    return Signal(name, BAD, "DOWN", probe.message or f"{_answer(probe.status)}{took}")


def _answer(status: int | None) -> str:
    return "no answer" if status is None else f"answers {status}"


def _traffic(snapshot: "Snapshot", now: datetime) -> Signal:
    name, traffic = "IdP traffic 24h", snapshot.traffic
    if isinstance(traffic, Absent) or isinstance(traffic.accepted, Absent):
        return Signal(name, UNSURE, "", _why(snapshot, "traffic", "no record of requests"))
    refused = traffic.refused
    if traffic.accepted == 0 and refused == 0:
        return Signal(name, *_silence(snapshot, traffic, now))
    total = traffic.accepted + (0 if isinstance(refused, Absent) else refused)
    words = f"{plural(total, 'request')}, {traffic.accepted:,} accepted, {refused} refused"
    return Signal(name, OK, "", words, "5")


def _silence(snapshot: "Snapshot", traffic: Traffic, now: datetime) -> tuple[str, str, str]:
    if snapshot.status.state is State.DISABLED:
        return NOTHING, "", "provisioning is off"
    if traffic.last_request_at is NEVER:
        return NOTHING, "", "no request yet"
    if isinstance(traffic.last_request_at, Absent):
        return UNSURE, "", "no request; the one before is not known"
    return BAD, "WARN", f"no request; the newest was {age(traffic.last_request_at, now)}"


def _count(name: str, snapshot: "Snapshot", field: str, what: str) -> Signal:
    traffic = snapshot.traffic
    count: Count = traffic if isinstance(traffic, Absent) else getattr(traffic, field)
    if isinstance(count, Absent):
        return Signal(name, UNSURE, "", _why(snapshot, "traffic", "not recorded here"))
    if count:
        return Signal(name, BAD, "WARN", f"{plural(count, 'request')} {what}", "5")
    return Signal(name, OK, "", f"none {what}")


def _refused(snapshot: "Snapshot") -> Signal:
    name, traffic = "Refused objects", snapshot.traffic
    if isinstance(traffic, Absent) or isinstance(traffic.refused, Absent):
        return Signal(name, UNSURE, "", _why(snapshot, "traffic", "not recorded here"))
    if not traffic.refused:
        return Signal(name, OK, "", "none in 24 hours")
    counts: Counter[str] = Counter()
    for each in traffic.reasons:
        counts[each.constraint or "other"] += each.count
    reasons = ", ".join(f"{name} ({count})" for name, count in counts.most_common())
    return Signal(name, BAD, "WARN", f"{traffic.refused:,}: {reasons or 'reasons not told'}", "5")


def _audit(snapshot: "Snapshot") -> Signal:
    name, verdict = "Audit trail", snapshot.audit
    if snapshot.audit_trouble:
        return Signal(name, BAD, "WARN", snapshot.audit_trouble)
    if isinstance(verdict, Absent):
        return Signal(name, UNSURE, "", _why(snapshot, "audit", "not read"))
    if not verdict.ok:
        return Signal(name, BAD, "WARN", f"chain broken, {verdict.reason}", "5")
    entries = f"{verdict.count:,} {'entry' if verdict.count == 1 else 'entries'}"
    note = f"; {verdict.reason}" if verdict.reason else ""
    return Signal(name, OK, "", f"chain intact, {entries}{note}")


def _token_piece(snapshot: "Snapshot", now: datetime) -> tuple[Piece, ...]:
    if isinstance(snapshot.tokens, Absent):
        return (Piece(UNSURE, f"{UNSURE} tokens not known", f"{UNSURE} tokens not known"),)
    token = first_to_end(snapshot.tokens, now)
    if token is None:
        on = snapshot.status.state is State.ENABLED
        mark = BAD if on else NOTHING
        return (Piece(mark, f"{mark} no token", f"{mark} no token"),)
    mark, left = band(token.expires_at, now).value, days_left(token.expires_at, now)
    name = f"{mark} {short_id(token.id)}"
    if isinstance(left, Absent):
        words = "has no end" if left is NEVER else "end not known"
        return (Piece(mark, f"{name} {words}", f"{name} {words}"),)
    if left < 0:
        return (Piece(mark, f"{name} expired", f"{name} expired {-left}d ago"),)
    return (Piece(mark, f"{name} {left}d", f"{name} expires in {left}d"),)


def _off_piece() -> Piece:
    return Piece(NOTHING, "provisioning off", "provisioning is off")


def _people_piece(snapshot: "Snapshot") -> Piece:
    summary = snapshot.summary
    if isinstance(summary, Absent) or isinstance(summary.users, Absent):
        return Piece(UNSURE, "people not counted", "users and groups are not counted")
    words = f"{plural(summary.users, 'user')} {plural(summary.groups, 'group')}"
    return Piece(NOTHING, words, words)


def _idp_piece(snapshot: "Snapshot", now: datetime) -> Piece:
    traffic = snapshot.traffic
    last = traffic if isinstance(traffic, Absent) else traffic.last_request_at
    if isinstance(last, Absent):
        mark = NOTHING if last is NEVER else UNSURE
        words = "no request yet" if last is NEVER else "last request not known"
        return Piece(mark, f"IdP {words} {mark}", f"IdP: {words} {mark}")
    mark = OK if (now - last).days < 1 else BAD
    words = age(last, now)
    return Piece(mark, f"IdP {words} {mark}", f"last IdP request {words} {mark}")


def _probe_piece(snapshot: "Snapshot") -> Piece:
    probe = snapshot.probe
    if isinstance(probe, Absent):
        return Piece(UNSURE, f"probe {UNSURE}", f"probe not tried {UNSURE}")
    mark = OK if probe.ok else BAD
    status = "no answer" if probe.status is None else str(probe.status)
    took = "" if probe.duration_ms is None else f" {probe.duration_ms:.0f}ms"
    return Piece(mark, f"probe {status} {mark}", f"probe {status}{took} {mark}")


def _refused_piece(snapshot: "Snapshot") -> Piece:
    traffic = snapshot.traffic
    refused = traffic if isinstance(traffic, Absent) else traffic.refused
    if isinstance(refused, Absent):
        return Piece(UNSURE, f"refused {UNSURE}", f"refused objects not known {UNSURE}")
    mark = BAD if refused else OK
    return Piece(mark, f"{refused} refused {mark}", f"{plural(refused, 'object')} refused {mark}")


def _why(snapshot: "Snapshot", part: str, otherwise: str) -> str:
    return snapshot.problems.get(part) or otherwise


def plural(count: Count, noun: str) -> str:
    """The count with its noun: "1 user", "1,204 users", "unknown users"."""
    number = count.value if isinstance(count, Absent) else f"{count:,}"
    return f"{number} {noun}" if count == 1 else f"{number} {noun}s"
