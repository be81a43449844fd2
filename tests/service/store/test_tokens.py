"""Tenants and tokens: what Identity Center allows, and what it never tells again."""

import hmac
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scim_tui.model.errors import Conflict, NotFound
from scim_tui.model.expiry import reminder_interval
from scim_tui.model.provisioning import NewToken, TokenState
from scim_tui.model.unknown_values import NEVER
from scim_tui.service.store import tokens
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock, opened


@pytest.fixture
def enabled(store: Store) -> NewToken:
    return first_token(store)


@pytest.fixture
def neighbour(store: Store, clock: Clock) -> Iterator[Store]:
    """A second opening of the same file, as another process has it."""
    with opened(store.path, clock) as other:
        yield other


def first_token(store: Store) -> NewToken:
    new = store.submit(lambda c: tokens.enable_with_token(c, store.now())).result()
    assert new is not None
    return new


def make(store: Store) -> NewToken:
    return store.submit(lambda c: tokens.create(c, store.now()), durable=True).result()


def tenant_of(store: Store) -> str:
    tenant = tokens.current_tenant(store.reader())
    assert tenant is not None
    return tenant.tenant_id


def asked(store: Store, tenant_id: str, secret: str) -> str | None:
    return tokens.authenticate(store.reader(), tenant_id, secret, store.now())


def test_tenant_id_has_the_shape_of_today(store: Store, enabled: NewToken) -> None:
    shape = r"[A-Za-z0-9]{3}[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    assert re.fullmatch(shape, tenant_of(store))


def test_enabling_twice_keeps_the_tenant_and_makes_no_token(
    store: Store, enabled: NewToken
) -> None:
    tenant_id = tenant_of(store)
    again = store.submit(lambda c: tokens.enable_with_token(c, store.now())).result()
    assert again is None
    assert tenant_of(store) == tenant_id
    assert len(tokens.listed(store.reader())) == 1


def test_enabling_without_a_token(store: Store) -> None:
    tenant, new = store.submit(lambda c: tokens.enable(c, store.now())).result()
    assert new
    assert tenant.tenant_id == tenant_of(store)
    assert tokens.listed(store.reader()) == []


def test_33_a_third_token_is_refused_until_one_is_deleted(store: Store, enabled: NewToken) -> None:
    second = make(store)
    with pytest.raises(Conflict, match="2 access tokens exist"):
        make(store)
    store.submit(lambda c: tokens.delete(c, second.token.id)).result()
    assert make(store).token.id != second.token.id


def test_33_an_expired_token_counts_too(store: Store, enabled: NewToken, clock: Clock) -> None:
    make(store)
    clock.advance(timedelta(days=400))
    with pytest.raises(Conflict):
        make(store)


def test_33_two_processes_together_never_make_three(
    store: Store, neighbour: Store, enabled: NewToken
) -> None:
    def attempt(which: Store) -> bool:
        try:
            make(which)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(attempt, [store, neighbour] * 10))
    assert made.count(True) == 1
    assert len(tokens.listed(store.reader())) == 2


def test_33_a_token_is_valid_for_one_year(store: Store, enabled: NewToken, clock: Clock) -> None:
    tenant_id, secret = tenant_of(store), enabled.secret.get_secret_value()
    clock.advance(timedelta(days=365, seconds=-1))
    assert asked(store, tenant_id, secret) == enabled.token.id
    clock.advance(timedelta(seconds=1))
    assert asked(store, tenant_id, secret) is None
    [token] = tokens.listed(store.reader())
    assert token.state(clock.now) is TokenState.EXPIRED


def test_33_the_secret_is_shown_once_and_kept_nowhere(store: Store, enabled: NewToken) -> None:
    secret = enabled.secret.get_secret_value()
    assert len(secret) == 43
    assert secret not in repr(enabled)
    store.close()
    for file in store.path.parent.iterdir():
        assert secret.encode() not in file.read_bytes()


def test_34_provisioning_stays_on_while_a_token_exists_even_an_expired_one(
    store: Store, enabled: NewToken, clock: Clock
) -> None:
    clock.advance(timedelta(days=400))
    with pytest.raises(Conflict, match="an access token exists"):
        store.submit(lambda c: tokens.disable(c, store.now())).result()
    assert tokens.current_tenant(store.reader()) is not None


