"""What `tokens check` finds out, and what it makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from scim_tui.cli.tokens.thresholds import Range
from scim_tui.cli.tokens.token_data import token_data
from scim_tui.core.rotation.journal import Journal
from scim_tui.core.tokens.api import IN_USE
from scim_tui.model.activity import Probe, Traffic
from scim_tui.model.ages import day
from scim_tui.model.clock_skew import judged, skew_words
from scim_tui.model.escaping import reveal
from scim_tui.model.expiry import whole_days_left
from scim_tui.model.provisioning import AccessToken, State
from scim_tui.model.rotation.rotation import Rotation
from scim_tui.model.rotation.token_notes import NotedToken
from scim_tui.model.token_use import use_words
from scim_tui.model.unknown_values import NEVER, Absent, Moment

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace

OK, WARNING, CRITICAL, UNKNOWN = range(4)
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_WORST_FIRST = (CRITICAL, WARNING, UNKNOWN, OK)
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What could be found out about the tokens of a profile."""

    profile: str
    at: datetime
    trouble: str = ""
    """Why nothing more is known; empty when all was answered."""
    state: State = State.UNKNOWN
    tokens: tuple[AccessToken, ...] | None = None
    """None: they cannot be listed."""
    noted: tuple[NotedToken, ...] = ()
    """What is told of them where they cannot be listed."""
    most: int | None = None
    probe: Probe | None = None
    traffic: Traffic | None = None
    skew: timedelta | None = None
    """How far the server's clock is ahead of ours; None: its answers do not say."""
    rotation: Rotation | None = None
    """The one that is open."""


class Verdict(NamedTuple):
    """What is told: the code, why, and the token that it is about."""

    code: int
    sentence: str
    token: AccessToken | None = None


async def gather(space: "Workspace") -> Facts:
    """Ask for everything once. Raises `ScimTuiError` when there is no answer."""
    can, provider = space.provider.capabilities, space.provider
    status = await provider.status()
    now = judged(space.clock(), provider.clock_skew)
    tokens = tuple(await provider.tokens()) if can.list_tokens else None
    traffic = await provider.traffic(now - _DAY) if can.events else None
    noted = await space.ledger.list()
    return Facts(
        profile=space.profile.name,
        at=now,
        state=status.state,
        tokens=tokens,
        noted=noted,
        most=can.max_tokens,
        traffic=traffic,
        probe=(await provider.probe()).for_the_idp(status.listening),
        skew=provider.clock_skew,
        rotation=Journal.of(space.profile.data_dir, "").open(),
    )


def judge(facts: Facts, warn: Range, critical: Range) -> Verdict:
    """The worst of what is known of the tokens that matter."""
    if facts.trouble:
        return Verdict(UNKNOWN, facts.trouble)
    if facts.tokens is None:
        return _by_probe(facts) or _told(facts, warn, critical)
    if facts.state is State.DISABLED:
        return Verdict(WARNING, "provisioning is disabled, so nobody can push here")
    if not facts.tokens:
        return Verdict(CRITICAL, "there is no token, so nobody can push here")
    found = [_one(facts, token, warn, critical) for token in that_matter(facts.tokens, facts.at)]
    return min(found, key=lambda verdict: _WORST_FIRST.index(verdict.code))


def that_matter(tokens: Sequence[AccessToken], now: datetime) -> list[AccessToken]:
    """The tokens whose end would be felt, the soonest first.

    Those in use, or perhaps in use; else the one used last; where none was ever used, those that
    still could be. One that was left behind long ago may end.
    """
    alive = [token for token in tokens if not _over(token, now)]
    used = [token for token in tokens if isinstance(token.last_used_at, datetime)]
    busy = [token for token in alive if _perhaps_in_use(token, now)]
    newest = sorted(used, key=lambda token: _instant(token.last_used_at))[-1:]
    found = busy + [token for token in newest if token not in busy]
    return sorted(found or alive or list(tokens), key=lambda token: _instant(token.expires_at))


def as_line(facts: Facts, verdict: Verdict, ranges: tuple[Range, Range]) -> str:
    """The line of a monitoring plugin, with its figures after the bar."""
    open_ = facts.rotation
    more = f"; rotation {open_.id} is open at {open_.state.value!r}" if open_ else ""
    skewed = skew_words(facts.skew)
    more += f"; {skewed[0].lower()}{skewed[1:-1]}" if skewed else ""
    text = plain(f"{facts.profile} {verdict.sentence}{more}")
    figures = _figures(facts, verdict, ranges)
    return f"SCIM TOKEN {WORDS[verdict.code]} - {text}{' | ' if figures else ''}{figures}"


