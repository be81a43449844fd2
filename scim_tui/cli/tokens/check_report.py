"""What `tokens check` reports of a snapshot: a line for monitoring plugins, or JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from scim_tui.cli.tokens.thresholds import Range
from scim_tui.cli.tokens.token_data import token_data
from scim_tui.core.health.aspects import Aspect
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.tokens.evidence import IN_USE
from scim_tui.model.ages import day
from scim_tui.model.clock import utc_now
from scim_tui.model.clock_skew import judged, skew_words
from scim_tui.model.escaping import reveal
from scim_tui.model.expiry import whole_days_left
from scim_tui.model.provisioning import AccessToken, ProvisioningState, ProvisioningStatus
from scim_tui.model.rotation.rotation import Rotation
from scim_tui.model.token_use import use_words
from scim_tui.model.unknown_values import NEVER, Absent, Moment

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace

OK, WARNING, CRITICAL, UNKNOWN = range(4)
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_WORST_FIRST = (CRITICAL, WARNING, UNKNOWN, OK)
_ALWAYS = (Aspect.NOTED, Aspect.PROBE, Aspect.ROTATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known about the tokens of a profile."""

    profile: str
    snapshot: Snapshot
    most: int | None = None
    """How many tokens may exist; None: not known."""
    trouble: str = ""
    """Why nothing more is known; empty when all was answered."""

    @property
    def at(self) -> datetime:
        """When that was, by the server's clock."""
        return judged(self.snapshot.at, self.snapshot.skew)

    @property
    def open_rotation(self) -> Rotation | None:
        """The rotation that is open; None: there is none, or that is not known."""
        standing = self.snapshot.rotation
        if isinstance(standing, Absent) or standing.rotation is None:
            return None
        return standing.rotation if standing.rotation.open else None


class CheckResult(NamedTuple):
    """The code to end with, why, and the token that it is about."""

    code: int
    sentence: str
    token: AccessToken | None = None


async def gather(space: "Workspace") -> Report:
    """Request what the check needs. Raises `ScimTuiError` when there is no answer."""
    can = space.provider.capabilities
    asked = {Aspect.TOKENS: can.list_tokens, Aspect.TRAFFIC: can.events}
    wanted = {*_ALWAYS, *(part for part, able in asked.items() if able)}
    found = await space.health.collect(wanted)
    if found.problems:
        first = next(part for part in Aspect if part in found.problems)
        return failed(space.profile.name, found.problems[first])
    return Report(profile=space.profile.name, snapshot=found, most=can.max_tokens)


def failed(profile: str, trouble: str) -> Report:
    """The report when there was no answer."""
    nothing = Snapshot(at=utc_now(), status=ProvisioningStatus(state=ProvisioningState.UNKNOWN))
    return Report(profile=profile, snapshot=nothing, trouble=trouble)


def judge(report: Report, warn: Range, critical: Range) -> CheckResult:
    """The worst result for the tokens that matter."""
    if report.trouble:
        return CheckResult(UNKNOWN, report.trouble)
    if isinstance(tokens := report.snapshot.tokens, Absent):
        return _by_probe(report) or _noted(report, warn, critical)
    if report.snapshot.status.state is ProvisioningState.DISABLED:
        return CheckResult(WARNING, "provisioning is disabled, so nobody can push here")
    if not tokens:
        return CheckResult(CRITICAL, "there is no token, so no IdP can push here")
    found = [_one(report, token, warn, critical) for token in that_matter(tokens, report.at)]
    return min(found, key=lambda verdict: _WORST_FIRST.index(verdict.code))


def that_matter(tokens: Sequence[AccessToken], now: datetime) -> list[AccessToken]:
    """The tokens whose end an IdP would notice, the soonest first.

    Those in use, or perhaps in use; else the one used last; where none was ever used, all that
    still work. A token that has not been used for long is left out.
    """
    alive = [token for token in tokens if not _over(token, now)]
    used = [token for token in tokens if isinstance(token.last_used_at, datetime)]
    busy = [token for token in alive if _perhaps_in_use(token, now)]
    newest = sorted(used, key=lambda token: _instant(token.last_used_at))[-1:]
    found = busy + [token for token in newest if token not in busy]
    return sorted(found or alive or list(tokens), key=lambda token: _instant(token.expires_at))


