"""A service of AWS that fails takes nothing else with it, and half an answer is no answer."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.model.checkup import Verdict
from scim_tui.model.directory import Kind
from scim_tui.model.errors import (
    Incomplete,
    NotAllowed,
    Refused,
    ScimTuiError,
    Throttled,
    Unreachable,
    Unreadable,
    UsageError,
)
from tests.aws.standin import StandIn, record
from tests.aws.test_activity import told
from tests.aws.test_findings import found
from tests.aws.world import NOW, world


def closed(_: bytes) -> None:
    """The connection ends without an answer."""


async def test_one_closed_connection_takes_away_its_service_only(
    aws: StandIn, tmp_path: Path
) -> None:
    aws.spoil["DescribeEvents"] = closed
    async with world(aws, tmp_path) as here:
        told(here, record("GetUser", NOW - timedelta(minutes=1)))
        findings = await found(here)
        assert findings["AWS Health"].verdict is Verdict.UNKNOWN
        assert findings["AWS instance"].verdict is Verdict.OK
        assert here.provider.capabilities.events, "the proof of a rotation needs it"
        assert len((await here.provider.events()).events) == 1


async def test_a_service_out_of_reach_rests_for_seconds_and_longer_each_time(
    aws: StandIn, tmp_path: Path
) -> None:
    aws.spoil["LookupEvents"] = closed
    async with world(aws, tmp_path) as here:
        tries = []
        for seconds in (0.0, 1.9, 0.2, 3.9, 0.2):
            here.ticks[0] += seconds
            with pytest.raises(Unreachable, match="cloudtrail:LookupEvents"):
                await here.provider.traffic(NOW)
            tries.append(aws.asked("LookupEvents") // 3)
        assert tries == [1, 1, 2, 2, 3], "botocore tries three times"
        assert here.provider.capabilities.events, "out of reach is not refused"
        aws.spoil.clear()
        here.ticks[0] += 8.1
        assert (await here.provider.traffic(NOW)).accepted == 0
        aws.spoil["LookupEvents"] = closed
        here.pass_(minutes=1)
        with pytest.raises(Unreachable):
            await here.provider.traffic(here.now)
        here.ticks[0] += 2.1
        before = aws.asked("LookupEvents")
        with pytest.raises(Unreachable):
            await here.provider.traffic(here.now)
        assert aws.asked("LookupEvents") == before + 3, "an answer ends the growing of the rest"


@pytest.mark.parametrize(
    ("operation", "items"), [("ListUsers", "Users"), ("ListInstances", "Instances")]
)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[: len(body) // 2],
        lambda body: b"",
        lambda body: b"{}",
        lambda body: body.replace(b'"Users"', b'"Userz"').replace(b'"Instances"', b'"Instancez"'),
        lambda body: body.replace(b'"UserId"', b'"UserIb"').replace(
            b'"InstanceArn"', b'"InstanceArm"'
        ),
        lambda body: b'{"Users": 7, "Instances": 7}',
        lambda body: b"[]",
        lambda body: body[:9] + b"\xff\xfe" + body[11:],
    ],
)
async def test_half_an_answer_is_unreadable_and_no_empty_list(
    aws: StandIn,
    tmp_path: Path,
    operation: str,
    items: str,
    spoil: Callable[[bytes], bytes],
) -> None:
    aws.user("ana@x.org")
    aws.spoil[operation] = spoil
    async with world(aws, tmp_path) as here:
        with pytest.raises(Unreadable, match="cannot be read") as caught:
            await here.provider.strays(Kind.USERS)
        assert "nothing is concluded" in caught.value.message
        assert not here.provider._store.sizes


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("DescribeIdentityStore", "SCIM allow list"),
        ("DescribeInstance", "AWS instance"),
        ("DescribeEvents", "AWS Health"),
        ("LookupEvents", "CloudTrail"),
    ],
)
async def test_no_finding_is_made_of_half_an_answer(
    aws: StandIn, tmp_path: Path, operation: str, name: str
) -> None:
    aws.spoil[operation] = lambda body: body[: len(body) // 2]
    async with world(aws, tmp_path) as here:
        finding = (await found(here))[name]
    assert finding.verdict is Verdict.UNKNOWN
    assert "cannot be read" in finding.evidence


async def test_a_record_of_cloudtrail_that_cannot_be_read_is_not_left_out(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        told(here, record("CreateUser", NOW - timedelta(minutes=1)))
        aws.spoil["LookupEvents"] = lambda body: body.replace(b'{\\"eventVersion', b'\\"eventVer')
        with pytest.raises(Unreadable, match="cloudtrail:LookupEvents"):
            await here.provider.events()
        aws.spoil.clear()
        assert len((await here.provider.events()).events) == 1


async def test_a_token_of_a_page_that_comes_again_is_no_whole_listing(
    aws: StandIn, tmp_path: Path
) -> None:
    def again(body: bytes) -> bytes:
        return json.dumps(json.loads(body) | {"NextToken": "0"}).encode()

    aws.spoil["LookupEvents"] = again
    async with world(aws, tmp_path) as here:
        told(here, record("GetUser", NOW - timedelta(minutes=1)))
        with pytest.raises(Incomplete, match="second time"):
            await here.provider.events()
        assert here.provider._trail.since is None, "nothing counts as read"
        assert aws.asked("LookupEvents") == 2


async def test_a_user_other_than_the_one_asked_for_is_unreadable(
    aws: StandIn, tmp_path: Path
) -> None:
    user = aws.user("ana@x.org")
    aws.spoil["DescribeUser"] = lambda body: body.replace(user.encode(), b"z" + user[1:].encode())
    async with world(aws, tmp_path) as here:
        with pytest.raises(Unreadable, match="another UserId"):
            await here.provider._store.beside(Kind.USERS, user)


@pytest.mark.parametrize(
    ("status", "code", "words", "kind", "hint"),
    [
        (503, "SlowDown", "", Throttled, "Wait"),
        (400, "RequestThrottled", "", Throttled, "Wait"),
        (400, "RequestThrottledException", "", Throttled, "Wait"),
        (429, "SomethingNew", "", Throttled, "Wait"),
        (500, "InternalServerException", "", Refused, "asked again soon"),
        (503, "ServiceUnavailable", "", Refused, "asked again soon"),
        (400, "InvalidSignatureException", "Signature not yet current: x", UsageError, "clock"),
        (403, "RequestTimeTooSkewed", "", UsageError, "clock"),
        (400, "InvalidSignatureException", "does not match", NotAllowed, "does not know"),
        (400, "UnrecognizedClientException", "", NotAllowed, "does not know"),
    ],
)
async def test_the_hint_is_that_of_the_error(
    aws: StandIn,
    tmp_path: Path,
    status: int,
    code: str,
    words: str,
    kind: type[ScimTuiError],
    hint: str,
) -> None:
    aws.errors["ListInstances"] = (status, code, words)
    async with world(aws, tmp_path) as here:
        with pytest.raises(kind) as caught:
            await here.account.call("sso-admin", "ListInstances")
    assert hint in caught.value.hint
    assert "Check the Region" not in caught.value.hint


async def test_what_throttles_rests_and_stays_throttled(aws: StandIn, tmp_path: Path) -> None:
    aws.errors["ListInstances"] = (400, "ThrottlingException", "Rate exceeded")
    async with world(aws, tmp_path) as here:
        for _ in range(2):
            with pytest.raises(Throttled):
                await here.account.call("sso-admin", "ListInstances")
        asked = aws.asked("ListInstances")
        aws.errors.clear()
        here.ticks[0] += 2.1
        await here.account.call("sso-admin", "ListInstances")
    assert asked == 3, "botocore tries three times; while it rests nothing is asked"
