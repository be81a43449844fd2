"""Turns a snapshot into rows, one for each thing that can be wrong."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.rotation_row import rotation_words
from scim_tui.core.health.severity import BAD, NOTHING, OK, UNSURE, Signal, SignalId
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.model.activity import Caller, Traffic
from scim_tui.model.ages import age, day
from scim_tui.model.capabilities import Capabilities
from scim_tui.model.checkup import Verdict
from scim_tui.model.clock_skew import judged, skew_words
from scim_tui.model.errors import ScimTuiError, Unreachable
from scim_tui.model.expiry import WORD, Band, band, days_left
from scim_tui.model.plural import plural
from scim_tui.model.provisioning import SHUT, AccessToken, ProvisioningState
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent, Moment


def signals(snapshot: Snapshot, capabilities: Capabilities, now: datetime) -> tuple[Signal, ...]:
    """The rows, in their fixed order; for a stale snapshot, with its time."""
    rows = _rows(snapshot, capabilities, now)
    if not snapshot.stale(now, capabilities.every):
        return rows
    return tuple(_old(row, snapshot.error, snapshot.at) for row in rows)


def _old(row: Signal, error: ScimTuiError | None, seen_at: datetime) -> Signal:
    """The row for a stale snapshot: what was fine then is unknown now."""
    if error is not None and row.id is SignalId.ENDPOINT_PROBE:
        down = isinstance(error, Unreachable)
        return replace(row, mark=BAD, word="DOWN" if down else "WARN", detail=error.message)
    if row.mark == NOTHING:
        return row
    mark = UNSURE if row.mark == OK else row.mark
    return replace(row, mark=mark, detail=f"as of {seen_at:%H:%M:%SZ}: {row.detail}")


def _rows(snapshot: Snapshot, capabilities: Capabilities, now: datetime) -> tuple[Signal, ...]:
    # What the server dates is compared with its own clock, where ours is off.
    seen_at = judged(snapshot.at, snapshot.skew)
    return (
        _expiry(snapshot, judged(now, snapshot.skew)),
        _slots(snapshot, capabilities),
        _probe(snapshot),
        *_product(snapshot, troubled=True),
        _traffic(snapshot, seen_at),
        _sign_in_failures(snapshot, seen_at),
        _refused(snapshot),
        _throttled(snapshot),
        Signal(SignalId.ROTATION, *rotation_words(snapshot.rotation, now), "R"),
        _audit(snapshot),
        *_product(snapshot, troubled=False),
    )


_MARKS = {
    Verdict.OK: (OK, ""),
    Verdict.WARN: (BAD, "WARN"),
    Verdict.BAD: (BAD, "WARN"),
    Verdict.UNKNOWN: (UNSURE, ""),
    Verdict.NONE: (NOTHING, ""),
}


def _product(snapshot: Snapshot, *, troubled: bool) -> Iterator[Signal]:
    """The findings of the product's own API: with `troubled` the warnings, else the others."""
    for each in snapshot.product:
        if (each.verdict in {Verdict.BAD, Verdict.WARN}) is troubled:
            mark, word = _MARKS[each.verdict]
            yield Signal(SignalId.PRODUCT, mark, word, each.evidence, title=each.name)


def first_to_end(tokens: Iterable[AccessToken], now: datetime) -> AccessToken | None:
    """The token whose expiry needs attention first.

    That is the valid token that expires next; if there is none, an expired one.
    """
    all_tokens = list(tokens)
    working = [each for each in all_tokens if each.state(now) not in SHUT]
    return min(working or all_tokens, key=_end, default=None)


def _end(token: AccessToken) -> tuple[int, float]:
    end = token.expires_at
    if isinstance(end, datetime):
        return 0, end.timestamp()
    return (2 if end is NEVER else 1), 0.0


def short_id(token_id: str) -> str:
    """A token id short enough for a line."""
    return token_id if len(token_id) <= 12 else f"{token_id[:8]}.."


def _expiry(snapshot: Snapshot, now: datetime) -> Signal:
    watched = SignalId.TOKEN_EXPIRY
    tokens = snapshot.known_tokens
    if isinstance(tokens, Absent):
        aspect = Aspect.NOTED if Aspect.NOTED in snapshot.problems else Aspect.TOKENS
        return Signal(watched, UNSURE, "", _why(snapshot, aspect, "the tokens are not known"), "2")
    token = first_to_end(tokens, now)
    if token is None:
        on = snapshot.status.state is ProvisioningState.ENABLED
        if on:
            return Signal(watched, BAD, "WARN", "no token, so no IdP can push here", "2")
        return Signal(watched, NOTHING, "", "no token")
    mark = band(token.expires_at, now)
    words = _end_words(token, now, snapshot.how_known(token.id))
    if skewed := skew_words(snapshot.skew):
        words = f"{words}. {skewed}"
    return Signal(watched, mark.value, _alarm(mark), words, "2")


