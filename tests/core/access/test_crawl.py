"""A crawl against a product that throttles, breaks off and changes meanwhile."""

import asyncio

import pytest

from scim_tui.core.access import store
from scim_tui.core.access.api import Access
from scim_tui.core.access.crawl import PAUSES, Crawl
from scim_tui.core.access.store import Work
from scim_tui.core.directory.api import Directory
from scim_tui.core.index.api import Index
from scim_tui.core.index.passes import Passes
from scim_tui.core.index.results import LoadPhase, LoadState
from scim_tui.model.access import PermissionSet
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotFound, Refused, Throttled, Unreachable, Unsupported, UsageError
from scim_tui.model.unknown_values import UNKNOWN
from tests.fakes.memory import MemoryProvider
from tests.fakes.memory_access import USER, MemoryAccess


def provider() -> MemoryAccess:
    made = MemoryAccess()
    made.give("g1", "Reader", "111")
    made.give("g1", "Admin", "222")
    made.give("u1", "Admin", "111", kind=USER)
    return made


async def crawled(
    index: Index, made: MemoryAccess, passes: Passes | None = None
) -> tuple[LoadState, list[float], list[LoadState]]:
    waits: list[float] = []
    told: list[LoadState] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    state = await Crawl(index, passes or Passes(index), made, told.append, sleep).run()
    return state, waits, told


async def kept(index: Index) -> int:
    with index.connections.reading() as db:
        assert db is not None
        return int(db.execute("SELECT count(*) FROM access_assigned").fetchone()[0])


async def test_what_is_throttled_or_not_reached_comes_again_later() -> None:
    index, made = Index(), provider()
    made.fail_next(Throttled("Too many requests."), "permission_sets")
    made.fail_next(Unreachable("No answer."), "assignments")
    state, waits, told = await crawled(index, made)
    assert (state.phase, await kept(index)) == (LoadPhase.READY, 3)
    assert waits == [PAUSES[0], PAUSES[0]]
    assert any(each.slowed for each in told)
    assert told[-1].loaded == told[-1].total == 5
    index.close()


async def test_what_stays_away_ends_the_crawl_and_a_later_one_goes_on() -> None:
    index, made = Index(), provider()
    passes = Passes(index)
    for _ in range(len(PAUSES) + 1):
        made.fail_next(Unreachable("No answer."), "assignments")
    state, waits, _ = await crawled(index, made, passes)
    assert (state.phase, state.error is not None) == (LoadPhase.FAILED, True)
    assert len(waits) == len(PAUSES)
    assert index.setting("as_of:access") == ""
    made.calls.clear()
    state, _, _ = await crawled(index, made, passes)
    assert (state.phase, await kept(index)) == (LoadPhase.READY, 3)
    assert not {"permission_sets", "permission_set"} & set(made.calls)
    index.close()


async def test_what_is_refused_is_not_tried_again() -> None:
    index, made = Index(), provider()
    made.fail_next(Refused("No."), "accounts_of")
    state, waits, _ = await crawled(index, made)
    assert (state.phase, waits) == (LoadPhase.FAILED, [])
    index.close()


async def test_a_set_that_is_deleted_meanwhile_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    index, made = Index(), provider()
    whole = MemoryAccess.permission_set

    async def gone(self: MemoryAccess, set_id: str) -> PermissionSet:
        if set_id == "Reader":
            raise NotFound("It was deleted.", status=404)
        return await whole(self, set_id)

    monkeypatch.setattr(MemoryAccess, "permission_set", gone)
    state, _, _ = await crawled(index, made)
    assert (state.phase, await kept(index)) == (LoadPhase.READY, 2)
    index.close()


async def test_two_crawls_at_once_lose_nothing() -> None:
    index, made = Index(), provider()
    both = await asyncio.gather(crawled(index, made), crawled(index, made))
    assert {state.phase for state, _, _ in both} == {LoadPhase.READY}
    assert await kept(index) == 3
    index.close()


async def test_a_crawl_that_began_earlier_takes_nothing_from_a_later_one() -> None:
    index, made = Index(), provider()
    passes = Passes(index)
    earlier, later = passes.begin("access"), passes.begin("access")
    found = (await made.permission_set("Reader"), ["111"])
    pairs = [Work("Reader", "111")]
    for sweep in (later, earlier):
        store.put_sets(index, sweep, [found])
        store.put_assignments(index, sweep, pairs, made.assigned[:1])
    store.finish(index, later.id)
    with index.connections.reading() as db:
        assert db is not None
        names = db.execute("SELECT name FROM access_sets").fetchall()
    assert (names, await kept(index)) == ([("Reader",)], 1)
    index.close()


async def test_who_cannot_be_asked_for_may_still_exist() -> None:
    made = provider()
    made.fail_next(Refused("No."), "principal_name")
    directory = Directory(made)
    access = Access(made, directory)
    for kind in Kind:
        await directory.load(kind)
    assert (await access.crawl()).phase is LoadPhase.READY
    rows = await access.assignments()
    found = {each.code: each.count for each in await access.findings()}
    assert {(row.standing, row.principal_name) for row in rows} == {("unknown", "")}
    assert found["access.deleted"] is UNKNOWN
    await directory.aclose()


async def test_clearing_the_directory_forgets_its_access_too() -> None:
    made = provider()
    directory = Directory(made)
    access = Access(made, directory)
    await access.crawl()
    assert len(await access.assignments()) == 3
    await directory.clear()
    with pytest.raises(UsageError, match="not known yet"):
        await access.assignments()
    await directory.aclose()


async def test_without_the_capability_its_reason_is_given() -> None:
    made, plain = provider(), MemoryProvider()
    made.capabilities = plain.capabilities
    for each in (made, plain):
        directory = Directory(each)
        access = Access(each, directory)
        assert not access.capability
        with pytest.raises(Unsupported, match="no AWS accounts"):
            await access.crawl()
        with pytest.raises(Unsupported, match="no AWS accounts"):
            await access.of_user("u1")
        await directory.aclose()