def as_line(report: Report, verdict: CheckResult, ranges: tuple[Range, Range]) -> str:
    """The line of a monitoring plugin, with its figures after the bar."""
    open_ = report.open_rotation
    more = f"; rotation {open_.id} is open at {open_.state.value!r}" if open_ else ""
    skewed = skew_words(report.snapshot.skew)
    more += f"; {skewed[0].lower()}{skewed[1:-1]}" if skewed else ""
    text = plain(f"{report.profile} {verdict.sentence}{more}")
    figures = _figures(report, verdict, ranges)
    return f"SCIM TOKEN {WORDS[verdict.code]} - {text}{' | ' if figures else ''}{figures}"


def as_data(report: Report, verdict: CheckResult, ranges: tuple[Range, Range]) -> dict[str, Any]:
    """The same for programs; what is not known is null."""
    seen, now, rotation = report.snapshot, report.at, report.open_rotation
    listed = None if isinstance(seen.tokens, Absent) else seen.tokens
    tokens = [token_data(each, now) for each in listed or ()]
    return {
        "profile": report.profile,
        "as_of": now,
        "clock_skew_seconds": seen.skew.total_seconds() if seen.skew is not None else None,
        "code": verdict.code,
        "state": WORDS[verdict.code],
        "text": verdict.sentence,
        "token": verdict.token.id if verdict.token else None,
        "days_left": _left(verdict.token, now),
        "warn": ranges[0].text,
        "critical": ranges[1].text,
        "provisioning": seen.status.state.value,
        "endpoint_up": None if isinstance(seen.probe, Absent) else seen.probe.ok,
        "tokens": tokens,
        "slots": {"used": None if listed is None else len(tokens), "max": report.most},
        "noted": [{**token_data(each.token, now), "source": each.source} for each in seen.noted],
        "rotation": rotation and {"id": rotation.id, "state": rotation.state.value},
    }


def plain(text: str) -> str:
    """Without line breaks and "|", which have a meaning in the output of a plugin."""
    return " ".join(reveal(text).replace("|", "/").split())


def _by_probe(report: Report) -> CheckResult | None:
    """The result for the token of the profile at the endpoint; None: it is accepted."""
    probe = report.snapshot.probe
    if isinstance(probe, Absent) or probe.ok:
        return None
    if probe.status in {401, 403}:
        return CheckResult(CRITICAL, f"the token is not accepted: {probe.message}")
    return CheckResult(UNKNOWN, probe.message)


def _noted(report: Report, warn: Range, critical: Range) -> CheckResult:
    """The worst result for the tokens in the ledger, and how it is known."""
    noted = report.snapshot.noted
    if not noted:
        return CheckResult(
            UNKNOWN,
            "the tokens cannot be listed here, and their end is not recorded: tokens record",
        )
    sources = {each.id: each.source for each in noted}
    matter = that_matter([each.token for each in noted], report.at)
    found = [_one(report, token, warn, critical) for token in matter]
    worst = min(found, key=lambda verdict: _WORST_FIRST.index(verdict.code))
    source = sources[worst.token.id] if worst.token else ""
    return worst._replace(sentence=f"{worst.sentence}, {source}")


def _one(report: Report, token: AccessToken, warn: Range, critical: Range) -> CheckResult:
    code, left = _code(token, report.at, warn, critical)
    return CheckResult(code, f"{token.id} {left}, {use_words(token, report.at)}", token)


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


def _figures(report: Report, verdict: CheckResult, ranges: tuple[Range, Range]) -> str:
    parts = []
    if (left := _left(verdict.token, report.at)) is not None:
        parts.append(f"days_left={left};{ranges[0].text};{ranges[1].text}")
    if not isinstance(tokens := report.snapshot.tokens, Absent):
        most = "" if report.most is None else report.most
        parts.append(f"slots_used={len(tokens)};;;0;{most}")
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
