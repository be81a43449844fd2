"""Whether a verdict is reported: compared with what was reported last. Pure.

What is not sent now, because of quiet hours or the rate limit, is not forgotten: the next verdict
is compared with what was really reported, so that only what still holds is sent, and once.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from scim_tui.core.health.verdict import Judgement, Reading
from scim_tui.core.watch.rules import WatchRules
from scim_tui.model.alert import Alert, AlertCause, AlertKind
from scim_tui.model.base import Value
from scim_tui.model.verdict import Verdict


class Reported(Value):
    """What is known of one profile from one look to the next."""

    verdict: str = ""
    """The verdict that was reported last; empty: nothing was."""
    causes: frozenset[str] = frozenset()
    """All causes that were reported since it was healthy."""
    at: datetime | None = None
    """When something was reported last."""
    since: datetime | None = None
    """Since when it is not healthy; None: it is healthy."""
    unknown_since: datetime | None = None

    @property
    def in_trouble(self) -> bool:
        """Whether trouble was reported, and its end was not."""
        return self.verdict not in {"", Verdict.HEALTHY}


def decide(
    profile: str,
    reported: Reported,
    judged: Judgement,
    rules: WatchRules,
    *,
    expect_off: bool = False,
    environment: str = "",
) -> tuple[Alert | None, Reported]:
    """The message that is due, and what is known if it is sent.

    If it is not sent, `observed` gives what is known then.
    """
    now = observed(reported, judged, expect_off=expect_off)
    verdict = _verdict(judged, expect_off=expect_off)
    kind = _kind(now, judged, verdict, rules)
    if kind is None:
        return None, now
    causes = tuple(_cause(each, reported.causes) for each in judged.causes)
    alert = Alert(
        id=_id(profile, kind, judged.at),
        kind=kind,
        profile=profile,
        environment=environment,
        verdict=verdict,
        before=reported.verdict,
        at=judged.at,
        since=reported.since or now.since or judged.at,
        causes=() if kind is AlertKind.RECOVERY else causes,
    )
    if kind is AlertKind.RECOVERY:
        return alert, Reported(verdict=verdict, at=judged.at)
    keys = frozenset(each.key for each in judged.causes)
    update = {"verdict": verdict.value, "causes": reported.causes | keys, "at": judged.at}
    return alert, now.model_copy(update=update)


def observed(reported: Reported, judged: Judgement, *, expect_off: bool = False) -> Reported:
    """What is known after a look of which nothing was reported."""
    verdict = _verdict(judged, expect_off=expect_off)
    since = None if verdict is Verdict.HEALTHY else reported.since or judged.at
    blind = verdict is Verdict.UNKNOWN
    unknown_since = (reported.unknown_since or judged.at) if blind else None
    return reported.model_copy(update={"since": since, "unknown_since": unknown_since})


def _verdict(judged: Judgement, *, expect_off: bool) -> Verdict:
    return Verdict.HEALTHY if expect_off and judged.verdict is Verdict.OFF else judged.verdict


def _kind(
    known: Reported, judged: Judgement, verdict: Verdict, rules: WatchRules
) -> AlertKind | None:
    if verdict is Verdict.HEALTHY:
        return AlertKind.RECOVERY if known.in_trouble else None
    if verdict is Verdict.UNKNOWN and known.verdict != verdict:
        blind_for = judged.at - (known.unknown_since or judged.at)
        return AlertKind.TROUBLE if blind_for >= rules.unknown_after else None
    if verdict.value != known.verdict:
        return AlertKind.TROUBLE
    if any(each.key not in known.causes for each in judged.causes):
        return AlertKind.CAUSE
    late = (
        rules.remind is not None and known.at is not None and judged.at - known.at >= rules.remind
    )
    return AlertKind.REMINDER if late else None


def _cause(reading: Reading, before: Iterable[str]) -> AlertCause:
    return AlertCause(
        signal=reading.name,
        level=reading.level,
        reason=reading.reason,
        next_step=reading.next_step,
        is_new=reading.key not in before,
    )


def _id(profile: str, kind: AlertKind, at: datetime) -> str:
    return hashlib.sha256(f"{profile}\0{kind}\0{at.isoformat()}".encode()).hexdigest()[:16]