def _alarm(mark: Band) -> str:
    if mark is Band.EXPIRED:
        return "DOWN"
    return "WARN" if mark in {Band.ACT, Band.URGENT} else ""


def _end_words(token: AccessToken, now: datetime, how: str) -> str:
    known = f" ({how})" if how else ""
    left = days_left(token.expires_at, now)
    if token.expires_at is NEVER:
        return f"{short_id(token.id)} has no end{known}"
    if isinstance(left, Absent):
        return f"the end of {short_id(token.id)} is not known"
    if left < 0:
        return (
            f"{short_id(token.id)} ended {day(token.expires_at)}{known}; its requests are refused"
        )
    word = WORD[band(token.expires_at, now)]
    return f"{short_id(token.id)} ends {day(token.expires_at)}{known}, {left}d: {word}"


def _slots(snapshot: Snapshot, capabilities: Capabilities) -> Signal:
    watched, most = SignalId.TOKEN_SLOTS, capabilities.max_tokens
    if snapshot.status.state is ProvisioningState.DISABLED:
        return Signal(watched, NOTHING, "", "provisioning is off")
    if isinstance(snapshot.tokens, Absent):
        return Signal(
            watched, UNSURE, "", _why(snapshot, Aspect.TOKENS, "the tokens are not known")
        )
    used = len(snapshot.tokens)
    if most is None:
        return Signal(watched, OK, "", f"{used} used, no limit is known")
    if used < most:
        return Signal(watched, OK, "", f"{used} of {most} used, a new token can be made")
    return Signal(watched, OK, "", f"{used} of {most} used, delete one to make another")


def _probe(snapshot: Snapshot) -> Signal:
    watched, probe = SignalId.ENDPOINT_PROBE, snapshot.probe
    if snapshot.status.state is ProvisioningState.DISABLED:
        return Signal(watched, NOTHING, "", "provisioning is off")
    if isinstance(probe, Absent):
        return Signal(watched, UNSURE, "", _why(snapshot, Aspect.PROBE, "not tried"))
    took = "" if probe.duration_ms is None else f" in {probe.duration_ms:.0f} ms"
    if probe.ok and probe.status in {401, 403, 429}:
        return Signal(watched, OK, "", f"refuses strangers, {probe.status}{took}")
    if probe.ok:
        return Signal(watched, OK, "", f"{_answer(probe.status)}{took}")
    return Signal(watched, BAD, "DOWN", probe.message or f"{_answer(probe.status)}{took}")


def _answer(status: int | None) -> str:
    return "no answer" if status is None else f"answers {status}"


def _traffic(snapshot: Snapshot, now: datetime) -> Signal:
    watched, traffic = SignalId.IDP_TRAFFIC, snapshot.traffic
    if snapshot.status.state is ProvisioningState.DISABLED:
        return Signal(watched, NOTHING, "", "provisioning is off")
    if isinstance(traffic, Absent) or isinstance(traffic.accepted, Absent):
        return Signal(watched, UNSURE, "", _why(snapshot, Aspect.TRAFFIC, "no record of requests"))
    parts = (traffic.accepted, traffic.refused, traffic.unauthorized, traffic.throttled)
    total = sum(part for part in parts if isinstance(part, int))
    if total == 0:
        return Signal(watched, *_silence(traffic, now))
    words = f"{plural(total, 'request')}, {traffic.accepted:,} accepted, {traffic.refused} refused"
    if isinstance(traffic.unauthorized, int) and traffic.unauthorized:
        words += f", {traffic.unauthorized:,} with 401 or 403"
    let_in = locked_out(traffic)
    if let_in is not None:
        ok = let_in if isinstance(let_in, Absent) else age(let_in, now)
        return Signal(watched, BAD, "DOWN", f"refused (401), last ok {ok}; {words}", "5")
    return Signal(watched, OK, "", words, "5")


def locked_out(traffic: Traffic | Absent) -> Moment | None:
    """When the IdP was last accepted, if it got 401 since; None: it did not, or that is unknown.

    Only requests with a token that exists here or did count as the IdP's: see `Traffic`.
    """
    if isinstance(traffic, Absent) or not isinstance(traffic.unauthorized, int):
        return None
    refused, accepted = traffic.last_unauthorized_at, traffic.last_accepted_at
    if not traffic.unauthorized or isinstance(refused, Absent) or accepted is UNKNOWN:
        return None
    return accepted if isinstance(accepted, Absent) or accepted < refused else None


