import asyncio
from datetime import timedelta

import pytest

from scim_tui.model.directory import Kind
from scim_tui.model.errors import Conflict, Refused, ScimTuiError, Unreachable
from scim_tui.model.provisioning import TokenState
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.event_counts import count_events
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START, make_sample


async def test_the_next_call_fails_and_the_one_after_does_not() -> None:
    found = MemoryProvider.sample()
    found.fail_next(Unreachable("gone"))
    with pytest.raises(Unreachable):
        await found.tokens()
    assert len(await found.tokens()) == 2


async def test_one_operation_may_fail_while_others_go_on() -> None:
    found = MemoryProvider.sample()
    found.fail_next(Conflict("no", status=409), "create_token")
    await found.status()
    with pytest.raises(Conflict, match="no"):
        await found.create_token()
    assert found.calls == ["status", "create_token"]


async def test_a_listing_may_fail_in_its_middle() -> None:
    found = MemoryProvider.sample(users=250)
    pages = found.users()
    assert len((await anext(pages)).rows) == 100
    found.fail_next(Unreachable("gone"), "users")
    with pytest.raises(Unreachable):
        await anext(pages)


async def test_a_call_waits_until_it_is_let_go() -> None:
    found = MemoryProvider.sample()
    found.delay = asyncio.Event()
    task = asyncio.create_task(found.summary())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.shield(task)
    assert found.calls == ["summary"]
    found.delay.set()
    assert (await task).users == 40


async def test_the_probe_of_a_stopped_provider_says_so() -> None:
    found = MemoryProvider.sample()
    found.down = Refused("broken", status=503)
    probe = await found.probe()
    assert (probe.ok, probe.status, probe.message) == (False, 503, "broken")
    with pytest.raises(Refused):
        await found.status()


async def test_the_clock_is_moved_by_the_test() -> None:
    found = MemoryProvider.sample()
    token = (await found.tokens())[0]
    assert token.state(found.clock()) is TokenState.ACTIVE
    found.clock = lambda: START + timedelta(days=30)
    assert token.state(found.clock()) is TokenState.EXPIRED
    assert (
        await found.record(Kind.USERS, next(iter(found.resources[Kind.USERS])))
    ).fetched_at > START


async def test_only_simple_filters_are_answered() -> None:
    found = MemoryProvider.sample()
    with pytest.raises(Refused) as raised:
        [page async for page in found.users('userName sw "a"')]
    assert raised.value.status == 400


def test_the_same_seed_makes_the_same_sample() -> None:
    assert make_sample(50, 9, 7) == make_sample(50, 9, 7)
    assert make_sample(50, 9, 7) != make_sample(50, 9, 8)
    sample = make_sample(500, 60, 1)
    assert len({user["userName"] for user in sample.users}) == 500
    assert len({group["displayName"] for group in sample.groups}) == 60
    assert make_sample(0, 0, 1).events == []


def test_a_day_is_counted_by_kind_and_hour() -> None:
    events = make_sample(40, 6, 1).events
    traffic = count_events(events, START - timedelta(hours=24), START)
    assert (traffic.accepted, traffic.refused) == (55, 5)
    assert len(traffic.hours) == 24
    assert sum(refused for _, refused in traffic.hours) == 5
    assert [reason.count for reason in traffic.reasons] == [2, 2, 1]
    throttled = [event.model_copy(update={"status": 429}) for event in events[-3:]]
    assert count_events(throttled, START - timedelta(hours=24), START).throttled == 3
    assert count_events(throttled, START - timedelta(hours=24), START).refused == 0
    known = {"status": 401, "token_known": True}
    denied = [event.model_copy(update=known) for event in events[-3:]]
    assert count_events(denied, START - timedelta(hours=24), START).unauthorized == 3


def test_a_token_never_known_here_is_no_request_of_the_idp() -> None:
    events = make_sample(40, 6, 1).events
    day = START - timedelta(hours=24)
    before = count_events(events, day, START)
    wrong = {"status": 401, "token_id": UNKNOWN, "token_known": False}
    stranger = wrong | {"client": "curl/8.5", "address": "192.0.2.7", "at": START}
    after = count_events([*events, events[-1].model_copy(update=stranger)], day, START)
    assert (after.unauthorized, after.sign_in_failures) == (0, 1)
    assert (after.last_request_at, after.last_client) == (
        before.last_request_at,
        before.last_client,
    )
    assert [(who.client, who.address, who.count) for who in after.strangers] == [
        ("curl/8.5", "192.0.2.7", 1)
    ]


def test_refused_people_are_counted_beside_their_requests() -> None:
    events = make_sample(40, 6, 1).events
    refused = {"operation": "CreateUser", "status": 409, "target": "Ana@corp.example"}
    twice = [events[-1].model_copy(update=refused) for _ in range(2)]
    other = events[-1].model_copy(update=refused | {"target": "bo@corp.example"})
    group = events[-1].model_copy(update=refused | {"operation": "PatchGroup", "target": "Ops"})
    lower = events[-1].model_copy(update=refused | {"target": "ana@corp.example"})
    nameless = {"target": UNKNOWN, "resource_id": UNKNOWN}
    blank = events[-1].model_copy(update=refused | nameless)
    found = count_events([*twice, other, group, lower, blank], START - timedelta(hours=24), START)
    assert (found.refused, found.refused_users, found.refused_groups) == (6, 2, 1)
    assert found.refused_unnamed == 1


async def test_every_error_is_one_for_people() -> None:
    found = MemoryProvider(enabled=False)
    with pytest.raises(ScimTuiError):
        await found.create_token()
