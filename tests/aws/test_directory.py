"""Users and groups: over SCIM, and what the identity store tells beside it."""

from pathlib import Path

from scim_tui.core.directory.api import Directory
from scim_tui.model.directory import Kind
from scim_tui.model.origin import Origin
from scim_tui.model.provisioning import ProvisioningState
from scim_tui.model.unknown_values import UNKNOWN
from tests.aws.standin import StandIn
from tests.aws.world import World, world
from tests.fakes.memory import MemoryProvider


async def names(found: World, group_id: str) -> list[str]:
    return [row.user_name async for page in found.provider.members(group_id) for row in page.rows]


async def test_members_are_those_of_the_identity_store(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here:
        ids = [await here.push(f"user{n}@x.org") for n in range(3)]
        group = await here.push_group("Crew", ids[:2])
        assert await names(here, group) == ["user0@x.org", "user1@x.org"]
        groups = [
            row.display_name async for page in here.provider.groups_of(ids[0]) for row in page.rows
        ]
    assert groups == ["Crew"]
    assert aws.asked("ListGroupMemberships") == 1
    assert aws.asked("ListGroupMembershipsForMember") == 1


async def test_members_of_users_that_were_listed_are_not_looked_up(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        ids = [await here.push(f"user{n}@x.org") for n in range(3)]
        group = await here.push_group("Crew", ids)
        async for _ in here.provider.users():
            pass
        assert len(await names(here, group)) == 3
    assert aws.asked("DescribeUser") == 0


async def test_without_the_permission_members_come_by_a_filter(
    aws: StandIn, tmp_path: Path
) -> None:
    aws.denied.add("ListGroupMemberships")
    async with world(aws, tmp_path) as here:
        ids = [await here.push(f"user{n}@x.org") for n in range(2)]
        group = await here.push_group("Crew", ids)
        assert sorted(await names(here, group)) == ["user0@x.org", "user1@x.org"]
        assert await names(here, group)
        assert here.provider.capabilities.members
    assert aws.asked("ListGroupMemberships") == 1, "what AWS refuses is not asked again and again"


async def test_users_that_the_tenant_did_not_create_are_found(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here:
        await here.push("pushed@x.org")
        aws.user("hand.made@x.org")
        aws.user("old.tenant@x.org", issuer="https://scim.aws.com/00000000-old")
        aws.user("ad.sync@x.org", issuer="https://identitystore.amazonaws.com/d-1")
        aws.group("Hand group", [])
        users = await here.provider.strays(Kind.USERS)
        groups = await here.provider.strays(Kind.GROUPS)
        summary = await here.provider.summary()
    assert {each.name: each.origin for each in users} == {
        "hand.made@x.org": Origin.BY_HAND,
        "old.tenant@x.org": Origin.OTHER_TENANT,
        "ad.sync@x.org": Origin.OTHER_ISSUER,
    }
    assert [(each.name, each.by) for each in groups] == [("Hand group", "arn:aws:iam::1:ana")]
    assert (summary.users, summary.groups, summary.active_users) == (4, 1, UNKNOWN)


async def test_a_record_shows_its_issuer(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here:
        user_id = await here.push("ana@x.org")
        found = await here.provider.record(Kind.USERS, user_id)
    assert found.attributes["userName"] == "ana@x.org"
    assert found.beside["origin"] == "this tenant"
    assert found.beside["externalIds"] == [{"issuer": here.issuer, "id": f"x-{user_id[:8]}"}]


async def test_without_aws_everything_of_scim_works(aws: StandIn, tmp_path: Path) -> None:
    aws.denied |= {"ListInstances", "LookupEvents", "DescribeEvents", "DescribeIdentityStore"}
    async with world(aws, tmp_path) as here:
        user_id = await here.push("ana@x.org")
        assert (await here.provider.status()).state is ProvisioningState.ENABLED
        found = await here.provider.record(Kind.USERS, user_id)
        notes = {note.name: note for note in await here.provider.notes()}
    assert found.attributes["userName"] == "ana@x.org"
    assert "sso:ListInstances" in str(found.beside["not known"])
    assert "sso:ListInstances" in notes["AWS instance"].evidence
    assert "cloudtrail:LookupEvents" in notes["CloudTrail"].evidence
    assert {note.verdict.value for note in notes.values()} == {"unknown"}


async def test_users_that_were_not_pushed_are_a_finding_with_its_list(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        ids = [await here.push(f"user{n}@x.org") for n in range(3)]
        aws.externals.pop(ids[1])
        aws.externals[ids[2]] = [{"Issuer": "https://scim.aws.com/another", "Id": "x"}]
        directory = Directory(here.provider)
        for kind in Kind:
            await directory.load(kind)
        before = await directory.findings()
        await directory.load_strays()
        found = await directory.findings()
        rows = (await directory.view(Kind.USERS, "origin:hand")).rows(0, 9)
        rest = (await directory.view(Kind.USERS, "-origin:hand")).rows(0, 9)
        await directory.clear()
        cleared = await directory.findings()
        await directory.aclose()
    assert before["users.by_hand"].count is UNKNOWN
    assert (found["users.by_hand"].count, found["users.other_source"].count) == (1, 1)
    assert (found["groups.by_hand"].count, found["users.by_hand"].query) == (0, "origin:hand")
    assert [row.id for row in rows] == [ids[1]]
    assert {row.id for row in rest} == {ids[0], ids[2]}
    assert cleared["users.by_hand"].count is UNKNOWN


async def test_a_product_that_does_not_report_origins_has_no_such_finding() -> None:
    directory = Directory(MemoryProvider())
    for kind in Kind:
        await directory.load(kind)
    assert await directory.load_strays() == []
    found = await directory.findings()
    await directory.aclose()
    assert "users.by_hand" not in found
    assert found["users.inactive"].count == 0
