"""What a rotation requests from the provider: the checks before it, and each look during it."""

from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from scim_tui.core.rotation.key_log import events_since, look_for_keys
from scim_tui.model.activity import Event
from scim_tui.model.ages import age
from scim_tui.model.clock import Clock
from scim_tui.model.clock_skew import skew_words
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.model.expiry import band, days_left
from scim_tui.model.plural import plural
from scim_tui.model.provisioning import SHUT, AccessToken, ProvisioningState, ProvisioningStatus
from scim_tui.model.rotation.callers import is_own
from scim_tui.model.rotation.create import Checked, why_keep
from scim_tui.model.rotation.proof import Observation
from scim_tui.model.rotation.rotation import Check, Rotation
from scim_tui.model.token_use import use_words
from scim_tui.model.unknown_values import UNKNOWN, Absent, Words
from scim_tui.providers.port import Provider

PAGE = 500
MOST_PAGES = 40
"""Pages of the log that one look reads at most; the list of tokens also has their last use."""
_DAY = timedelta(hours=24)


async def look(provider: Provider, rotation: Rotation, clock: Clock) -> Observation:
    """The tokens and what was logged since the look before. Raises what the provider raises."""
    place = _place(await provider.status())
    # Only an answer says how far the server's clock is from ours.
    now, skew = clock(), provider.clock_skew
    if provider.capabilities.key_ids:
        named, keys = await look_for_keys(provider, rotation, now)
        return Observation(now, None, named, place=place, skew=skew, keys=keys)
    events, whole = await _events_after(provider, rotation.seen.cursor or 0)
    tokens = await list_tokens(provider)
    old = next((t for t in tokens or () if t.id == rotation.old.id), None)
    blind = old is None or old.last_used_at is UNKNOWN
    return Observation(now, tokens, events, reset=not whole and blind, place=place, skew=skew)


async def checks(provider: Provider, rotation: Rotation, clock: Clock) -> Checked:
    """The checks before anything is changed; each of them needs an answer of the provider."""
    status = await provider.status()
    probe = await provider.probe()
    now, skew = clock(), provider.clock_skew
    tokens = await list_tokens(provider)
    most = provider.capabilities.max_tokens
    day = await _day_before(provider, now)
    answer = Check(
        name="Endpoint",
        mark="ok" if probe.ok else "bad",
        sentence=probe.message or f"It answers ({probe.status}).",
    )
    found = [
        _provisioning(status),
        _slots(tokens, most),
        _old(rotation, tokens, now),
        answer,
        _clock(skew),
        _baseline(rotation, day, now),
    ]
    cursor = None if day is None else max((event.id for event in day), default=0)
    return Checked(
        now,
        tuple(found),
        tokens,
        most,
        _place(status),
        _gap(rotation, day),
        cursor,
        _callers(rotation, day),
        skew,
    )


async def list_tokens(provider: Provider) -> tuple[AccessToken, ...] | None:
    """The tokens, or None where they cannot be listed."""
    return tuple(await provider.tokens()) if provider.capabilities.list_tokens else None


def choose_old(tokens: tuple[AccessToken, ...], token_id: str, now: datetime) -> AccessToken:
    """The token of this id, else the one in use. Raises `UsageError` when there is none."""
    if token_id:
        found = next((token for token in tokens if token.id == token_id), None)
        if found is None:
            raise UsageError(f"There is no access token {token_id!r}.", "List: tokens list")
        return found
    if not tokens:
        raise UsageError("There is no access token to be replaced.", "Make one: tokens create")
    return max(tokens, key=lambda token: _worth(token, now))


def may_go(
    rotation: Rotation, tokens: tuple[AccessToken, ...], now: datetime
) -> list[tuple[AccessToken, str]]:
    """The tokens with the reason to keep each, empty for those that may go; best first."""
    listed = [(token, why_keep(rotation, token, tokens, now)) for token in tokens]
    return sorted(listed, key=lambda each: (bool(each[1]), _worth(each[0], now)))


def _worth(token: AccessToken, now: datetime) -> tuple[bool, bool, float, float]:
    alive = token.state(now) not in SHUT
    used = token.last_used_at.timestamp() if isinstance(token.last_used_at, datetime) else 0.0
    made = token.created_at.timestamp() if isinstance(token.created_at, datetime) else 0.0
    return alive, used > 0.0 or token.last_used_at is UNKNOWN, used, made


async def _events_after(provider: Provider, cursor: int) -> tuple[tuple[Event, ...] | None, bool]:
    """What was logged after the cursor, newest first, and whether that is all of it."""
    if not provider.capabilities.events:
        return None, True
    found: list[Event] = []
    before: int | None = None
    for _ in range(MOST_PAGES):
        page = await provider.events(limit=PAGE, after=cursor, before=before)
        found += page.events
        if len(page.events) < PAGE:
            return tuple(found), bool(found) or not await _was_reset(provider, cursor)
        before = page.events[-1].id
    return tuple(found), False


