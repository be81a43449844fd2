"""Whether an IdP has a token that works, and for how long."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.observed import Observed
from scim_tui.core.health.signals import first_to_end, locked_out, short_id
from scim_tui.core.health.verdict import Level, Reading, SignalName
from scim_tui.model.ages import day
from scim_tui.model.expiry import days_left
from scim_tui.model.plural import plural
from scim_tui.model.provisioning import SHUT, AccessToken
from scim_tui.model.unknown_values import NEVER, Absent

_MAKE = (
    "Make a token and install it in the IdP (R on the Tokens screen, or: scim-tui tokens rotate)."
)


def readings(seen: Observed) -> Iterator[Reading]:
    """All of this file."""
    tokens = seen.snapshot.known_tokens
    if isinstance(tokens, Absent):
        yield _unlisted(seen)
        return
    working = [token for token in tokens if token.state(seen.now) not in SHUT]
    yield _works(seen, tokens, working)
    if working:
        yield _end(seen, working)
    yield from _slots(seen, tokens)


def _unlisted(seen: Observed) -> Reading:
    """Of a provider that lists no tokens: whether the token of the profile is let in."""
    name, probe = SignalName.TOKEN_WORKS, seen.snapshot.probe
    if seen.can.list_tokens:
        reason = seen.snapshot.problems.get(Aspect.TOKENS, "the tokens are not known")
        return Reading(name=name, level=Level.UNKNOWN, reason=reason)
    if isinstance(probe, Absent) or probe.status is None:
        return Reading(name=name, level=Level.UNKNOWN, reason="the token could not be tried")
    refused = probe.status in {401, 403}
    return Reading(
        name=name,
        level=Level.FAILING if refused else Level.FINE,
        reason=f"the token of this profile is {'refused' if refused else 'accepted'}"
        f" ({probe.status})",
        value=probe.status,
        observed_at=probe.at,
        next_step=_MAKE if refused else "",
    )


def _works(seen: Observed, tokens: tuple[AccessToken, ...], working: list[AccessToken]) -> Reading:
    name, traffic = SignalName.TOKEN_WORKS, seen.snapshot.traffic
    shut_out = locked_out(traffic)
    if shut_out is not None and not isinstance(traffic, Absent):
        return Reading(
            name=name,
            level=Level.FAILING,
            reason="the IdP sends a token that is not accepted (401)",
            value=traffic.unauthorized if isinstance(traffic.unauthorized, int) else None,
            observed_at=seen.at,
            next_step="Install a token that works in the IdP: it sends one that has ended or was "
            "deleted.",
            cause="locked-out",
        )
    if working:
        return Reading(
            name=name,
            level=Level.FINE,
            reason=f"{len(working)} of {plural(len(tokens), 'token')} can be used",
            value=len(working),
            observed_at=seen.at,
        )
    ended = next((each for each in tokens if isinstance(each.expires_at, datetime)), None)
    reason = "there is no token, so no IdP can push here"
    if ended is not None:
        reason = f"the last token, {short_id(ended.id)}, ended on {day(ended.expires_at)}"
    elif tokens:
        reason = "every token is switched off"
    return Reading(
        name=name,
        level=Level.FAILING,
        reason=reason,
        value=0,
        threshold="at least 1",
        observed_at=seen.at,
        next_step=_MAKE,
        cause="expired" if ended is not None else "",
    )


def _end(seen: Observed, working: list[AccessToken]) -> Reading:
    """The end of the working token that an IdP uses; of the soonest where none is used."""
    name, limits = SignalName.TOKEN_END, seen.limits
    used = [each for each in working if isinstance(each.last_used_at, datetime)]
    recent = [each for each in used if _days_since_use(each, seen.now) < _UNUSED.days]
    token = first_to_end(recent or used or working, seen.now)
    if token is None or isinstance(token.expires_at, Absent):
        never = token is not None and token.expires_at is NEVER
        reason = "the token has no end" if never else "the end of the token is not known"
        level = Level.FINE if never else Level.UNKNOWN
        next_step = "" if never else "Note its end: scim-tui tokens record."
        return Reading(name=name, level=level, reason=reason, next_step=next_step)
    left = days_left(token.expires_at, seen.now)
    days = left if isinstance(left, int) else 0
    level = Level.FINE
    if days <= limits.token_warn_days:
        level = Level.FAILING if days <= limits.token_fail_days else Level.DEGRADED
    return Reading(
        name=name,
        level=level,
        reason=f"{short_id(token.id)} ends on {day(token.expires_at)}, in {plural(days, 'day')}",
        value=days,
        threshold=f"{limits.token_warn_days} days, {limits.token_fail_days} for failing",
        observed_at=seen.at,
        next_step="" if level is Level.FINE else f"Rotate it: {_ROTATE}",
        cause=token.id,
    )


_ROTATE = "R on the Tokens screen, or scim-tui tokens rotate."
_UNUSED = timedelta(days=30)


def _days_since_use(token: AccessToken, now: datetime) -> int:
    return (now - token.last_used_at).days if isinstance(token.last_used_at, datetime) else 0


def _slots(seen: Observed, tokens: tuple[AccessToken, ...]) -> Iterator[Reading]:
    name, most = SignalName.TOKEN_SLOTS, seen.can.max_tokens
    if isinstance(seen.snapshot.tokens, Absent) or most is None:
        return
    full = len(tokens) >= most
    yield Reading(
        name=name,
        level=Level.NOTE if full else Level.FINE,
        reason=f"{len(tokens)} of {plural(most, 'token slot')} used",
        value=len(tokens),
        threshold=f"{most}",
        observed_at=seen.at,
        next_step="A rotation has to delete the token that is not used first." if full else "",
    )
