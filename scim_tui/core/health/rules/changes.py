"""Whether many people were lost within a day."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from scim_tui.core.health.observed import Observed
from scim_tui.core.health.verdict import Level, Reading, SignalName
from scim_tui.model.ages import span
from scim_tui.model.directory import Summary
from scim_tui.model.history import Count
from scim_tui.model.unknown_values import Absent
from scim_tui.model.unknown_values import Count as Number

WINDOW = timedelta(days=1)
_PARTS: tuple[tuple[str, Callable[[Summary], Number]], ...] = (
    ("users", lambda each: each.users),
    ("active users", lambda each: each.active_users),
    ("groups", lambda each: each.groups),
    ("memberships", lambda each: each.memberships),
)


def readings(seen: Observed) -> Iterator[Reading]:
    """All of this file."""
    summary = seen.snapshot.summary
    if isinstance(summary, Absent):
        return
    yield from _losses(seen, summary)


def _losses(seen: Observed, summary: Summary) -> Iterator[Reading]:
    earlier = [each for each in seen.earlier if seen.at - each.at <= WINDOW]
    if not earlier:
        reason = "what the directory held a day ago was not looked at"
        yield Reading(name=SignalName.MASS_CHANGE, level=Level.NOT_OFFERED, reason=reason)
        return
    found = [each for each in (_loss(seen, summary, earlier, part) for part in _PARTS) if each]
    yield from found
    if not found:
        yield Reading(
            name=SignalName.MASS_CHANGE,
            level=Level.FINE,
            reason=f"no mass change in the last {span(seen.at - earlier[0].at)}",
            observed_at=seen.at,
        )


def _loss(
    seen: Observed,
    summary: Summary,
    earlier: list[Count],
    part: tuple[str, Callable[[Summary], Number]],
) -> Reading | None:
    what, number = part
    now = number(summary)
    known = [(count, each.at) for each in earlier if isinstance(count := number(each.summary), int)]
    if isinstance(now, Absent) or not known:
        return None
    before, at = max(known, key=lambda each: each[0])
    lost = before - now
    if not seen.limits.is_mass_change(lost, before):
        return None
    return Reading(
        name=SignalName.MASS_CHANGE,
        level=Level.FAILING,
        reason=f"{lost:,} of {before:,} {what} lost since {at:%H:%MZ}, {100 * lost / before:.0f} %",
        value=lost,
        threshold=f"{seen.limits.mass_percent:g} % and {seen.limits.mass_floor}",
        observed_at=seen.at,
        next_step="Pause provisioning in the IdP, then see who: scim-tui users diff --since 24h",
        cause=what,
    )