async def _was_reset(provider: Provider, cursor: int) -> bool:
    if cursor == 0:
        return False
    newest = await provider.events(limit=1)
    return not newest.events or newest.events[0].id < cursor


async def _day_before(provider: Provider, now: datetime) -> list[Event] | None:
    if not provider.capabilities.events:
        return None
    if provider.capabilities.key_ids:
        # A key is no token yet, so no token is named in them.
        found = await events_since(provider, now - _DAY)
        unsaid = {"token_id": UNKNOWN}
        return found and [event.model_copy(update=unsaid) for event in found]
    newest = (await provider.events(limit=1)).events
    day = (await provider.events(limit=2 * PAGE, since=now - _DAY)).events
    return [*day, *(() if day else newest)]


def _gap(rotation: Rotation, day: list[Event] | None) -> timedelta | None:
    """The median gap between two requests of the IdP."""
    times = sorted(event.at for event in day or () if _by_the_idp(rotation, event))
    gaps = [later - sooner for sooner, later in pairwise(times)]
    return timedelta(seconds=median(gap.total_seconds() for gap in gaps)) if gaps else None


def _by_the_idp(rotation: Rotation, event: Event) -> bool:
    """Whether an IdP sent it: not this program, nor a client whose token never existed here."""
    return not is_own(rotation, event.client) and event.token_known is not False


def _callers(rotation: Rotation, day: list[Event] | None) -> tuple[str, ...]:
    """Who used the old token in the day before, oldest first."""
    found: dict[str, None] = {}
    for event in reversed(day or ()):
        mine = isinstance(event.token_id, Absent) or event.token_id == rotation.old.id
        if mine and event.status < 400 and not isinstance(event.client, Absent):
            found[event.client] = None
    return tuple(client for client in found if not is_own(rotation, client))


def _place(status: ProvisioningStatus) -> Words:
    known = not isinstance(status.tenant_id, Absent)
    return status.tenant_id if known else status.scim_endpoint


def _provisioning(status: ProvisioningStatus) -> Check:
    mark = {
        ProvisioningState.ENABLED: "ok",
        ProvisioningState.DISABLED: "bad",
        ProvisioningState.UNKNOWN: "unknown",
    }[status.state]
    return Check(name="Provisioning", mark=mark, sentence=f"It is {status.state}.")


def _slots(tokens: tuple[AccessToken, ...] | None, most: int | None) -> Check:
    if tokens is None:
        return Check(name="Slots", mark="unknown", sentence="The tokens cannot be listed here.")
    if most is None:
        return Check(name="Slots", mark="ok", sentence=f"{len(tokens)} used, no limit is known.")
    mark = "ok" if len(tokens) < most else "warn"
    return Check(name="Slots", mark=mark, sentence=f"{len(tokens)} of {most} used.")


def _old(rotation: Rotation, tokens: tuple[AccessToken, ...] | None, now: datetime) -> Check:
    token = next((t for t in tokens or () if t.id == rotation.old.id), None)
    if token is None:
        return Check(name="Old token", mark="unknown", sentence=f"{rotation.old.id}, as typed.")
    left = days_left(token.expires_at, now)
    end = f"its end is {left}" if isinstance(left, Absent) else f"{plural(left, 'day')} left"
    mark = "ok" if band(token.expires_at, now).value == "[ok]" else "warn"
    return Check(
        name="Old token", mark=mark, sentence=f"{token.id}, {end}, {use_words(token, now)}."
    )


def _clock(skew: timedelta | None) -> Check:
    if skew is None:
        sentence = (
            "The server's answers carry no Date, so the old token goes by O or "
            "--accept-unproven only."
        )
        return Check(name="Clock", mark="unknown", sentence=sentence)
    words = skew_words(skew)
    mark = "warn" if words else "ok"
    return Check(name="Clock", mark=mark, sentence=words or "It agrees with the server's.")


def _baseline(rotation: Rotation, events: list[Event] | None, now: datetime) -> Check:
    if events is None:
        sentence = "What the IdP does cannot be seen here, so a person has to say."
        return Check(name="IdP", mark="unknown", sentence=sentence)
    day = [event for event in events if _by_the_idp(rotation, event)]
    if not day:
        return Check(name="IdP", mark="unknown", sentence="No request of it was ever seen.")
    newest = max(event.at for event in day)
    count = sum(1 for event in day if now - event.at <= _DAY)
    more = "at least " if count >= 2 * PAGE else ""
    sentence = f"{more}{plural(count, 'request')} in 24 hours, the newest {age(newest, now)}."
    return Check(name="IdP", mark="ok" if count else "warn", sentence=sentence)


def reason_of(error: ScimTuiError) -> str:
    """The text that the journal keeps of an error."""
    return error.message[:300]
