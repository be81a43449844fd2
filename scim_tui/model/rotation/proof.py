"""What counts as proof that a new token replaced an old one, and when it is enough.

Our own probes never count: their User-Agent has the nonce of the rotation. If the log does not name
clients, or there is only a time of last use, what our probe may have caused is not counted. A time
that the server reports is limited to the period between the previous look and this one, so that a
wrong clock of the server cannot make the old token's silence longer than it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scim_tui.model.activity import Event
from scim_tui.model.ages import span
from scim_tui.model.clock_skew import judged, jumped
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.callers import is_idp, is_own
from scim_tui.model.rotation.key_verdict import Keys
from scim_tui.model.rotation.rotation import (
    MOST_RECORDS,
    Level,
    LoggedRequest,
    Rotation,
    State,
    Strategy,
    TestResult,
    TokenActivity,
)
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent, Moment, Words

SKEW = timedelta(seconds=60)
"""A time of last use counts only if it is this long after our own probe."""
_MOST_CLIENTS = 20


@dataclass(frozen=True, slots=True)
class Observation:
    """The provider's answer to a request for its tokens and its log."""

    at: datetime
    tokens: tuple[AccessToken, ...] | None = None
    """None: the tokens cannot be listed."""
    events: tuple[Event, ...] | None = None
    """Those after the cursor, newest first; None: the product has no log."""
    reset: bool = False
    """Whether the log began anew since it was read before."""
    place: Words = UNKNOWN
    skew: timedelta | None = None
    """How far the server's clock is ahead of ours; None: it sent no date."""
    keys: Keys | None = None
    """The verdict on the keys, if the log names keys; then `events` are all since the start."""


def fold(rotation: Rotation, look: Observation) -> TokenActivity:
    """The activity after another look."""
    seen = rotation.seen if look.keys is None else _afresh(rotation.seen)
    earliest = seen.looked_at if isinstance(seen.looked_at, datetime) else rotation.started_at
    for event in reversed(look.events or ()):
        at = min(max(event.at, earliest), look.at)
        seen = _one(rotation, seen, event, at)
    old, new = _find(look, rotation.old.id), _find(look, rotation.new.id if rotation.new else None)
    seen = _last_use_of_old(seen, old, earliest, look)
    if look.events is None and new is not None:
        seen = _last_use_of_new(rotation, seen, new, look)
    used = old.last_used_at if old else UNKNOWN
    watched = look.events is not None or used is not UNKNOWN
    changes: dict[str, object] = {"looked_at": look.at, "watched": watched, "skew": look.skew}
    if jumped(rotation.seen.skew, look.skew):
        changes["silent_from"] = look.at
    if look.keys is not None:
        changes |= {"keys": look.keys, "cursor": seen.cursor or 0}
    if look.reset:
        changes["newest_old_at"] = look.at
    return seen.model_copy(update=changes)


def _afresh(seen: TokenActivity) -> TokenActivity:
    """Reset the counts: records of such a log come late and unordered, so all are counted again."""
    return TokenActivity(
        old_clients=seen.old_clients,
        old_count=seen.old_count,
        skew=seen.skew,
        silent_from=seen.silent_from,
    )


def counts_as(rotation: Rotation, seen: TokenActivity, event: Event) -> str:
    """What a request in the log says: own, E3, E4, other, old, refused, or nothing."""
    if is_own(rotation, event.client):
        return "own"
    if event.status in {401, 403}:
        return "refused"
    # An accepted request without a token's name may be the old one's, so it ends the silence.
    unsaid = isinstance(event.token_id, Absent) and event.status < 400
    if unsaid or event.token_id == rotation.old.id:
        return "old"
    mine = rotation.new is not None and event.token_id == rotation.new.id
    telling = seen.nonce_found or not isinstance(event.client, Absent)
    if not mine or not event.authenticated or not telling:
        return ""
    if not is_idp(rotation, seen, event.client):
        return "other"
    # A request that was refused for what it asked was let in: the IdP has the new token.
    return "E4" if event.writes and event.status < 400 else "E3"


def level(rotation: Rotation) -> Level:
    """The highest level of proof reached, as of the newest look."""
    return max(reached(rotation), default=Level.NONE)


