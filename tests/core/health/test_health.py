"""The rows of the Status screen; unknown is never shown as fine."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scim_tui.core.base.audit import ChainVerdict
from scim_tui.core.health.severity import SEVERITY, Signal, SignalId, worst
from scim_tui.core.health.signals import signals
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.model import expiry
from scim_tui.model.activity import Probe, Reason, Traffic
from scim_tui.model.capabilities import no
from scim_tui.model.directory import Summary
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import NEVER
from tests.core.health.health_kit import line, row, snapshot, token
from tests.fakes.memory import ALL_YES
from tests.fakes.sample import START


def test_a_good_day() -> None:
    assert {each.mark for each in signals(snapshot(), ALL_YES, START)} == {"[ok]", "[--]"}
    assert line(snapshot()) == (
        "[ok] tok-6f1c 100d | IdP 6m ago [ok] | probe 200 [ok] | 0 refused [ok]"
    )
    assert line(snapshot(), wide=True) == (
        "[ok] tok-6f1c expires in 100d | last IdP request 6m ago [ok] | probe 200 212ms [ok]"
        " | 0 objects refused [ok]"
    )


@pytest.mark.parametrize(
    ("days", "mark", "word"),
    [
        (91.5, "[ok]", ""),
        (90.5, "[90]", ""),
        (60.5, "[60]", ""),
        (27.5, "[30]", "WARN"),
        (7.5, "[ 7]", "WARN"),
        (-1, "[EXP]", "DOWN"),
        (None, "[ ?]", ""),
    ],
)
def test_expiry_in_bands(days: float | None, mark: str, word: str) -> None:
    found = row(SignalId.TOKEN_EXPIRY, snapshot(tokens=(token(days),)))
    assert (found.mark, found.word) == (mark, word)
    assert line(snapshot(tokens=(token(days),))).startswith(f"{mark} tok-6f1c")


def test_the_working_token_that_ends_first_counts() -> None:
    tokens = (token(300, "tok-long"), token(20, "tok-soon"), token(-5, "tok-gone"))
    assert "tok-soon" in row(SignalId.TOKEN_EXPIRY, snapshot(tokens=tokens)).detail
    assert row(SignalId.TOKEN_EXPIRY, snapshot(tokens=(token(-5),))).mark == "[EXP]"


def test_unknown_is_never_fine_and_never_zero() -> None:
    blank = Snapshot(at=START, status=ProvisioningStatus(state=ProvisioningState.UNKNOWN))
    marks = {each.id: each.mark for each in signals(blank, ALL_YES, START)}
    assert {each for each, mark in marks.items() if mark != "[ ?]"} == set()
    empty = snapshot(traffic=Traffic(since=START))
    assert row(SignalId.REFUSED, empty).mark == "[ ?]"
    assert row(SignalId.SIGN_IN_FAILURES, empty).mark == "[ ?]"
    assert "0" not in line(blank)
    assert line(blank).count("[ ?]") == 4


@pytest.mark.parametrize(
    ("watched", "parts", "detail"),
    [
        (
            SignalId.REFUSED,
            {
                "refused": 5,
                "refused_users": 2,
                "refused_groups": 1,
                "reasons": (
                    Reason(constraint="emails.single", message="m", count=3),
                    Reason(constraint="emails.single", message="n", count=1),
                    Reason(constraint="", message="m", count=1),
                ),
            },
            "2 people, 1 group, 5 requests: emails.single (4), other (1)",
        ),
        (SignalId.SIGN_IN_FAILURES, {"sign_in_failures": 3}, "3 requests answered 401 or 403"),
        (SignalId.THROTTLED, {"throttled": 1}, "1 request answered 429"),
        (
            SignalId.IDP_TRAFFIC,
            {"accepted": 0, "last_request_at": START - timedelta(days=3)},
            "no request; the newest was 3d ago",
        ),
    ],
)
def test_what_needs_a_look(watched: SignalId, parts: dict[str, object], detail: str) -> None:
    traffic = snapshot().traffic
    assert isinstance(traffic, Traffic)
    found = row(watched, snapshot(traffic=traffic.model_copy(update=parts)))
    assert (found.mark, found.detail) == ("[!!]", detail)


def test_a_probe_that_fails_and_a_broken_chain() -> None:
    probe = Probe(at=START, ok=False, message="connection refused")
    down = row(SignalId.ENDPOINT_PROBE, snapshot(probe=probe))
    assert (down.mark, down.word, down.detail) == ("[!!]", "DOWN", "connection refused")
    assert "probe no answer [!!]" in line(snapshot(probe=probe))
    broken = row(SignalId.AUDIT_TRAIL, snapshot(audit=ChainVerdict(False, 2, 3, "line 3: changed")))
    assert (broken.mark, "line 3" in broken.detail) == ("[!!]", True)
    lost = row(SignalId.AUDIT_TRAIL, snapshot(audit_trouble="the disk is full"))
    assert (lost.mark, lost.detail) == ("[!!]", "the disk is full")


def test_a_directory_that_is_off_needs_nothing() -> None:
    quiet = Traffic(
        since=START,
        accepted=0,
        refused=0,
        unauthorized=0,
        sign_in_failures=0,
        throttled=0,
        last_request_at=NEVER,
    )
    off = snapshot(
        status=ProvisioningStatus(state=ProvisioningState.DISABLED),
        tokens=(),
        traffic=quiet,
        summary=Summary(users=0, groups=1),
        audit=ChainVerdict(True, 0),
    )
    assert {each.mark for each in signals(off, ALL_YES, START)} == {"[ok]", "[--]"}
    assert line(off) == "[--] no token | provisioning off | 0 users 1 group"
    on = replace(off, status=ProvisioningStatus(state=ProvisioningState.ENABLED))
    assert row(SignalId.TOKEN_EXPIRY, on).mark == "[!!]"


def test_the_worst_is_the_gravest() -> None:
    rows = [Signal(SignalId.ROTATION, mark, "", "") for mark in ("[ok]", "[60]", "[!!]")]
    found = worst(rows)
    assert found is not None
    assert found.mark == "[!!]"
    assert worst([]) is None
    assert SEVERITY.index("[ ?]") < SEVERITY.index("[60]") < SEVERITY.index("[ok]")


def test_without_a_limit_no_slot_is_free_or_full() -> None:
    can = replace(ALL_YES, max_tokens=None, list_tokens=no("x"))
    rows = {each.id: each for each in signals(snapshot(), can, START)}
    assert rows[SignalId.TOKEN_SLOTS].detail == "1 used, no limit is known"


def test_no_slot_is_offered_while_provisioning_is_off() -> None:
    off = snapshot(status=ProvisioningStatus(state=ProvisioningState.DISABLED), tokens=())
    assert row(SignalId.TOKEN_SLOTS, off) == Signal(
        SignalId.TOKEN_SLOTS, "[--]", "", "provisioning is off"
    )


@pytest.mark.parametrize(
    ("ends_in", "left", "mark"),
    [
        (timedelta(days=365), 365, "[ok]"),
        (timedelta(days=365, seconds=-9), 365, "[ok]"),
        (timedelta(days=7, seconds=9), 8, "[ 7]"),
        (timedelta(seconds=1), 1, "[ 7]"),
        (timedelta(seconds=-1), -1, "[EXP]"),
    ],
)
def test_a_begun_day_is_a_day_left_and_bands_stay_exact(
    ends_in: timedelta, left: int, mark: str
) -> None:
    assert expiry.days_left(START + ends_in, START) == left
    assert expiry.band(START + ends_in, START).value == mark
