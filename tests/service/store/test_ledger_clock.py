"""A clock that was wrong for a while: nothing is forgotten, and nothing stays in the future."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from scim_tui.model.provisioning import AccessToken
from scim_tui.service.store import history, tokens
from scim_tui.service.store.clock_leaps import HOLD_SECONDS, read_clock
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock

DAY = timedelta(days=1)
LEAP = 120 * DAY


@pytest.fixture
def token_id(store: Store) -> str:
    new = store.submit(lambda c: tokens.enable_with_token(c, store.now())).result()
    assert new is not None
    return new.token.id


class Machine:
    """A machine whose clock is set now and then, beside the time that really passes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.clock = clock
        self.passed = 0.0
        self._store = store
        self.book = Ledger(store, lambda: self.passed)

    def restart(self) -> None:
        self.book = Ledger(self._store, lambda: self.passed)

    def wait(self, step: timedelta) -> None:
        self.clock.advance(step)
        self.passed += step.total_seconds()

    async def use(self, token_id: str) -> datetime:
        self.book.record(operation="CreateUser", status=201, token_id=token_id, client="Okta")
        await self.book.flush()
        return self.clock.now


@pytest.fixture
def machine(store: Store, clock: Clock) -> Machine:
    return Machine(store, clock)


def events(store: Store) -> int:
    return len(history.events(store.reader(), limit=1000).events)


def listed(store: Store) -> dict[str, AccessToken]:
    return {token.id: token for token in tokens.listed(store.reader(), store.now())}


@pytest.mark.parametrize("meanwhile", [lambda machine: None, Machine.restart])
async def test_a_leap_forgets_nothing(
    store: Store, machine: Machine, token_id: str, meanwhile: Callable[[Machine], None]
) -> None:
    for _ in range(3):
        await machine.use(token_id)
        machine.wait(DAY / 3)
    machine.clock.advance(LEAP)
    meanwhile(machine)
    await machine.use(token_id)
    await machine.use(token_id)
    machine.clock.advance(-LEAP)
    meanwhile(machine)
    await machine.use(token_id)
    assert events(store) == 6


async def test_after_a_week_the_clock_is_believed_again(
    store: Store, machine: Machine, token_id: str
) -> None:
    await machine.use(token_id)
    machine.clock.advance(LEAP)
    await machine.use(token_id)
    machine.wait(timedelta(seconds=HOLD_SECONDS))
    await machine.use(token_id)
    assert events(store) == 2


async def test_time_that_really_passed_is_no_leap(
    store: Store, machine: Machine, token_id: str
) -> None:
    await machine.use(token_id)
    machine.wait(91 * DAY)
    await machine.use(token_id)
    assert events(store) == 1
    assert "leapt_at" not in read_clock(store.reader())


@pytest.mark.parametrize("meanwhile", [lambda machine: None, Machine.restart])
async def test_no_instant_stays_in_the_future(
    store: Store, machine: Machine, token_id: str, meanwhile: Callable[[Machine], None]
) -> None:
    """The old token was used while the clock was ahead, and is silent since it is right."""
    enabled = machine.clock.now
    new = store.submit(lambda c: tokens.create(c, store.now())).result()
    machine.clock.advance(LEAP)
    await machine.use(token_id)
    machine.clock.advance(-LEAP)
    machine.wait(DAY)
    meanwhile(machine)
    now = machine.clock.now
    assert listed(store)[token_id].last_used_at == now
    found = await machine.use(new.token.id)
    machine.wait(DAY)
    old, fresh = listed(store)[token_id], listed(store)[new.token.id]
    assert (old.last_used_at, fresh.last_used_at) == (found, found)
    assert old.created_at == enabled
    traffic = history.traffic(store.reader(), found, machine.clock.now)
    for instant in (traffic.last_request_at, traffic.last_write_at, traffic.last_accepted_at):
        assert instant == found
    assert all(event.at <= found for event in history.events(store.reader(), limit=9).events)
    known = read_clock(store.reader())
    assert known["set_back_at"] == found.timestamp()
    assert "hold_until" in known


async def test_a_clock_that_is_set_by_a_second_is_nothing(
    store: Store, machine: Machine, token_id: str
) -> None:
    await machine.use(token_id)
    machine.clock.advance(timedelta(seconds=-1))
    await machine.use(token_id)
    assert read_clock(store.reader()).keys() == {"seen"}