def test_34_without_tokens_it_goes_off_and_comes_back_as_another_tenant(
    store: Store, enabled: NewToken
) -> None:
    before = tenant_of(store)
    store.submit(lambda c: tokens.delete(c, enabled.token.id)).result()
    store.submit(lambda c: tokens.disable(c, store.now())).result()
    assert tokens.current_tenant(store.reader()) is None
    with pytest.raises(Conflict, match="needs provisioning"):
        make(store)
    store.submit(lambda c: tokens.disable(c, store.now())).result()
    first_token(store)
    assert tenant_of(store) != before


@pytest.mark.parametrize(
    ("left", "interval"),
    [
        (91, None),
        (90, 7.0),
        (61, 7.0),
        (60, 3.5),
        (31, 3.5),
        (30, 7 / 3),
        (16, 7 / 3),
        (15, 1.0),
        (0, 1.0),
        (-1, None),
    ],
)
def test_35_reminders_come_more_often_as_the_end_nears(left: int, interval: float | None) -> None:
    assert reminder_interval(left) == interval


def test_a_secret_opens_its_own_tenant_only(store: Store, enabled: NewToken) -> None:
    tenant_id, secret = tenant_of(store), enabled.secret.get_secret_value()
    assert asked(store, tenant_id, secret) == enabled.token.id
    assert asked(store, tenant_id.swapcase(), secret) is None
    assert asked(store, tenant_id, secret.swapcase()) is None
    assert asked(store, "", "") is None
    assert asked(store, "\udc80", "\udc80") is None


def test_every_refusal_does_the_same_work(
    store: Store, enabled: NewToken, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []
    compare: Callable[[bytes, bytes], bool] = hmac.compare_digest

    def counted(left: bytes, right: bytes) -> bool:
        steps.append(1)
        return compare(left, right)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    tenant_id, secret = tenant_of(store), enabled.secret.get_secret_value()
    work = []
    for tenant, offered, later in [
        (tenant_id, secret, 0),
        (tenant_id, "unknown", 0),
        ("elsewhere", secret, 0),
        (tenant_id, secret, 400),
    ]:
        now = store.now() + later * 86400
        steps.clear()
        tokens.authenticate(store.reader(), tenant, offered, now)
        work.append(len(steps))
    assert work == [2, 2, 2, 2]


def test_a_token_deleted_elsewhere_is_refused_at_once(
    store: Store, neighbour: Store, enabled: NewToken
) -> None:
    secret = enabled.secret.get_secret_value()
    assert asked(neighbour, tenant_of(store), secret) == enabled.token.id
    store.submit(lambda c: tokens.delete(c, enabled.token.id)).result()
    assert asked(neighbour, tenant_of(store), secret) is None


def test_deleting_what_is_not_there(store: Store, enabled: NewToken) -> None:
    with pytest.raises(NotFound):
        store.submit(lambda c: tokens.delete(c, "tok-00000000")).result()


def test_tokens_are_listed_oldest_first_and_unused(store: Store, clock: Clock) -> None:
    first = first_token(store)
    clock.advance(timedelta(days=1))
    second = make(store)
    listed = tokens.listed(store.reader())
    assert [token.id for token in listed] == [first.token.id, second.token.id]
    assert re.fullmatch(r"tok-[0-9a-f]{8}", first.token.id)
    assert (listed[0].last_used_at, listed[0].requests, listed[0].last_client) == (NEVER, 0, NEVER)


def test_a_shifted_clock_makes_an_old_token(tmp_path: Path) -> None:
    long_ago = datetime(2025, 1, 2, tzinfo=UTC)
    with opened(tmp_path / "old.db", Clock(long_ago)) as past:
        old = first_token(past)
    assert (old.token.created_at, old.token.expires_at) == (
        long_ago,
        long_ago + timedelta(days=365),
    )


def test_a_suspended_token_is_refused_until_it_is_reinstated(
    store: Store, enabled: NewToken, neighbour: Store
) -> None:
    secret, tenant = enabled.secret.get_secret_value(), tenant_of(store)
    off = store.submit(lambda c: tokens.suspend(c, enabled.token.id, store.now())).result()
    assert off.state(store.clock()) is TokenState.SUSPENDED
    assert asked(store, tenant, secret) is None
    assert asked(neighbour, tenant, secret) is None
    make(store)
    with pytest.raises(Conflict):
        make(store)
    on = store.submit(lambda c: tokens.reinstate(c, enabled.token.id)).result()
    assert on.suspended is False
    assert asked(neighbour, tenant, secret) == enabled.token.id
    with pytest.raises(NotFound):
        store.submit(lambda c: tokens.suspend(c, "no-such", store.now())).result()
