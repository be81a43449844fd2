"""CloudTrail as the feed of what the IdP did."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.core.activity.api import Activity
from scim_tui.model.errors import NotAllowed, NotFound, Unsupported
from scim_tui.model.unknown_values import UNKNOWN
from tests.aws.standin import STORE_ID, StandIn, record
from tests.aws.world import IDP, NOW, World, world

HOUR = timedelta(hours=1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def told(here: World, *records: dict[str, object]) -> None:
    tenant = here.endpoint.split("/")[3]
    for each in records:
        raw = json.loads(str(each["CloudTrailEvent"]))
        raw["requestParameters"]["tenantId"] = tenant
        each["CloudTrailEvent"] = json.dumps(raw)
    before = here.aws.records()
    here.aws.records = lambda: [*before, *records]


async def test_records_become_events_with_outcome_and_reason(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here:
        told(
            here,
            record("CreateUser", NOW - minutes(3), answered={"id": "u-1"}),
            record("PatchGroup", NOW - minutes(2), asked={"id": "g-1"}),
            record(
                "CreateGroup",
                NOW - minutes(1),
                error="ConflictException",
                message="Duplicate GroupDisplayName",
                event_id="conflict",
            ),
        )
        found = (await here.provider.events()).events
        refused = (await here.provider.events(refused=True)).events
        traffic = await here.provider.traffic(NOW - 24 * HOUR)
    assert [(each.operation, each.status, each.resource_id) for each in found] == [
        ("CreateGroup", 409, UNKNOWN),
        ("PatchGroup", 204, "g-1"),
        ("CreateUser", 201, "u-1"),
    ]
    assert (found[0].constraint, found[0].client) == ("group.displayName.unique", IDP)
    assert {each.token_id for each in found} == {"KEY-OLD"}
    assert refused == found[:1]
    assert (traffic.accepted, traffic.refused) == (2, 1)
    assert traffic.last_write_at == NOW - minutes(2)


async def test_what_was_not_read_is_not_called_never(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here:
        traffic = await here.provider.traffic(NOW - 24 * HOUR)
    assert (traffic.accepted, traffic.last_request_at, traffic.last_write_at) == (
        0,
        UNKNOWN,
        UNKNOWN,
    )


async def test_a_look_reads_so_many_pages_and_the_next_one_goes_on(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        told(here, *(record("GetUser", NOW - minutes(n), event_id=f"e{n}") for n in range(1, 501)))
        first = await here.provider.traffic(NOW - 24 * HOUR)
        pages = aws.asked("LookupEvents")
        second = await here.provider.traffic(NOW - 24 * HOUR)
    assert (first.accepted, pages) == (399, 8), "the last second may hold more than was read"
    assert first.since > NOW - 7 * HOUR
    assert second.accepted == 500
    assert second.since == NOW - 24 * HOUR
    assert here.waits, "it keeps to two requests a second"


async def test_who_pages_back_gets_all_of_ninety_days_and_no_more(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        days = (1, 20, 60, 89, 91)
        told(here, *(record("GetUser", NOW - n * 24 * HOUR, event_id=f"e{n}") for n in days))
        page = await here.provider.events()
        found = list(page.events)
        while page.more:
            page = await here.provider.events(before=found[-1].id)
            found += page.events
        activity = Activity(here.provider, lambda: here.now)
        since = await activity.recent(hours=70 * 24)
        asked = [given["StartTime"] for name, given in aws.calls if name == "LookupEvents"]
    assert [(NOW - each.at).days for each in found] == [1, 20, 60, 89]
    assert len(since.events) == 3
    assert min(asked) >= (NOW - 90 * 24 * HOUR).timestamp()


async def test_what_this_program_asked_is_no_activity_of_the_idp(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        ours = "scim-tui/0.1.0 (rotation; nonce x)"
        told(
            here,
            record("GetUser", NOW - minutes(3)),
            *(record("ListUsers", NOW - minutes(1), agent=ours) for _ in range(9)),
        )
        activity = Activity(here.provider, lambda: here.now)
        found = (await activity.recent(2)).events
        news = await activity.follow(0)
        traffic = await here.provider.traffic(NOW - 24 * HOUR)
    assert [each.operation for each in found] == ["GetUser"]
    assert [each.operation for each in news] == ["GetUser"]
    assert (traffic.accepted, traffic.last_client) == (1, IDP)


async def test_a_record_that_came_late_is_not_missed_by_who_follows(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        told(here, record("GetUser", NOW - minutes(1), event_id="prompt"))
        newest = (await here.provider.events()).events[0].id
        here.pass_(seconds=30)
        told(here, record("CreateUser", NOW - minutes(9), event_id="late"))
        assert [each.operation for each in (await here.provider.events(after=newest)).events] == [
            "CreateUser"
        ]
        here.pass_(seconds=30)
        assert len((await here.provider.events()).events) == 2, "each once"


async def test_writes_beside_scim_are_shown_and_are_not_the_idps(
    aws: StandIn, tmp_path: Path
) -> None:
    ana = "arn:aws:sts::123456789012:assumed-role/admin/ana"
    async with world(aws, tmp_path) as here:
        told(
            here,
            record("CreateUser", NOW - minutes(2), source="identitystore.amazonaws.com", arn=ana),
            record(
                "ListUsers", NOW - minutes(1), source="identitystore.amazonaws.com", read_only=True
            ),
        )
        found = (await here.provider.events()).events
        traffic = await here.provider.traffic(NOW - 24 * HOUR)
    assert [(each.operation, each.client, each.way, each.writes) for each in found] == [
        ("CreateUser", ana, "identitystore", False)
    ]
    assert traffic.accepted == 0


async def test_what_another_tenant_or_store_does_is_nowhere(aws: StandIn, tmp_path: Path) -> None:
    """CloudTrail has the records of the whole account, and an account may have two instances."""
    other, ana = "0ther-tenant", "arn:aws:iam::123456789012:user/ana"
    foreign = {"identityStoreId": "d-0000000000"}
    api, console = "identitystore.amazonaws.com", "sso-directory.amazonaws.com"
    async with world(aws, tmp_path, identity_store_id=STORE_ID) as here:
        told(
            here,
            record("CreateUser", NOW - minutes(9)),
            record("CreateUser", NOW - minutes(8), source=api, arn=ana, asked=foreign),
        )
        before = here.aws.records()
        more = [
            record("CreateUser", NOW - minutes(2), tenant=other, agent="Other IdP", key="K-O"),
            record("ListUsers", NOW - minutes(2), tenant=other, error="UnauthorizedException"),
            record("CreateBearerToken", NOW - minutes(1), tenant=other, source=console, arn=ana),
            record("CreateBearerToken", NOW, tenant="", source=console, arn=ana, asked=foreign),
        ]
        here.aws.records = lambda: [*before, *more]
        events = (await here.provider.events()).events
        traffic = await here.provider.traffic(NOW - 24 * HOUR)
        acts = await here.provider.token_acts()
        uses = await here.provider.key_uses()
    assert [each.at for each in events] == [NOW - minutes(9)]
    assert (traffic.accepted, traffic.refused, traffic.unauthorized) == (1, 0, 0)
    assert traffic.last_write_at == NOW - minutes(9)
    assert acts == ()
    assert [each.key_id for each in uses] == ["KEY-OLD"]


async def test_without_the_permission_activity_is_denied_by_its_action(
    aws: StandIn, tmp_path: Path
) -> None:
    aws.denied.add("LookupEvents")
    async with world(aws, tmp_path) as here:
        with pytest.raises(NotAllowed, match="cloudtrail:LookupEvents"):
            await here.provider.events()
        assert not here.provider.capabilities.events
        assert "cloudtrail:LookupEvents" in here.provider.capabilities.events.reason
        with pytest.raises(Unsupported, match="cloudtrail:LookupEvents"):
            await here.provider.traffic(NOW)
        assert aws.asked("LookupEvents") == 1
        assert here.provider.capabilities.members
        here.pass_(minutes=6)
        aws.denied.clear()
        assert (await here.provider.events()).events == ()


async def test_tokens_that_were_made_and_deleted_are_reported(aws: StandIn, tmp_path: Path) -> None:
    ana, console = "arn:aws:iam::123456789012:user/ana", "sso-directory.amazonaws.com"
    async with world(aws, tmp_path) as here:
        told(
            here,
            record(
                "CreateBearerToken",
                NOW - 50 * 24 * HOUR,
                source=console,
                arn=ana,
                answered={"tokenId": "tok-1"},
            ),
            record("CreateBearerToken", NOW - 40 * 24 * HOUR, source=console, arn=ana),
            record(
                "DeleteBearerToken",
                NOW - 30 * 24 * HOUR,
                source=console,
                arn=ana,
                asked={"tokenId": "tok-0"},
            ),
            record("CreateBearerToken", NOW - HOUR, source=console, error="AccessDenied"),
        )
        acts = await here.provider.token_acts()
    assert [(act.made, act.token_id, act.by, act.log) for act in acts] == [
        (True, "tok-1", ana, "CloudTrail"),
        (True, UNKNOWN, ana, "CloudTrail"),
        (False, "tok-0", ana, "CloudTrail"),
    ]


async def test_what_cloudtrail_shows_of_a_refused_request(aws: StandIn, tmp_path: Path) -> None:
    hidden = {"userName": "HIDDEN_DUE_TO_SECURITY_REASONS"}
    async with world(aws, tmp_path) as here:
        told(
            here,
            record(
                "CreateUser",
                NOW - minutes(1),
                asked={"httpBody": hidden},
                error="ConflictException",
                message="Duplicate UserName",
                event_id="conflict",
            ),
        )
        (event,) = (await here.provider.events(refused=True)).events
        sent = await here.provider.sent_request(event.request_id)
        with pytest.raises(NotFound):
            await here.provider.sent_request("another")
    assert (sent.method, sent.path, sent.body, sent.masked) == ("POST", "/Users", hidden, True)
