"""What every provider promises, said once and asked of all of them."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from scim_tui.model.capabilities import Capability
from scim_tui.model.directory import GroupRow, Kind, UserRow
from scim_tui.model.errors import Conflict, NotAllowed, NotFound, Refused, Unreachable, Unsupported
from scim_tui.model.provisioning import ProvisioningState
from scim_tui.model.unknown_values import NEVER, UNKNOWN
from scim_tui.providers.port import Provider
from scim_tui.scim.filters import equals
from tests.contract.worlds import CREW, PEOPLE, World


async def users(provider: Provider, filter: str = "") -> list[UserRow]:
    return [row async for page in provider.users(filter) for row in page.rows]


async def groups(provider: Provider, filter: str = "") -> list[GroupRow]:
    return [row async for page in provider.groups(filter) for row in page.rows]


async def test_it_says_what_it_is(world: World) -> None:
    assert world.provider.kind
    assert world.provider.title
    for name in ("enable", "create_token", "events", "count", "members", "push"):
        capability: Capability = getattr(world.provider.capabilities, name)
        assert capability or capability.reason.endswith(".")


async def test_provisioning_is_on(world: World) -> None:
    status = await world.provider.status()
    assert status.state is ProvisioningState.ENABLED
    endpoint = status.scim_endpoint
    assert endpoint is UNKNOWN or endpoint.endswith(("/scim/v2", "/v2"))


async def test_every_user_is_listed_once_and_in_full(world: World) -> None:
    found = await users(world.provider)
    assert sorted(row.user_name for row in found) == sorted(world.people)
    assert {row.user_name: row.id for row in found} == world.people
    row = next(row for row in found if row.user_name == "user019@example.com")
    world.needs("names")
    assert row[1:8] == (
        "user019@example.com",
        "Zoë №19",
        "Zoë",
        "№19",
        "user019@example.com",
        "e019",
        False,
    )


async def test_the_last_page_and_only_the_last_one_says_so(world: World) -> None:
    pages = [page async for page in world.provider.users()]
    assert [page.next_cursor is None for page in pages] == [False] * (len(pages) - 1) + [True]
    assert {page.total for page in pages} <= {len(world.people), UNKNOWN}
    assert {page.skipped for page in pages} == {0}


async def test_every_group_is_listed_once(world: World) -> None:
    world.needs("groups")
    assert {row.display_name: row.id for row in await groups(world.provider)} == world.groups


async def test_a_server_without_groups_says_so(world: World) -> None:
    if "groups" not in world.lacks:
        pytest.skip("the server has groups")
    with pytest.raises(Unsupported, match="has no groups"):
        await groups(world.provider)
    with pytest.raises(Unsupported, match="has no groups"):
        [page async for page in world.provider.groups_of(world.people[CREW[0]])]


async def test_a_filter_finds_the_one(world: World) -> None:
    found = await users(world.provider, equals("userName", "user007@example.com"))
    assert [row.id for row in found] == [world.people["user007@example.com"]]
    world.needs("groups")
    assert [row.id for row in await groups(world.provider, equals("displayName", "Crew"))] == [
        world.groups["Crew"]
    ]


async def test_a_filter_that_matches_no_user_finds_none(world: World) -> None:
    pages = [page async for page in world.provider.users(equals("userName", 'a "b" \\ é&=#?'))]
    assert [row for page in pages for row in page.rows] == []
    assert pages[-1].next_cursor is None


async def test_a_record_is_whole(world: World) -> None:
    user_id = world.people["user007@example.com"]
    record = await world.provider.record(Kind.USERS, user_id)
    assert (record.kind, record.id) == (Kind.USERS, user_id)
    assert record.attributes["displayName"] == "Zoë №7"
    assert record.fetched_at.tzinfo is not None
    world.needs("groups")
    group = await world.provider.record(Kind.GROUPS, world.groups["Crew"])
    assert group.attributes["displayName"] == "Crew"


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    "resource_id", ["no-such-id", "../Users", "..", "", "a?b#c%2F", "é", "\udcff"]
)
async def test_what_is_not_there_is_not_found(world: World, kind: Kind, resource_id: str) -> None:
    with pytest.raises(NotFound) as raised:
        await world.provider.record(kind, resource_id)
    assert raised.value.status == 404


async def test_memberships_are_listed_from_group_and_user(world: World) -> None:
    world.needs("groups")
    provider = world.provider
    crew = [row async for page in provider.members(world.groups["Crew"]) for row in page.rows]
    assert sorted(row.user_name for row in crew) == sorted(CREW)
    assert [
        row async for page in provider.members(world.groups["Nobody"]) for row in page.rows
    ] == []
    own = [row async for page in provider.groups_of(world.people[CREW[0]]) for row in page.rows]
    assert [row.display_name for row in own] == ["Crew"]
    alone = world.people["user050@example.com"]
    assert [row async for page in provider.groups_of(alone) for row in page.rows] == []


async def test_members_of_what_is_not_there_are_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        [page async for page in world.provider.members("no-such-id")]
    with pytest.raises(NotFound):
        [page async for page in world.provider.groups_of("no-such-id")]


async def test_the_endpoint_answers(world: World) -> None:
    probe = await world.provider.probe()
    assert (probe.ok, probe.message) == (True, "")
    assert probe.status in {200, 401}
    assert probe.duration_ms is not None


async def test_looking_leaves_no_trace_at_the_idp_side(world: World) -> None:
    if not world.provider.capabilities.events:
        pytest.skip("events are not told")
    before = await world.provider.events(limit=1)
    await world.provider.probe()
    await users(world.provider)
    await world.provider.record(Kind.USERS, world.people[CREW[0]])
    assert (await world.provider.events(limit=1)).events == before.events


async def test_a_summary_counts_or_says_unknown(world: World) -> None:
    summary = await world.provider.summary()
    assert summary.users in {len(world.people), UNKNOWN}
    assert summary.groups in {len(world.groups), UNKNOWN}
    if world.provider.kind in {"service", "memory"}:
        assert (summary.users, summary.groups, summary.memberships) == (PEOPLE, 2, len(CREW))
        assert summary.active_users == PEOPLE - PEOPLE // 10


async def test_a_listing_may_be_left_early(world: World) -> None:
    async for page in world.provider.users():
        assert page.rows
        break
    assert (await world.provider.status()).state is ProvisioningState.ENABLED


async def test_without_a_server_calls_are_unreachable_and_the_probe_says_so(world: World) -> None:
    with pytest.raises(Unreachable):
        await users(world.dead)
    with pytest.raises(Unreachable):
        await world.dead.record(Kind.USERS, "x")
    probe = await world.dead.probe()
    assert (probe.ok, probe.status) == (False, None)
    assert probe.message


async def test_a_wrong_secret_is_not_allowed(world: World) -> None:
    if world.stranger is None:
        pytest.skip("it knows no secret")
    with pytest.raises(NotAllowed) as raised:
        await users(world.stranger)
    assert raised.value.status == 401
    assert raised.value.hint
    assert "wrong" not in raised.value.message.replace("missing or wrong", "")


async def test_tokens_live_by_their_rules(world: World) -> None:
    provider = world.provider
    if not provider.capabilities.list_tokens:
        for call in (provider.tokens(), provider.create_token(), provider.delete_token("x")):
            with pytest.raises(Unsupported):
                await call
        return
    first = (await provider.tokens())[0]
    new = await provider.create_token()
    secret = new.secret.get_secret_value()
    assert len(secret) > 40
    assert secret not in repr(new)
    assert [token.id for token in await provider.tokens()] == [first.id, new.token.id]
    assert new.token.last_used_at is NEVER
    assert isinstance(new.token.expires_at, datetime)
    assert isinstance(new.token.created_at, datetime)
    life = new.token.expires_at - new.token.created_at
    assert abs(life - timedelta(days=365)) < timedelta(minutes=1)
    if provider.capabilities.max_tokens is not None:
        with pytest.raises(Conflict):
            await provider.create_token()
    gone = first if provider.capabilities.max_tokens else new.token
    await provider.delete_token(gone.id)
    with pytest.raises(NotFound):
        await provider.delete_token(gone.id)
    left = {first.id, new.token.id} - {gone.id}
    assert {token.id for token in await provider.tokens()} == left


async def test_provisioning_goes_off_and_on_again(world: World) -> None:
    provider = world.provider
    if not provider.capabilities.disable:
        for call in (provider.enable(), provider.disable()):
            with pytest.raises(Unsupported):
                await call
        return
    assert (await provider.enable()).first_token is None
    with pytest.raises(Conflict):
        await provider.disable()
    for token in await provider.tokens():
        await provider.delete_token(token.id)
    off = await provider.disable()
    assert off == await provider.status()
    assert (off.state, off.scim_endpoint) == (ProvisioningState.DISABLED, NEVER)
    assert len(await users(provider)) == PEOPLE
    with pytest.raises(Conflict):
        await provider.create_token()
    on = await provider.enable()
    assert on.status.state is ProvisioningState.ENABLED
    assert on.first_token is not None
    assert [token.id for token in await provider.tokens()] == [on.first_token.token.id]


async def test_events_are_listed_newest_first_and_in_pages(world: World) -> None:
    provider = world.provider
    if not provider.capabilities.events:
        with pytest.raises(Unsupported):
            await provider.events()
        return
    newest = (await provider.events(limit=5)).events
    ids = [event.id for event in newest]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 5
    older = (await provider.events(limit=5, before=ids[-1])).events
    assert max(event.id for event in older) < ids[-1]
    newer = (await provider.events(limit=5, after=ids[2])).events
    assert [event.id for event in newer] == ids[:2]
    refused = (await provider.events(refused=True)).events
    assert [(event.status, event.constraint) for event in refused] == [(409, "userName.unique")]
    since = newest[1].at
    assert all(event.at >= since for event in (await provider.events(since=since)).events)


async def test_traffic_is_counted(world: World) -> None:
    provider = world.provider
    if not provider.capabilities.events:
        with pytest.raises(Unsupported):
            await provider.traffic(datetime.now().astimezone())
        return
    last = (await provider.events(limit=1)).events[0]
    traffic = await provider.traffic(last.at - timedelta(hours=2))
    assert isinstance(traffic.accepted, int)
    assert traffic.accepted >= PEOPLE
    assert (traffic.refused, traffic.unauthorized, traffic.throttled) == (1, 0, 0)
    assert [(reason.constraint, reason.count) for reason in traffic.reasons] == [
        ("userName.unique", 1)
    ]
    assert traffic.last_request_at == last.at
    assert isinstance(traffic.last_write_at, datetime)
    assert sum(accepted for accepted, _ in traffic.hours) == traffic.accepted


def newcomer(name: str) -> dict[str, object]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": f"{name}@example.com",
        "externalId": name,
        "displayName": "New Comer",
        "name": {"givenName": "New", "familyName": "Comer"},
        "emails": [{"value": f"{name}@example.com", "type": "work", "primary": True}],
        "active": True,
    }


async def test_a_user_is_made_and_changed_as_an_idp_would(world: World) -> None:
    provider, name = world.provider, f"new-{uuid4()}"
    made = await provider.create_user(newcomer(name))
    assert made.attributes["userName"] == f"{name}@example.com"
    try:
        await check_changes(world, made.id, name)
    finally:
        if world.forget:
            await world.forget(made.id)


ODD = 'O\u2019Neil "\\ [red] Zo\u0308e 李 \U0001f680'
HOSTILE = ODD + "\u202e\u200d"


@pytest.mark.parametrize("shown", [ODD, HOSTILE], ids=["odd", "hostile"])
async def test_an_odd_name_is_found_and_comes_back_as_it_was_sent(world: World, shown: str) -> None:
    provider, name = world.provider, f"o'neil+{uuid4()}"
    user = newcomer(name) | {"displayName": shown}
    if shown is HOSTILE and "format signs" in world.lacks:
        with pytest.raises(Refused) as raised:
            await provider.create_user(user)
        assert raised.value.status == 400
        return
    made = await provider.create_user(user)
    try:
        found = await users(provider, equals("userName", f"{name}@example.com"))
        assert [row.id for row in found] == [made.id]
        record = await provider.record(Kind.USERS, made.id)
        assert record.attributes["userName"] == f"{name}@example.com"
        if "names" not in world.lacks:
            assert record.attributes["displayName"] == found[0].display_name == shown
    finally:
        if world.forget:
            await world.forget(made.id)


async def check_changes(world: World, user_id: str, name: str) -> None:
    provider = world.provider
    there = await provider.record(Kind.USERS, user_id)
    assert there.attributes["displayName"] == "New Comer"
    operations: list[dict[str, object]] = [
        {"op": "replace", "path": "displayName", "value": "Renamed"},
        {"op": "replace", "path": "name.familyName", "value": "Other"},
    ]
    changed = await provider.patch_user(user_id, operations)
    assert changed.id == user_id
    there = await provider.record(Kind.USERS, user_id)
    if "names" in world.lacks:
        assert there.attributes["displayName"] in {"Renamed", "New Other"}
    else:
        assert there.attributes["displayName"] == "Renamed"
        assert there.attributes["name"] == {"givenName": "New", "familyName": "Other"}
    with pytest.raises(Conflict):
        await provider.create_user(newcomer(name))
    operations = [{"op": "replace", "path": "active", "value": False}]
    assert (await provider.patch_user(user_id, operations)).attributes["active"] is False


async def test_a_missing_user_is_not_changed(world: World) -> None:
    with pytest.raises(NotFound):
        await world.provider.patch_user(
            str(uuid4()), [{"op": "replace", "path": "displayName", "value": "X"}]
        )


async def test_pushing_without_a_server_is_unreachable(world: World) -> None:
    with pytest.raises(Unreachable):
        await world.dead.create_user(newcomer("x"))
