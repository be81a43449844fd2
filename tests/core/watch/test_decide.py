"""When the watch reports: changes, new causes, reminders and recoveries, and nothing twice."""

from datetime import datetime, time, timedelta

import pytest

from scim_tui.core.health.verdict import Judgement, Level, Reading, SignalName, fold
from scim_tui.core.watch.decide import Reported, decide, observed
from scim_tui.core.watch.rules import WatchRules
from scim_tui.model.alert import Alert, AlertKind
from tests.fakes.sample import START

RULES = WatchRules()
MINUTE = timedelta(minutes=1)
GRAVE = {"failing": Level.FAILING, "degraded": Level.DEGRADED, "off": Level.OFF}


def judged(at: datetime, *causes: str) -> Judgement:
    """A judgement with causes such as "failing:a"; "unknown" and "off" stand alone."""
    readings = []
    for each in causes:
        level, _, cause = each.partition(":")
        name = SignalName.ENABLED if level in {"unknown", "off"} else SignalName.PRODUCT
        grave = GRAVE.get(level, Level.UNKNOWN)
        readings.append(Reading(name=name, level=grave, reason=each, cause=cause))
    return fold(readings, at)


def told(*looks: tuple[float, tuple[str, ...]], rules: WatchRules = RULES) -> list[Alert]:
    """The messages of looks at these minutes."""
    reported, alerts = Reported(), []
    for minute, causes in looks:
        alert, reported = decide("p", reported, judged(START + minute * MINUTE, *causes), rules)
        if alert:
            alerts.append(alert)
    return alerts


def kinds(*looks: tuple[float, tuple[str, ...]]) -> list[AlertKind]:
    return [each.kind for each in told(*looks)]


def test_a_healthy_directory_is_never_reported() -> None:
    assert kinds((0, ()), (1, ()), (9999, ())) == []


def test_trouble_is_reported_once_and_its_end_once() -> None:
    bad = ("failing:a",)
    found = told((0, ()), (1, bad), (2, bad), (3, bad), (4, ()), (5, ()))
    assert [each.kind for each in found] == [AlertKind.TROUBLE, AlertKind.RECOVERY]
    assert found[0].causes[0].is_new
    assert found[1].since == START + MINUTE


def test_a_new_cause_is_reported_and_one_that_comes_back_is_not() -> None:
    both = ("degraded:a", "degraded:b")
    looks = ((0, ("degraded:a",)), (1, both), (2, ("degraded:a",)), (3, both))
    found = told(*looks)
    assert [each.kind for each in found] == [AlertKind.TROUBLE, AlertKind.CAUSE]
    assert [each.is_new for each in found[1].causes] == [False, True]


def test_a_worse_and_a_better_verdict_are_reported() -> None:
    looks = ((0, ("degraded:a",)), (1, ("failing:a",)), (2, ("degraded:a",)))
    assert kinds(*looks) == [AlertKind.TROUBLE] * 3


def test_what_lasts_is_repeated_after_a_day() -> None:
    bad = ("failing:a",)
    looks = ((0, bad), (60 * 23, bad), (60 * 24, bad), (60 * 25, bad))
    assert kinds(*looks) == [AlertKind.TROUBLE, AlertKind.REMINDER]
    never = WatchRules(remind=None)
    assert len(told(*looks, rules=never)) == 1


def test_a_short_outage_of_our_own_network_is_not_reported() -> None:
    blind = ("unknown",)
    assert kinds((0, ()), (1, blind), (5, blind), (6, ())) == []
    assert kinds((0, ()), (1, blind), (11, blind), (12, blind)) == [AlertKind.TROUBLE]


def test_off_is_trouble_unless_it_is_expected() -> None:
    off = judged(START, "off")
    assert decide("p", Reported(), off, RULES)[0] is not None
    assert decide("p", Reported(), off, RULES, expect_off=True)[0] is None


def test_what_was_held_back_is_reported_when_it_still_holds() -> None:
    bad = judged(START, "failing:a")
    kept = observed(Reported(), bad)
    alert, _ = decide("p", kept, judged(START + MINUTE, "failing:a"), RULES)
    assert alert is not None
    assert (alert.kind, alert.since) == (AlertKind.TROUBLE, START)


@pytest.mark.parametrize(
    ("quiet", "hour", "is_quiet"),
    [
        ((time(22), time(7)), 23, True),
        ((time(22), time(7)), 3, True),
        ((time(22), time(7)), 7, False),
        ((time(12), time(13)), 12, True),
        ((time(12), time(13)), 14, False),
        (None, 3, False),
    ],
)
def test_quiet_hours_may_go_past_midnight(
    quiet: tuple[time, time] | None, hour: int, is_quiet: bool
) -> None:
    assert WatchRules(quiet=quiet).is_quiet(START.replace(hour=hour)) is is_quiet
