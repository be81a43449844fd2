"""A snapshot collected from a provider, also where a part of it fails."""

from datetime import timedelta

import pytest

from scim_tui.core.health.severity import Signal, SignalId
from scim_tui.core.workspace import Workspace
from scim_tui.model.activity import Phase, Probe, Traffic
from scim_tui.model.directory import Summary
from scim_tui.model.errors import NotAllowed, Throttled, Unreachable, Unsupported
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import UNKNOWN, Absent
from tests.core.health.health_kit import row, snapshot
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


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


async def test_new_events_are_all_fetched(space: Workspace, provider: MemoryProvider) -> None:
    newest = (await space.activity.recent(1)).events[0].id
    assert await space.activity.follow(newest) == []
    template = provider.log[-1]
    for number in range(450):
        provider.log.append(template.model_copy(update={"id": newest + 1 + number}))
    new = await space.activity.follow(newest)
    assert [event.id for event in new] == list(range(newest + 450, newest, -1))


async def test_the_stored_record_has_when_the_idp_was_accepted(provider: MemoryProvider) -> None:
    template = provider.log[-1]
    known = {"token_known": True}
    late = template.model_copy(update={"id": 10**6, "at": START, "status": 401, **known})
    provider.log.append(late)
    told = await provider.traffic(START - timedelta(days=1))
    assert told.last_unauthorized_at == START
    assert isinstance(told.last_accepted_at, type(START))
    assert told.last_accepted_at < START or template.at == START


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