def reached(rotation: Rotation) -> dict[Level, Moment]:
    """When each level was reached that was reached."""
    found: dict[Level, Moment] = {}
    seen, tested = rotation.seen, rotation.tested
    if rotation.fingerprint:
        found[Level.E0] = rotation.since(State.HOLDING)
    if ok := [probe.at for probe in rotation.probes if probe.ok]:
        found[Level.E1] = ok[0]
    if tested and tested.result is TestResult.PASSED:
        found[Level.E2] = tested.at
    if seen.new_requests:
        found[Level.E3] = seen.first_new_at
    if seen.new_writes:
        found[Level.E4] = seen.first_write_at
    if seen.new_writes and is_silent(rotation):
        found[Level.E5] = seen.looked_at
    return found


def works(rotation: Rotation) -> bool:
    """Whether a request with the new token was ever let in, ours or another's."""
    return any(probe.ok for probe in rotation.probes) or rotation.seen.new_in_use


def server_now(rotation: Rotation, now: datetime) -> datetime:
    """Now by the clock that the rotation is judged by, as of the newest look."""
    return judged(now, rotation.seen.skew)


def silence_needed(rotation: Rotation) -> timedelta:
    """How long the old token must not have been used: a cycle of the IdP at least."""
    policy = rotation.policy
    return max(policy.cycle, policy.least, 2 * (rotation.gap or timedelta()))


def silent_for(rotation: Rotation) -> timedelta | None:
    """How long the old token was silent at the newest look; None: that cannot be seen here."""
    seen = rotation.seen
    if not seen.watched or isinstance(seen.looked_at, Absent):
        return None
    begins = [rotation.installed_at, seen.newest_old_at, seen.silent_from]
    known = [moment for moment in begins if isinstance(moment, datetime)]
    if not isinstance(rotation.installed_at, datetime):
        known.append(rotation.started_at)
    return max(seen.looked_at - max(known), timedelta())


def is_silent(rotation: Rotation) -> bool:
    """Whether the old token was silent for long enough; its expiry date is no proof of that."""
    silent = silent_for(rotation)
    return silent is not None and silent >= silence_needed(rotation)


def silence(rotation: Rotation) -> str:
    """How long the old token has been silent, against what is needed."""
    silent, needed = silent_for(rotation), silence_needed(rotation)
    if rotation.strategy is Strategy.SWAP:
        return "the old token ended when the new one was made"
    if silent is None:
        return "whether the old token is in use cannot be seen here"
    if is_silent(rotation):
        return f"the old token was silent for {span(max(silent, timedelta()))}"
    return f"the old token was silent for {span(silent)} of {span(needed)}"


def is_proven(rotation: Rotation) -> bool:
    """Whether the policy is met, as of the newest look."""
    policy, found = rotation.policy, level(rotation)
    quiet = not policy.silence or rotation.strategy is Strategy.SWAP or is_silent(rotation)
    return found >= policy.level and quiet and works(rotation)


def is_fresh(rotation: Rotation, at: Moment, now: datetime) -> bool:
    """Whether something happened recently enough to delete a token because of it."""
    return isinstance(at, datetime) and timedelta() <= now - at <= rotation.policy.fresh


def stale(rotation: Rotation, at: datetime) -> bool:
    """Whether the newest look, or the waiver, is too old for a deletion."""
    if not is_fresh(rotation, rotation.seen.looked_at, at):
        return True
    return rotation.waiver is not None and not is_fresh(rotation, rotation.waiver.at, at)


def _one(rotation: Rotation, seen: TokenActivity, event: Event, at: datetime) -> TokenActivity:
    """One more request in the log."""
    kind = counts_as(rotation, seen, event)
    record = LoggedRequest(
        id=event.id,
        at=event.at,
        operation=event.operation,
        status=event.status,
        token_id=event.token_id,
        client=event.client,
        counts_as=kind,
    )
    changes: dict[str, object] = {
        "cursor": max(seen.cursor or 0, event.id),
        "attributed": seen.attributed or not isinstance(event.token_id, Absent),
        "records": (record, *seen.records)[:MOST_RECORDS],
    }
    match kind:
        case "own":
            found = rotation.nonce in event.client
            mine = rotation.new is not None and event.token_id == rotation.new.id
            changes |= {"own_requests": seen.own_requests + mine}
            changes |= {"nonce_found": seen.nonce_found or found}
        case "old":
            changes |= {"old_requests": seen.old_requests + 1, "newest_old_at": at}
            changes |= {"old_clients": add_client(seen.old_clients, event.client)}
        case "E3" | "E4":
            changes |= _use_of_new(seen, at, event.client, writes=kind == "E4")
        case "other":
            changes |= _use_by_other(seen, at, event.client)
        case "refused":
            changes |= _refusal(rotation, seen, event, at)
    return seen.model_copy(update=changes)


