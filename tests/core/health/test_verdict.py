"""The verdict: what makes it, and that unknown is never healthy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scim_tui.core.health.judge import judge
from scim_tui.core.health.observed import Observed
from scim_tui.core.health.verdict import Judgement, SignalName
from scim_tui.model.activity import Probe, Traffic
from scim_tui.model.directory import Summary
from scim_tui.model.errors import Unreachable
from scim_tui.model.history import Count
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.model.thresholds import Thresholds
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.model.verdict import Verdict
from tests.core.health.health_kit import snapshot, token
from tests.fakes.memory import ALL_YES
from tests.fakes.sample import START


def verdict_of(**parts: object) -> Judgement:
    return judge(Observed(snapshot=snapshot(**parts), can=ALL_YES))


def traffic(**parts: object) -> Traffic:
    found = snapshot().traffic
    assert isinstance(found, Traffic)
    return found.model_copy(update=parts)


def test_a_good_day_is_healthy_and_needs_nothing() -> None:
    found = verdict_of()
    assert (found.verdict, found.causes, found.next_step) == (Verdict.HEALTHY, (), "")


@pytest.mark.parametrize(
    ("parts", "verdict", "cause"),
    [
        ({"tokens": ()}, Verdict.FAILING, SignalName.TOKEN_WORKS),
        ({"tokens": (token(-1),)}, Verdict.FAILING, SignalName.TOKEN_WORKS),
        ({"tokens": (token(6),)}, Verdict.FAILING, SignalName.TOKEN_END),
        ({"tokens": (token(29),)}, Verdict.DEGRADED, SignalName.TOKEN_END),
        ({"tokens": UNKNOWN}, Verdict.UNKNOWN, SignalName.TOKEN_WORKS),
        ({"probe": Probe(at=START, ok=False, status=503)}, Verdict.FAILING, SignalName.REACHABLE),
        ({"error": Unreachable("No route.")}, Verdict.UNKNOWN, SignalName.REACHABLE),
        ({"error": Unreachable("The certificate ended.")}, Verdict.FAILING, SignalName.REACHABLE),
        ({"skew": timedelta(days=1)}, Verdict.DEGRADED, SignalName.CLOCK),
        (
            {"status": ProvisioningStatus(state=ProvisioningState.DISABLED)},
            Verdict.OFF,
            SignalName.ENABLED,
        ),
        (
            {"status": ProvisioningStatus(state=ProvisioningState.UNKNOWN)},
            Verdict.UNKNOWN,
            SignalName.ENABLED,
        ),
        (
            {
                "traffic": traffic(
                    unauthorized=3,
                    last_unauthorized_at=START,
                    last_accepted_at=START - timedelta(hours=1),
                )
            },
            Verdict.FAILING,
            SignalName.TOKEN_WORKS,
        ),
        ({"traffic": traffic(throttled=40)}, Verdict.DEGRADED, SignalName.THROTTLED),
        (
            {"traffic": traffic(accepted=2, refused=30, refused_users=30)},
            Verdict.FAILING,
            SignalName.REFUSED,
        ),
    ],
)
def test_each_fault_gives_its_verdict_and_names_itself(
    parts: dict[str, object], verdict: Verdict, cause: SignalName
) -> None:
    found = verdict_of(**parts)
    assert found.verdict is verdict
    assert found.causes[0].name is cause
    assert found.reason


def test_a_refused_person_among_many_accepted_is_a_note() -> None:
    accepted = traffic(refused=1, refused_users=1, last_write_at=START - timedelta(minutes=6))
    assert verdict_of(traffic=accepted).verdict is Verdict.HEALTHY


def test_people_who_are_refused_again_degrade_it() -> None:
    found = judge(Observed(snapshot=snapshot(), can=ALL_YES, locked_out=2))
    assert (found.verdict, found.causes[0].value) == (Verdict.DEGRADED, 2)


@pytest.mark.parametrize(
    ("before", "now", "alarm"),
    [(1000, 949, True), (1000, 951, False), (300, 281, False), (60, 47, True), (60, 49, False)],
)
def test_many_lost_people_are_a_mass_change(before: int, now: int, alarm: bool) -> None:
    earlier = Count(at=START - timedelta(hours=1), summary=Summary(active_users=before))
    seen = snapshot(summary=Summary(users=5000, active_users=now))
    found = judge(Observed(snapshot=seen, can=ALL_YES, earlier=(earlier,)))
    assert [each.name for each in found.causes] == [SignalName.MASS_CHANGE] * alarm


def test_the_thresholds_of_a_profile_decide() -> None:
    seen = Observed(snapshot=snapshot(tokens=(token(29),)), can=ALL_YES)
    lax = replace(seen, limits=Thresholds(token_warn_days=20))
    assert (judge(seen).verdict, judge(lax).verdict) == (Verdict.DEGRADED, Verdict.HEALTHY)