def _silence(traffic: Traffic, now: datetime) -> tuple[str, str, str]:
    if traffic.last_request_at is NEVER:
        return NOTHING, "", "no request yet"
    if isinstance(traffic.last_request_at, Absent):
        return UNSURE, "", "no request; the one before is not known"
    return BAD, "WARN", f"no request; the newest was {age(traffic.last_request_at, now)}"


def _sign_in_failures(snapshot: Snapshot, now: datetime) -> Signal:
    """At most WARN: a refused client need not be the IdP."""
    watched, traffic = SignalId.SIGN_IN_FAILURES, snapshot.traffic
    count = traffic if isinstance(traffic, Absent) else traffic.sign_in_failures
    if isinstance(count, Absent):
        return Signal(watched, UNSURE, "", _why(snapshot, Aspect.TRAFFIC, "not recorded here"))
    if not count or isinstance(traffic, Absent):
        return Signal(watched, OK, "", "none answered 401 or 403 in 24 hours")
    words = f"{plural(count, 'request')} answered 401 or 403"
    if traffic.strangers:
        newest = traffic.strangers[0]
        unknown = sum(caller.count for caller in traffic.strangers)
        some = f", {unknown:,} with an unknown token, newest" if unknown < count else ""
        words = f"{count:,} not let in{some or '; unknown token by'} {caller_words(newest)}"
        words += f", {age(newest.last_at, now)}"
    return Signal(watched, BAD, "WARN", words, "5")


def caller_words(caller: Caller) -> str:
    """The name and address of a client, as far as they are known."""
    client = "an unnamed client" if isinstance(caller.client, Absent) else caller.client
    return client if isinstance(caller.address, Absent) else f"{client} from {caller.address}"


def _throttled(snapshot: Snapshot) -> Signal:
    watched, traffic = SignalId.THROTTLED, snapshot.traffic
    count = traffic if isinstance(traffic, Absent) else traffic.throttled
    if isinstance(count, Absent):
        return Signal(watched, UNSURE, "", _why(snapshot, Aspect.TRAFFIC, "not recorded here"))
    if count:
        return Signal(watched, BAD, "WARN", f"{plural(count, 'request')} answered 429", "5")
    return Signal(watched, OK, "", "none answered 429")


def _refused(snapshot: Snapshot) -> Signal:
    watched, traffic = SignalId.REFUSED, snapshot.traffic
    if isinstance(traffic, Absent) or isinstance(traffic.refused, Absent):
        return Signal(watched, UNSURE, "", _why(snapshot, Aspect.TRAFFIC, "not recorded here"))
    if not traffic.refused:
        return Signal(watched, OK, "", "none in 24 hours")
    counts: Counter[str] = Counter()
    for each in traffic.reasons:
        counts[each.constraint or "other"] += each.count
    reasons = ", ".join(f"{name} ({count})" for name, count in counts.most_common())
    words = f"{refused_words(traffic)}: {reasons or 'reasons not known'}"
    return Signal(watched, BAD, "WARN", words, "5")


def refused_objects(traffic: Traffic) -> str:
    """How many people and groups were refused: "5 people, 1 group"; empty: no request names one."""
    people = traffic.refused_users if isinstance(traffic.refused_users, int) else 0
    groups = traffic.refused_groups if isinstance(traffic.refused_groups, int) else 0
    parts = [plural(people, "person", "people")] if people else []
    parts += [plural(groups, "group")] if groups else []
    return ", ".join(parts)


def refused_words(traffic: Traffic) -> str:
    """Refused objects and requests: "5 people, 11 requests", or "11 requests" if none names one."""
    if isinstance(traffic.refused, Absent):
        return "not known"
    objects, unnamed = refused_objects(traffic), traffic.refused_unnamed
    requests = plural(traffic.refused, "request")
    if not objects:
        return requests
    some = f", {unnamed:,} without a name" if isinstance(unnamed, int) and unnamed else ""
    return f"{objects}, {requests}{some}"


def _audit(snapshot: Snapshot) -> Signal:
    watched, verdict = SignalId.AUDIT_TRAIL, snapshot.audit
    if snapshot.audit_trouble:
        return Signal(watched, BAD, "WARN", snapshot.audit_trouble)
    if isinstance(verdict, Absent):
        return Signal(watched, UNSURE, "", _why(snapshot, Aspect.AUDIT, "not read"))
    if not verdict.ok:
        return Signal(watched, BAD, "WARN", f"chain broken, {verdict.reason}", "5")
    entries = f"{verdict.count:,} {'entry' if verdict.count == 1 else 'entries'}"
    note = f"; {verdict.reason}" if verdict.reason else ""
    return Signal(watched, OK, "", f"chain intact, {entries}{note}")


def _why(snapshot: Snapshot, aspect: Aspect, otherwise: str) -> str:
    return snapshot.problems.get(aspect) or otherwise
