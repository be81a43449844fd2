"""What the requests of the IdP and of other clients mean, in the rows and in the health line."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scim_tui.core.health.line import health_line
from scim_tui.core.health.severity import Signal, SignalId
from scim_tui.core.health.signals import signals
from scim_tui.model.activity import Caller, Traffic
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Moment
from tests.core.health.health_kit import line, refused_traffic, row, snapshot, token
from tests.fakes.memory import ALL_YES
from tests.fakes.sample import START


@pytest.mark.parametrize("accepted_at", [START - timedelta(minutes=9), NEVER])
def test_an_idp_that_only_gets_401_is_not_fine(accepted_at: Moment) -> None:
    seen = snapshot(traffic=refused_traffic(accepted_at))
    last = "never" if accepted_at is NEVER else "9m ago"
    assert f"IdP refused (401), last ok {last} [!!]" in line(seen)
    found = row(SignalId.IDP_TRAFFIC, seen)
    assert (found.mark, found.word) == ("[!!]", "DOWN")
    assert "10 requests, 3 accepted, 0 refused, 7 with 401 or 403" in found.detail


@pytest.mark.parametrize("accepted_at", [START + timedelta(seconds=1), UNKNOWN])
def test_an_idp_accepted_again_or_unknown_raises_no_alarm(accepted_at: Moment) -> None:
    seen = snapshot(traffic=refused_traffic(accepted_at))
    assert "IdP now [ok]" in line(seen)
    assert "7 with 401" in row(SignalId.IDP_TRAFFIC, seen).detail


WRONG = Caller(client="curl/8.5", address="192.0.2.7", count=1, last_at=START)


def test_a_wrong_token_of_a_stranger_is_a_sign_in_failure_and_nothing_else() -> None:
    traffic = snapshot().traffic
    assert isinstance(traffic, Traffic)
    counts: dict[str, object] = {"sign_in_failures": 1, "strangers": (WRONG,)}
    seen = snapshot(traffic=traffic.model_copy(update=counts))
    found = row(SignalId.SIGN_IN_FAILURES, seen)
    assert (found.mark, found.word) == ("[!!]", "WARN")
    assert found.detail == "1 not let in; unknown token by curl/8.5 from 192.0.2.7, now"
    assert row(SignalId.IDP_TRAFFIC, seen).mark == "[ok]"
    assert "IdP 6m ago [ok]" in line(seen)
    counts["sign_in_failures"] = 3
    found = row(SignalId.SIGN_IN_FAILURES, snapshot(traffic=traffic.model_copy(update=counts)))
    assert found.detail.startswith("3 not let in, 1 with an unknown token, newest curl/8.5 from")


def test_a_token_pasted_wrongly_on_the_first_day_shows() -> None:
    quiet = Traffic(
        since=START - timedelta(days=1),
        accepted=0,
        refused=0,
        unauthorized=0,
        sign_in_failures=1,
        strangers=(WRONG,),
        throttled=0,
        last_request_at=NEVER,
        last_accepted_at=NEVER,
    )
    seen = snapshot(traffic=quiet)
    assert row(SignalId.SIGN_IN_FAILURES, seen).word == "WARN"
    assert row(SignalId.IDP_TRAFFIC, seen) == Signal(
        SignalId.IDP_TRAFFIC, "[--]", "", "no request yet"
    )


def test_what_was_refused_before_says_nothing_while_provisioning_is_off() -> None:
    off = ProvisioningStatus(state=ProvisioningState.DISABLED)
    seen = snapshot(status=off, traffic=refused_traffic(NEVER))
    assert row(SignalId.IDP_TRAFFIC, seen) == Signal(
        SignalId.IDP_TRAFFIC, "[--]", "", "provisioning is off"
    )
    assert "refused (401)" not in line(seen)


def test_the_health_line_counts_people_and_says_the_requests() -> None:
    traffic = snapshot().traffic
    assert isinstance(traffic, Traffic)
    counts = {"refused": 11, "refused_users": 5, "refused_groups": 0}
    seen = snapshot(traffic=traffic.model_copy(update=counts))
    assert "5 people refused [!!]" in line(seen)
    assert "5 people refused, 11 requests [!!]" in line(seen, wide=True)
    nameless = counts | {"refused_users": 0}
    seen = snapshot(traffic=traffic.model_copy(update=nameless))
    assert "11 requests refused [!!]" in line(seen)


def test_an_age_is_that_of_the_look_and_what_is_old_says_so() -> None:
    seen, later = snapshot(), START + timedelta(minutes=4)
    assert "IdP 6m ago [ok]" in " | ".join(
        each.short for each in health_line(seen, START + timedelta(seconds=59))
    )
    pieces = health_line(seen, later)
    shown = " | ".join(each.short for each in pieces)
    assert "IdP at 18:36Z [ ?]" in shown
    assert "[ok]" not in shown + " ".join(each.long + each.mark for each in pieces)
    rows = {each.id: each for each in signals(seen, ALL_YES, later)}
    assert not [each for each in rows.values() if each.mark == "[ok]"]
    assert rows[SignalId.IDP_TRAFFIC].mark == "[ ?]"
    assert rows[SignalId.ENDPOINT_PROBE].detail.startswith("as of 18:42:07Z: answers 200")


def test_a_provider_that_is_seldom_asked_is_not_stale_between_two_looks() -> None:
    seldom = replace(ALL_YES, every=60.0)
    marks = {each.mark for each in signals(snapshot(), seldom, START + timedelta(minutes=2))}
    assert "[ok]" in marks


def test_ends_and_ages_are_judged_by_the_servers_clock() -> None:
    ahead = timedelta(days=30)
    seen = snapshot(tokens=(token(70),), skew=ahead)
    expiry = row(SignalId.TOKEN_EXPIRY, seen)
    assert "40d" in expiry.detail
    assert "This machine's clock is 30d behind the server's" in expiry.detail
