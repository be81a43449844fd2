"""What one look finds, what it means, and that unknown is never shown as fine."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scim_tui.core.base.audit import ChainVerdict
from scim_tui.core.health.line import health_line
from scim_tui.core.health.severity import SEVERITY, Signal, SignalId, worst
from scim_tui.core.health.signals import signals
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.rotation.api import Standing
from scim_tui.core.workspace import Workspace
from scim_tui.model import expiry
from scim_tui.model.activity import Caller, Phase, Probe, Reason, Traffic
from scim_tui.model.capabilities import no
from scim_tui.model.directory import Summary
from scim_tui.model.errors import NotAllowed, Throttled, Unreachable, Unsupported
from scim_tui.model.provisioning import AccessToken, ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent, Moment
from tests.fakes.memory import ALL_YES, MemoryProvider
from tests.fakes.sample import START

NAMES = (
    "Token expiry",
    "Token slots",
    "Endpoint probe",
    "IdP traffic 24h",
    "Sign-in failures",
    "Refused objects",
    "Throttled 24h",
    "Rotation",
    "Audit trail",
)


def token(days: float | None = 100, name: str = "tok-6f1c") -> AccessToken:
    ends: Moment = UNKNOWN if days is None else START + timedelta(days=days)
    return AccessToken(id=name, expires_at=ends, last_used_at=START - timedelta(minutes=6))


def snapshot(**parts: object) -> Snapshot:
    """A day on which all is well, but for `parts`."""
    traffic = Traffic(
        since=START - timedelta(days=1),
        accepted=141,
        refused=0,
        unauthorized=0,
        sign_in_failures=0,
        throttled=0,
        last_request_at=START - timedelta(minutes=6),
    )
    well = Snapshot(
        at=START,
        status=ProvisioningStatus(state=ProvisioningState.ENABLED),
        tokens=(token(),),
        summary=Summary(users=1204, groups=88),
        traffic=traffic,
        probe=Probe(at=START, ok=True, status=200, duration_ms=212.4),
        refusals=(),
        audit=ChainVerdict(True, 3),
        rotation=Standing(None, None, False),
    )
    return replace(well, **parts)  # type: ignore[arg-type]


def row(watched: SignalId, seen: Snapshot) -> Signal:
    rows = signals(seen, ALL_YES, START)
    assert tuple(each.label for each in rows) == NAMES
    return next(each for each in rows if each.id is watched)


def line(seen: Snapshot, *, wide: bool = False) -> str:
    return " | ".join(each.long if wide else each.short for each in health_line(seen, START))


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


def test_the_times_of_looking_are_no_change() -> None:
    first = snapshot()
    later = snapshot(
        at=START + timedelta(seconds=9),
        probe=Probe(at=START + timedelta(seconds=9), ok=True, status=200, duration_ms=99),
    )
    assert first.same_as(later)
    assert not first.same_as(snapshot(tokens=()))
    assert not first.same_as(snapshot(probe=Probe(at=START, ok=True, status=503)))
    assert not first.same_as(first.failed(Unreachable("No answer.")))


async def test_one_look_has_everything(space: Workspace, provider: MemoryProvider) -> None:
    seen = await space.health.take()
    assert seen.status.state is ProvisioningState.ENABLED
    assert seen.tokens == tuple(provider.access_tokens)
    assert isinstance(seen.summary, Summary)
    assert seen.summary.users == 30
    assert isinstance(seen.traffic, Traffic)
    assert not isinstance(seen.refusals, str)
    assert all(event.refused for event in seen.refusals)
    assert (seen.problems, seen.error) == ({}, None)
    await space.audit.write("x", "", Phase.DONE)
    assert not seen.same_as(await space.health.take())


async def test_a_part_that_fails_is_unknown_with_its_reason(
    space: Workspace, provider: MemoryProvider
) -> None:
    provider.fail_next(Unsupported("Tokens cannot be listed here."), "tokens")
    provider.fail_next(Unreachable("No answer."), "traffic")
    seen = await space.health.take()
    assert (seen.tokens, seen.traffic) == (UNKNOWN, UNKNOWN)
    assert row(SignalId.TOKEN_EXPIRY, seen).detail == "Tokens cannot be listed here."
    assert row(SignalId.IDP_TRAFFIC, seen) == Signal(SignalId.IDP_TRAFFIC, "[ ?]", "", "No answer.")


async def test_a_status_that_is_not_supported_is_unknown(
    space: Workspace, provider: MemoryProvider
) -> None:
    provider.fail_next(Unsupported("No admin API."), "status")
    assert (await space.health.take()).status.state is ProvisioningState.UNKNOWN


@pytest.mark.parametrize(
    "error", [Unreachable("No answer."), NotAllowed("Refused."), Throttled("Too many.")]
)
async def test_a_status_that_fails_is_raised(
    space: Workspace, provider: MemoryProvider, error: Exception
) -> None:
    provider.fail_next(error, "status")  # type: ignore[arg-type]
    with pytest.raises(type(error)):
        await space.health.take()


async def test_a_fault_of_ours_is_not_hidden(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise KeyError("x")

    monkeypatch.setattr(space.provider, "summary", broken)
    with pytest.raises(KeyError):
        await space.health.take()


def test_without_a_limit_no_slot_is_free_or_full() -> None:
    can = replace(ALL_YES, max_tokens=None, list_tokens=no("x"))
    rows = {each.id: each for each in signals(snapshot(), can, START)}
    assert rows[SignalId.TOKEN_SLOTS].detail == "1 used, no limit is known"


async def test_new_events_are_all_fetched(space: Workspace, provider: MemoryProvider) -> None:
    newest = (await space.activity.recent(1)).events[0].id
    assert await space.activity.follow(newest) == []
    template = provider.log[-1]
    for number in range(450):
        provider.log.append(template.model_copy(update={"id": newest + 1 + number}))
    new = await space.activity.follow(newest)
    assert [event.id for event in new] == list(range(newest + 450, newest, -1))


def refused_traffic(accepted_at: Moment) -> Traffic:
    return Traffic(
        since=START - timedelta(days=1),
        accepted=3,
        refused=0,
        unauthorized=7,
        throttled=0,
        last_request_at=START,
        last_accepted_at=accepted_at,
        last_unauthorized_at=START,
    )


@pytest.mark.parametrize("accepted_at", [START - timedelta(minutes=9), NEVER])
def test_an_idp_that_only_gets_401_is_not_fine(accepted_at: Moment) -> None:
    seen = snapshot(traffic=refused_traffic(accepted_at))
    last = "never" if accepted_at is NEVER else "9m ago"
    assert f"IdP refused (401), last ok {last} [!!]" in line(seen)
    found = row(SignalId.IDP_TRAFFIC, seen)
    assert (found.mark, found.word) == ("[!!]", "DOWN")
    assert "10 requests, 3 accepted, 0 refused, 7 with 401 or 403" in found.detail


@pytest.mark.parametrize("accepted_at", [START + timedelta(seconds=1), UNKNOWN])
def test_an_idp_that_was_let_in_again_or_is_not_told_is_not_alarmed(accepted_at: Moment) -> None:
    seen = snapshot(traffic=refused_traffic(accepted_at))
    assert "IdP now [ok]" in line(seen)
    assert "7 with 401" in row(SignalId.IDP_TRAFFIC, seen).detail


async def test_the_memory_tells_when_the_idp_was_let_in(provider: MemoryProvider) -> None:
    template = provider.log[-1]
    known = {"token_known": True}
    late = template.model_copy(update={"id": 10**6, "at": START, "status": 401, **known})
    provider.log.append(late)
    told = await provider.traffic(START - timedelta(days=1))
    assert told.last_unauthorized_at == START
    assert isinstance(told.last_accepted_at, type(START))
    assert told.last_accepted_at < START or template.at == START


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


@pytest.mark.parametrize(
    ("listening", "mark"), [(True, "[ok]"), (False, "[!!]"), (UNKNOWN, "[ok]")]
)
async def test_an_endpoint_that_nothing_listens_at_is_not_fine(
    space: Workspace,
    provider: MemoryProvider,
    monkeypatch: pytest.MonkeyPatch,
    listening: bool | Absent,
    mark: str,
) -> None:
    status = (await provider.status()).model_copy(update={"listening": listening})

    async def told() -> ProvisioningStatus:
        return status

    monkeypatch.setattr(provider, "status", told)
    found = row(SignalId.ENDPOINT_PROBE, await space.health.take())
    assert found.mark == mark
    assert ("nothing listens" in found.detail) is (listening is False)


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
