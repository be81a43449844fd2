"""Access against brute force over what moto keeps, and predicted loss against what is then lost."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from scim_tui.core.access.api import Access, Cause, Losses, PersonChange
from scim_tui.core.directory.api import Directory
from scim_tui.model.access import Grant
from tests.aws.access_kit import AccessWorld, Size, Way, add_member, delete_user, random_world
from tests.aws.standin import StandIn
from tests.aws.test_access import opened, read_all, ways
from tests.aws.world import World, world

SMALL = Size(people=40, groups=10, accounts=6, sets=5, pairs=25)


async def differences(there: AccessWorld, access: Access) -> int:
    """How much what is kept differs from moto, for every person, group, account and set."""
    true, store = there.ways(), there.aws._store()
    found = 0
    for user in store.users:
        got = {(user, h.account_id, h.set_id, h.group_id) for h in await access.of_user(user)}
        found += len(got ^ {way for way in true if way[0] == user})
    for group in store.groups:
        found += len(await ways(access, group=group) ^ {way for way in true if way[3] == group})
    for account in there.accounts:
        got = await ways(access, account=account)
        found += len(got ^ {way for way in true if way[1] == account})
    for arn in there.sets.values():
        found += len(await ways(access, pset=arn) ^ {way for way in true if way[2] == arn})
    listed = {(row.account_id, row.set_id, row.principal_id) for row in await access.assignments()}
    kept = {
        (each.target_id, each.permission_set_arn, each.principal_id)
        for each in there.backend.account_assignments
    }
    return found + len(listed ^ kept)


def grants(ways: Iterable[Way], user: str) -> set[Grant]:
    return {Grant(way[1], way[2]) for way in ways if way[0] == user}


async def lose(
    here: World, there: AccessWorld, access: Access, directory: Directory, changed: int
) -> tuple[Losses, dict[str, set[Grant]]]:
    """Make some people anew as ssosync does, delete some; what was predicted, and what is lost."""
    store = here.aws._store()
    names = sorted(user.UserName for user in store.users.values())
    anew, deleted = names[:changed], names[changed : 2 * changed]
    ids = {user.UserName: each for each, user in store.users.items()}
    changes = [PersonChange(ids[name], Cause.RECREATED) for name in anew]
    changes += [PersonChange(ids[name], Cause.DELETED) for name in deleted]
    predicted, before = await access.losses(changes), there.ways()
    now: dict[str, str] = {}
    for name in (*anew, *deleted):
        groups = [
            each["GroupId"]
            for each in store.group_memberships.values()
            if each["MemberId"]["UserId"] == ids[name]
        ]
        await delete_user(here, ids[name])
        if name in anew:
            now[name] = await here.push(name)
            for group in groups:
                await add_member(here, group, now[name])
    await read_all(access, directory)
    after = await ways(access)
    seen = {
        ids[name]: grants(before, ids[name]) - grants(after, now.get(name, ids[name]))
        for name in ids
    }
    return predicted, {user: lost for user, lost in seen.items() if lost}


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_way_of_access_is_that_of_brute_force(
    aws: StandIn, tmp_path: Path, seed: int
) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, directory):
        there = await random_world(here, SMALL, seed)
        await read_all(access, directory)
        assert there.ways()
        assert await differences(there, access) == 0
        predicted, seen = await lose(here, there, access, directory, 8)
        assert await differences(there, access) == 0
    assert {each.user_id: set(each.grants) for each in predicted.people if each.lost} == seen
    assert predicted.count == sum(map(len, seen.values())) > 0
