"""Access in Identity Center: crawled from the AWS APIs, joined with memberships, read back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from scim_tui.core.access.api import Access, Cause, PersonChange
from scim_tui.core.access.crawl import AT_ONCE
from scim_tui.core.access.rows import Standing
from scim_tui.core.directory.api import Directory
from scim_tui.core.index.results import LoadPhase
from scim_tui.model.directory import Kind
from scim_tui.model.errors import UsageError
from scim_tui.model.unknown_values import UNKNOWN
from tests.aws.access_kit import AccessWorld, Way
from tests.aws.standin import StandIn
from tests.aws.world import World, world
from tests.patience import until

ONE, TWO = "111111111111", "222222222222"


@asynccontextmanager
async def opened(here: World, file: Path | None = None) -> AsyncIterator[tuple[Access, Directory]]:
    directory = Directory(here.provider, file=file)
    try:
        yield Access(here.provider, directory), directory
    finally:
        await directory.aclose()


async def read_all(access: Access, directory: Directory) -> None:
    for kind in Kind:
        assert (await directory.load(kind)).phase is LoadPhase.READY
    assert (await directory.load_memberships()).phase is LoadPhase.READY
    state = await access.crawl()
    assert state.phase is LoadPhase.READY, state.error


async def ways(access: Access, **which: str) -> set[Way]:
    found = await access.people(**which)
    return {(each.user_id, each.account_id, each.set_id, each.group_id) for each in found}


async def small(here: World) -> tuple[AccessWorld, list[str], str]:
    """Three people; two are in a group; the third has an assignment of their own."""
    people = [await here.push(f"user{n}@x.org") for n in range(3)]
    group = await here.push_group("Crew", people[:2])
    there = AccessWorld(here.aws)
    there.make_set("Admin", managed="AdministratorAccess")
    there.make_set("ReadOnly", managed="ReadOnlyAccess")
    there.make_set("Unused")
    there.assign("Admin", ONE, group)
    there.assign("ReadOnly", TWO, group)
    there.assign("ReadOnly", ONE, people[2], group=False)
    return there, people, group


async def test_a_persons_access_is_direct_and_through_groups(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        there, people, _ = await small(here)
        await read_all(access, directory)
        first, last = await access.of_user(people[0]), await access.of_user(people[2])
        assert await ways(access) == there.ways()
    assert [(each.account_name, each.set_name, each.group_name, each.admin) for each in first] == [
        ("account-111", "Admin", "Crew", True),
        ("account-222", "ReadOnly", "Crew", False),
    ]
    assert [(each.direct, each.set_name, each.group_id) for each in last] == [
        (True, "ReadOnly", "")
    ]
    assert last[0].since is UNKNOWN, "it was there at the first crawl: since when is not known"


async def test_before_memberships_are_listed_access_through_groups_is_unknown(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        _, _, group = await small(here)
        for kind in Kind:
            await directory.load(kind)
        await access.crawl()
        ages = await access.ages()
        rows = await access.assignments(principal=group)
    assert not ages.through_groups
    assert {row.people for row in rows} == {UNKNOWN}


async def test_what_is_refused_is_named_and_ends_the_crawl(aws: StandIn, tmp_path: Path) -> None:
    aws.denied.add("ListAccountAssignments")
    async with world(aws, tmp_path) as here, opened(here) as (access, _):
        await small(here)
        state = await access.crawl()
        assert state.error is not None
        assert "sso:ListAccountAssignments" in state.error.message
        capability = access.capability
    assert not capability
    assert "sso:ListAccountAssignments" in capability.reason


async def test_names_and_policies_that_are_refused_are_unknown(
    aws: StandIn, tmp_path: Path
) -> None:
    aws.denied |= {"ListAccounts", "ListManagedPoliciesInPermissionSet"}
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        _, people, _ = await small(here)
        await read_all(access, directory)
        found, ages = await access.of_user(people[0]), await access.ages()
    assert [(each.account_name, each.admin) for each in found] == [("", None), ("", None)]
    assert "organizations:ListAccounts" in ages.no_names


async def test_an_interrupted_crawl_resumes_where_it_stopped(aws: StandIn, tmp_path: Path) -> None:
    file = tmp_path / "kept.sqlite"
    async with world(aws, tmp_path) as here:
        there, people, group = await small(here)
        for number in range(20):
            there.assign("ReadOnly", f"3333333333{number:02}", group)
        async with opened(here, file) as (access, directory):
            for kind in Kind:
                await directory.load(kind)
            await directory.load_memberships()
            crawl = asyncio.create_task(access.crawl())
            await until(lambda: aws.asked("ListAccountAssignments") > 10, "some pairs are read")
            crawl.cancel()
            with pytest.raises(asyncio.CancelledError):
                await crawl
            asked, described = (
                aws.asked("ListAccountAssignments"),
                aws.asked("DescribePermissionSet"),
            )
            with pytest.raises(UsageError, match="not known yet"):
                await access.of_user(people[0])
            assert (await access.crawl()).phase is LoadPhase.READY
            assert await ways(access) == there.ways()
        mode = file.stat().st_mode & 0o777
    assert aws.asked("DescribePermissionSet") == described == 3
    assert asked < aws.asked("ListAccountAssignments") < 23 + 2 * AT_ONCE
    assert mode == 0o600


async def test_a_crawl_needs_few_more_calls_than_are_necessary(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, _):
        there = AccessWorld(aws)
        for number in range(5):
            there.make_set(f"set{number}")
            for account in range(200):
                there.assign(f"set{number}", f"4444{account:08}", f"group{account % 7}")
        aws.calls.clear()
        assert (await access.crawl()).phase is LoadPhase.READY
    necessary = 1 + 5 + 5 * 2 + 1_000
    assert len(aws.calls) <= 1.1 * necessary


async def test_a_crawl_that_fails_keeps_what_was_known(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        there, _, _ = await small(here)
        await read_all(access, directory)
        before = there.ways()
        aws.denied.add("ListPermissionSets")
        there.unassign(next(iter(aws._store().groups)))
        assert (await access.crawl()).phase is LoadPhase.FAILED
        assert await ways(access) == before


async def test_what_was_taken_away_is_gone_and_what_is_new_has_a_date(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        there, people, group = await small(here)
        await read_all(access, directory)
        there.unassign(group)
        there.assign("Unused", TWO, people[0], group=False)
        assert (await access.crawl()).phase is LoadPhase.READY
        found = await access.of_user(people[0])
        assert await ways(access) == there.ways()
    assert [(each.set_name, isinstance(each.since, datetime)) for each in found] == [
        ("Unused", True)
    ]


async def test_an_assignment_outlives_a_deleted_principal(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        there, _, _ = await small(here)
        there.assign("Admin", TWO, "11111111-gone", group=False)
        await read_all(access, directory)
        rows = await access.assignments(account=TWO)
    assert [
        (row.principal_id, row.standing, row.people) for row in rows if not row.principal_name
    ] == [("11111111-gone", Standing.DELETED, 0)]


async def test_who_leaves_one_of_two_groups_keeps_what_both_give(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        there, people, group = await small(here)
        other = await here.push_group("Other", people[:1])
        there.assign("Admin", ONE, other)
        await read_all(access, directory)
        left = PersonChange(people[0], Cause.LEFT_GROUPS, frozenset({group}))
        found = await access.losses([left, PersonChange("unlisted", Cause.DELETED)])
    assert [(each.account_id, each.set_name) for each in found.people[0].lost] == [
        (TWO, "ReadOnly")
    ]
    assert (found.count, found.accounts, found.not_listed, found.whole) == (1, 1, 1, False)


async def test_who_is_made_anew_loses_their_own_assignments_and_groups_made_by_hand(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        there, people, group = await small(here)
        there.assign("Unused", TWO, people[0], group=False)
        await read_all(access, directory)
        change = [PersonChange(people[0], Cause.RECREATED)]
        pushed = (await access.losses(change)).people[0]
        aws.externals.pop(group)
        await directory.load_strays()
        by_hand = (await access.losses(change)).people[0]
    assert [each.set_name for each in pushed.lost] == ["Unused"]
    assert [each.set_name for each in pushed.interrupted] == ["Admin", "ReadOnly"]
    assert {each.set_name for each in by_hand.lost} == {"Admin", "ReadOnly", "Unused"}


async def test_findings_name_what_is_dangerous(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        there, people, _ = await small(here)
        empty = await here.push_group("Empty", [])
        there.assign("ReadOnly", TWO, empty)
        there.assign("ReadOnly", ONE, "gone", group=False)
        idp = here.idp()
        off = {"op": "replace", "path": "active", "value": False}
        await idp.patch(Kind.USERS, people[1], [off])
        await idp.aclose()
        for kind in Kind:
            await directory.load(kind)
        await access.crawl()
        before = {each.code: each.count for each in await access.findings()}
        await read_all(access, directory)
        found = {each.code: each for each in await access.findings()}
    assert before["access.disabled"] is UNKNOWN
    assert before["access.empty_groups"] is UNKNOWN
    assert {code: each.count for code, each in found.items()} == {
        "access.disabled": 1,
        "access.deleted": 1,
        "access.empty_groups": 1,
        "access.unused_sets": 1,
        "access.direct": 1,
        "access.admins": 2,
    }
    assert found["access.disabled"].rows[0].id == people[1]
    assert found["access.admins"].rows[0].detail == "2 people"


async def test_people_and_groups_are_found_by_their_access(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        there, people, group = await small(here)
        await here.push("nothing@x.org")
        for kind in Kind:
            await directory.load(kind)
        with pytest.raises(UsageError, match="not known yet"):
            await directory.view(Kind.GROUPS, "has:access")
        await read_all(access, directory)
        await directory.built()

        async def found(text: str, kind: Kind = Kind.USERS) -> list[str]:
            view = await directory.view(kind, text)
            return [row.id for row in view.rows(0, 9)]

        assert await found("admin:yes") == people[:2]
        assert await found("account:222") == people[:2]
        assert await found("set:readonly") == people
        assert await found("set:readonly -admin:yes") == people[2:]
        assert len(await found("no:access")) == 1
        assert await found("has:access active:yes") == people
        assert await found("admin:yes", Kind.GROUPS) == [group]
    assert there.sets
