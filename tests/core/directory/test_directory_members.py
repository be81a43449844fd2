"""Who is in which group: listed group by group or in bulk, taken up again after a drop."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scim_tui.core.directory.api import Directory, LoadPhase, LoadState
from scim_tui.model.directory import Kind, MembershipPage
from scim_tui.model.errors import Refused, Unreachable
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START

MEMBERS = [(f"g{number}", f"u{number % 3}") for number in range(10)]


def world(kind: type[MemoryProvider] = MemoryProvider) -> MemoryProvider:
    return kind(
        users=[{"id": f"u{number}", "userName": f"n{number}"} for number in range(4)],
        groups=[{"id": f"g{number}", "displayName": f"G{number}"} for number in range(10)],
        memberships=MEMBERS,
    )


class Bulk(MemoryProvider):
    """Tells three pairs at a time, from wherever it is asked to."""

    resumes: list[str]

    async def all_memberships(self, resume: str = "") -> AsyncIterator[MembershipPage]:
        self.resumes = [*getattr(self, "resumes", []), resume]
        for first in range(int(resume or 0), 10, 3):
            await self._enter("bulk")
            following = str(first + 3) if first + 3 < 10 else None
            yield MembershipPage(
                self.memberships[first : first + 3], min(3, 10 - first), following, 10
            )


async def listed(directory: Directory) -> None:
    for kind in Kind:
        await directory.load(kind)


async def found(directory: Directory, text: str) -> list[str]:
    view = await directory.view(Kind.USERS, text)
    return view.ids(0, len(view))


@pytest.mark.parametrize("kind", [MemoryProvider, Bulk])
async def test_a_dropped_pass_goes_on_behind_the_groups_it_had(
    kind: type[MemoryProvider], tmp_path: Path
) -> None:
    provider = world(kind)
    directory = Directory(provider, lambda: START, file=tmp_path / "kept" / "index.sqlite")
    await listed(directory)

    def drop(state: LoadState) -> None:
        if state.loaded >= 3 and state.phase is LoadPhase.LOADING:
            provider.fail_next(Unreachable("No answer."), "members" if kind is not Bulk else "bulk")

    dropped = await directory.load_memberships(drop)
    assert (dropped.phase, dropped.loaded) == (LoadPhase.FAILED, 3 if kind is Bulk else 4)
    provider._failures.clear()
    provider.calls.clear()
    told: list[LoadState] = []
    state = await directory.load_memberships(told.append)
    assert (state.phase, state.loaded, state.total) == (LoadPhase.READY, 10, 10)
    assert state.resumed_at == dropped.loaded
    assert provider.calls.count("members") == (0 if kind is Bulk else 6)
    assert await found(directory, "group:g0") == ["u0"]
    assert await found(directory, "missing:group") == ["u3"]
    assert [each.loaded for each in told] == sorted(each.loaded for each in told)
    await directory.aclose()


async def test_a_place_that_is_not_known_any_more_starts_over() -> None:
    provider = world(Bulk)
    directory = Directory(provider, lambda: START)
    await listed(directory)
    provider.fail_next(Unreachable("No answer."), "other")

    def drop(state: LoadState) -> None:
        if state.loaded == 3:
            provider.fail_next(Unreachable("No answer."), "bulk")

    await directory.load_memberships(drop)
    provider._failures.clear()
    provider.fail_next(Refused("Too old.", status=400), "bulk")
    state = await directory.load_memberships()
    assert (state.phase, state.loaded, state.resumed_at) == (LoadPhase.READY, 10, 0)
    assert provider.resumes == ["", "3", ""]  # type: ignore[attr-defined]
    await directory.aclose()


async def test_a_group_of_people_who_are_not_at_hand_is_not_called_empty() -> None:
    provider = world()
    provider.memberships.append(("g9", "u3"))
    directory = Directory(provider, lambda: START)
    await listed(directory)
    provider.memberships = [("g0", "u9")]
    provider.resources[Kind.USERS]["u9"] = {"id": "u9", "userName": "new"}
    await directory.load_memberships()
    view = await directory.view(Kind.GROUPS, "empty:members")
    assert "g0" not in view.ids(0, 10)
    assert len(view) == 9
    await directory.aclose()


async def test_no_new_row_inherits_the_memberships_of_a_removed_one() -> None:
    provider = world()
    provider.memberships = [("g0", "u3")]
    directory = Directory(provider, lambda: START)
    await listed(directory)
    await directory.load_memberships()
    del provider.resources[Kind.USERS]["u3"]
    await directory.load(Kind.USERS)
    await directory.load(Kind.USERS)
    provider.resources[Kind.USERS]["new"] = {"id": "new", "userName": "new"}
    await directory.load(Kind.USERS)
    assert await found(directory, "group:g0") == []
    await directory.aclose()


class Repeats(Bulk):
    """Counts ten groups, never gives g3, and gives g9 twice: with other groups, and alone."""

    async def all_memberships(self, resume: str = "") -> AsyncIterator[MembershipPage]:
        places = [["g0", "g1", "g2"], ["g4", "g5", "g6"], ["g7", "g8", "g9"], ["g9"]]
        for place in range(int(resume or 0), len(places)):
            await self._enter("bulk")
            groups = places[place]
            pairs = [pair for pair in self.memberships if pair[0] in groups]
            following = str(place + 1) if place + 1 < len(places) else None
            yield MembershipPage(pairs, len(groups), following, 10, groups)


async def test_a_group_that_comes_twice_does_not_stand_for_one_that_never_came() -> None:
    provider = world()
    directory = Directory(provider, lambda: START)
    await listed(directory)
    await directory.load_memberships()
    directory._provider = repeats = world(Repeats)

    def drop(state: LoadState) -> None:
        if state.loaded == 9:
            repeats.fail_next(Unreachable("No answer."), "bulk")

    assert (await directory.load_memberships(drop)).loaded == 9
    repeats._failures.clear()
    for _ in range(2):
        state = await directory.load_memberships()
        assert state.phase is LoadPhase.FAILED
        assert "counts 10 and gave 9" in str(state.error)
        assert await found(directory, "group:g3") == ["u0"]
    await directory.aclose()


async def test_what_could_not_be_read_is_not_forgotten_over_a_drop() -> None:
    class Unreadable(Bulk):
        async def all_memberships(self, resume: str = "") -> AsyncIterator[MembershipPage]:
            async for page in super().all_memberships(resume):
                yield page._replace(skipped=0 if resume else 1)

    provider = world(Unreadable)
    directory = Directory(provider, lambda: START)
    await listed(directory)

    def drop(state: LoadState) -> None:
        if state.loaded == 3:
            provider.fail_next(Unreachable("No answer."), "bulk")

    await directory.load_memberships(drop)
    provider._failures.clear()
    state = await directory.load_memberships()
    assert (state.phase, state.resumed_at) == (LoadPhase.FAILED, 3)
    assert "could not be read" in str(state.error)
    await directory.aclose()