def _use_of_new(
    seen: TokenActivity, at: datetime, client: Words, *, writes: bool
) -> dict[str, object]:
    first = at if seen.first_new_at is NEVER else seen.first_new_at
    found: dict[str, object] = {
        "new_requests": seen.new_requests + 1,
        "first_new_at": first,
        "newest_new_at": at,
        "new_client": client,
    }
    if writes:
        found["new_writes"] = seen.new_writes + 1
        found["first_write_at"] = at if seen.first_write_at is NEVER else seen.first_write_at
        found["newest_write_at"] = at
    return found


def _use_by_other(seen: TokenActivity, at: datetime, client: Words) -> dict[str, object]:
    return {
        "other_requests": seen.other_requests + 1,
        "other_clients": add_client(seen.other_clients, client),
        "newest_other_at": at,
    }


def _refusal(
    rotation: Rotation, seen: TokenActivity, event: Event, at: datetime
) -> dict[str, object]:
    """A refusal matters when it may be the IdP's; scanners and strangers are only counted."""
    if not any(receipt.ok is not False for receipt in rotation.receipts):
        return {}
    found: dict[str, object] = {"refused": seen.refused + 1}
    known = {*seen.old_clients, seen.new_client}
    perhaps = event.token_known is not False and not seen.old_clients
    if isinstance(event.client, Absent) or event.client in known or perhaps:
        found |= {"newest_refused_at": at, "refused_client": event.client}
    return found


def _last_use_of_old(
    seen: TokenActivity, old: AccessToken | None, earliest: datetime, look: Observation
) -> TokenActivity:
    """Add the last use by the list of tokens, which the log may not have."""
    if old is None:
        return seen
    moved = not isinstance(seen.old_count, Absent) and old.requests != seen.old_count
    changes: dict[str, object] = {"old_count": old.requests}
    used = old.last_used_at
    newest = seen.newest_old_at
    if isinstance(used, datetime) and (isinstance(newest, Absent) or used > newest):
        later = moved and look.events is None
        changes["newest_old_at"] = (
            min(max(used, earliest), look.at) if later else min(used, look.at)
        )
        changes["old_clients"] = add_client(seen.old_clients, old.last_client)
    elif moved and look.events is None:
        changes["newest_old_at"] = look.at
    return seen.model_copy(update=changes)


def _last_use_of_new(
    rotation: Rotation, seen: TokenActivity, new: AccessToken, look: Observation
) -> TokenActivity:
    """Without a log, count a use as the IdP's only if our probes cannot have caused it."""
    ours = max((probe.at for probe in rotation.probes), default=rotation.started_at)
    later = isinstance(new.last_used_at, datetime) and new.last_used_at > ours + SKEW
    named = not isinstance(new.last_client, Absent) and new.last_used_at is not NEVER
    if is_own(rotation, new.last_client) or not (named or later):
        return seen
    at = min(new.last_used_at, look.at) if isinstance(new.last_used_at, datetime) else look.at
    if at in (seen.newest_new_at, seen.newest_other_at):
        return seen
    if not is_idp(rotation, seen, new.last_client):
        return seen.model_copy(update=_use_by_other(seen, at, new.last_client))
    return seen.model_copy(update=_use_of_new(seen, at, new.last_client, writes=False))


def add_client(clients: Iterable[str], client: Words) -> tuple[str, ...]:
    """The clients with one more, each once."""
    return add_clients(clients, () if isinstance(client, Absent) else (client,))


def add_clients(clients: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    """The clients with several more, each once."""
    return tuple(dict.fromkeys((*clients, *more)))[-_MOST_CLIENTS:]


def _find(look: Observation, token_id: str | None) -> AccessToken | None:
    return next((token for token in look.tokens or () if token.id == token_id), None)