def as_data(facts: Facts, verdict: Verdict, ranges: tuple[Range, Range]) -> dict[str, Any]:
    """The same for programs; what is not known is null."""
    tokens = [] if facts.tokens is None else [token_data(each, facts.at) for each in facts.tokens]
    return {
        "profile": facts.profile,
        "as_of": facts.at,
        "clock_skew_seconds": facts.skew.total_seconds() if facts.skew is not None else None,
        "code": verdict.code,
        "state": WORDS[verdict.code],
        "text": verdict.sentence,
        "token": verdict.token.id if verdict.token else None,
        "days_left": _left(verdict.token, facts.at),
        "warn": ranges[0].text,
        "critical": ranges[1].text,
        "provisioning": facts.state.value,
        "endpoint_up": facts.probe.ok if facts.probe else None,
        "tokens": tokens,
        "slots": {"used": None if facts.tokens is None else len(tokens), "max": facts.most},
        "noted": [
            {**token_data(each.token, facts.at), "source": each.source} for each in facts.noted
        ],
        "rotation": {"id": facts.rotation.id, "state": facts.rotation.state.value}
        if facts.rotation
        else None,
    }


def plain(text: str) -> str:
    """Without what has a meaning of its own in the line of a plugin."""
    return " ".join(reveal(text).replace("|", "/").split())


def _by_probe(facts: Facts) -> Verdict | None:
    """What the endpoint says of the token of the profile; None: it lets it in."""
    if facts.probe is not None and facts.probe.status in {401, 403}:
        return Verdict(CRITICAL, f"the token is not accepted: {facts.probe.message}")
    if facts.probe is not None and not facts.probe.ok:
        return Verdict(UNKNOWN, facts.probe.message)
    return None


def _told(facts: Facts, warn: Range, critical: Range) -> Verdict:
    """What was told of the tokens: the worst of it, with where it is known from."""
    if not facts.noted:
        return Verdict(
            UNKNOWN, "the tokens cannot be listed here, and nobody told their end: tokens record"
        )
    sources = {each.id: each.source for each in facts.noted}
    matter = that_matter([each.token for each in facts.noted], facts.at)
    found = [_one(facts, token, warn, critical) for token in matter]
    worst = min(found, key=lambda verdict: _WORST_FIRST.index(verdict.code))
    source = sources[worst.token.id] if worst.token else ""
    return worst._replace(sentence=f"{worst.sentence}, {source}")


def _one(facts: Facts, token: AccessToken, warn: Range, critical: Range) -> Verdict:
    code, left = _code(token, facts.at, warn, critical)
    return Verdict(code, f"{token.id} {left}, {use_words(token, facts.at)}", token)


def _code(token: AccessToken, now: datetime, warn: Range, critical: Range) -> tuple[int, str]:
    left = whole_days_left(token.expires_at, now)
    if _over(token, now):
        return CRITICAL, f"has ended ({day(token.expires_at)})"
    if isinstance(left, Absent):
        return (OK, "has no end") if left is NEVER else (UNKNOWN, "ends at an unknown time")
    words = f"{left}d left ({day(token.expires_at)})"
    if critical.alerts(left):
        return CRITICAL, words
    return (WARNING if warn.alerts(left) else OK), words


def _figures(facts: Facts, verdict: Verdict, ranges: tuple[Range, Range]) -> str:
    parts = []
    if (left := _left(verdict.token, facts.at)) is not None:
        parts.append(f"days_left={left};{ranges[0].text};{ranges[1].text}")
    if facts.tokens is not None:
        most = "" if facts.most is None else facts.most
        parts.append(f"slots_used={len(facts.tokens)};;;0;{most}")
    return " ".join(parts)


def _left(token: AccessToken | None, now: datetime) -> int | None:
    left = whole_days_left(token.expires_at, now) if token else None
    return left if isinstance(left, int) else None


def _over(token: AccessToken, now: datetime) -> bool:
    return isinstance(token.expires_at, datetime) and token.expires_at <= now


def _perhaps_in_use(token: AccessToken, now: datetime) -> bool:
    if isinstance(token.last_used_at, Absent):
        return token.last_used_at is not NEVER
    return now - token.last_used_at < IN_USE


def _instant(at: Moment) -> float:
    """For sorting; what is absent comes last."""
    return float("inf") if isinstance(at, Absent) else at.timestamp()
