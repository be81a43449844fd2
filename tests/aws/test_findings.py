"""What AWS tells beside SCIM, on Status, in doctor and in the ledger of tokens."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from scim_tui.config.profiles import Profile
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.health.aspects import Aspect
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.model.activity import Traffic
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotAllowed, NotFound, Refused
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.identity_center.endpoint import find_endpoint
from scim_tui.providers.identity_center.health import end_of
from scim_tui.providers.identity_center.network import Network
from scim_tui.providers.identity_center.sources import allow_finding, outside
from tests.aws.standin import StandIn, record
from tests.aws.test_activity import told
from tests.aws.world import IDP, NOW, World, world

CONSOLE = "sso-directory.amazonaws.com"
ANA = "arn:aws:iam::123456789012:user/ana"


def space(here: World, folder: Path) -> Workspace:
    audit = AuditTrail(folder / "audit.jsonl", actor="ana", profile="p", via="cli")
    profile = Profile(name="p", provider="identity-center", data_dir=folder)
    return assemble(profile, here.provider, audit, clock=lambda: here.now)


async def found(here: World) -> dict[str, Finding]:
    return {each.name: each for each in await here.provider.notes()}


async def test_an_idp_outside_the_allow_list_is_reported(aws: StandIn, tmp_path: Path) -> None:
    aws.network = {"VpceAccessRequired": False, "ScimAllowSourceIps": ["203.0.113.0/24"]}
    async with world(aws, tmp_path) as here:
        told(here, record("GetUser", NOW - timedelta(minutes=1), address="198.51.100.7"))
        finding = (await found(here))["SCIM allow list"]
    assert finding.verdict is Verdict.BAD
    assert finding.evidence.startswith("198.51.100.7, where the IdP came from, is outside")


def test_addresses_are_compared_as_networks() -> None:
    networks = ("203.0.113.0/24", "2001:db8::/32")
    seen = ["203.0.113.9", "2001:db8::1", "198.51.100.7", "sso.amazonaws.com"]
    assert outside(seen, networks) == ["198.51.100.7"]

    def finding(ours: list[str], theirs: list[str]) -> Finding:
        network = Network(False, networks, {"ScimAllowSourceIps": networks})
        return allow_finding(network, ours, theirs, lambda _: "x")

    assert allow_finding(None, [], [], lambda _: "x").verdict is Verdict.OK
    assert finding(["198.51.100.7"], []).evidence.startswith("our own address")
    assert finding([], ["203.0.113.9"]).verdict is Verdict.UNKNOWN
    assert finding(["203.0.113.8"], ["203.0.113.9"]).verdict is Verdict.OK


async def test_a_notice_of_aws_health_is_a_sign_of_its_own(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here:
        assert (await found(here))["AWS Health"].verdict is Verdict.OK
        asked = next(given for name, given in aws.calls if name == "DescribeEvents")
        assert asked["filter"]["eventTypeCodes"] == [
            "AWS_IAMIDENTITYCENTER_SCIM_BEARER_TOKEN_EXPIRY_NOTIFICATION"
        ]
        here.pass_(minutes=11)
        aws.notices = [
            {
                "arn": "arn:aws:health:us-east-1::event/SSO/x",
                "region": "us-east-1",
                "startTime": (NOW - timedelta(days=2)).timestamp(),
                "statusCode": "open",
            },
            {"arn": "arn:2", "region": "eu-west-1"},
        ]
        aws.notice = "The SCIM access token of your directory expires in 45 days on 2027-01-09."
        finding = (await found(here))["AWS Health"]
    assert (finding.verdict, finding.evidence) == (
        Verdict.WARN,
        "AWS says that a token ends on 2027-01-09 (health:DescribeEventDetails), notice 2d ago",
    )


async def test_a_notice_without_its_text_is_a_sign_all_the_same(
    aws: StandIn, tmp_path: Path
) -> None:
    aws.notices = [{"arn": "arn:1", "region": "us-east-1", "startTime": NOW.timestamp()}]
    aws.denied.add("DescribeEventDetails")
    async with world(aws, tmp_path) as here:
        finding = (await found(here))["AWS Health"]
    assert finding.verdict is Verdict.WARN
    assert "ends soon; when is not known: AWS does not allow health:DescribeEvent" in (
        finding.evidence
    )


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("The token expires in 30 days on 2026-12-24T10:00:00Z.", date(2026, 12, 24)),
        ("will expire in 7 days on December 2, 2026. Rotate it", date(2026, 12, 2)),
        ("expires in 7 days on 2 December 2026", date(2026, 12, 2)),
        ("expires in 1 day on Wednesday, Dec 2nd, 2026", date(2026, 12, 2)),
        ("expires in 7 days on 2/12/2026", None),
        ("Enabled on 2025-01-01. The token expires soon.", None),
        ("expires in 7 days on Foober 2, 2026", None),
        ("", None),
    ],
)
def test_the_end_is_the_date_of_the_notice_and_no_other(text: str, end: date | None) -> None:
    assert end_of(text) == end


@pytest.mark.parametrize(
    ("plan", "words"), [(False, "health:DescribeEvents"), (True, "support plan")]
)
async def test_without_health_the_rest_is_reported(
    aws: StandIn, tmp_path: Path, plan: bool, words: str
) -> None:
    aws.no_plan = plan
    aws.denied |= set() if plan else {"DescribeEvents"}
    async with world(aws, tmp_path) as here:
        findings = await found(here)
        await found(here)
    assert words in findings["AWS Health"].evidence
    assert findings["AWS instance"].verdict is Verdict.OK
    assert findings["SCIM allow list"].verdict is Verdict.OK
    assert aws.asked("DescribeEvents") == 1


async def test_no_record_at_all_says_what_that_can_mean(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here:
        finding = (await found(here))["CloudTrail"]
    assert finding.verdict is Verdict.UNKNOWN
    assert "before September 2024" in finding.evidence


async def test_the_key_of_the_idp_is_reported_and_whether_it_is_ours(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        told(
            here,
            record("GetUser", NOW - timedelta(minutes=3), key="KEY-W2QF"),
            record("ListUsers", NOW - timedelta(minutes=1), key="KEY-W2QF", agent="scim-tui/1.0.0"),
        )
        finding = (await found(here))["Keys seen"]
    assert finding.evidence == (
        f"..W2QF {IDP}, 1 request, newest 3m ago; the token of this profile has the same key"
    )


async def test_quota_use_is_reported_once_all_users_were_listed(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        assert "Quota" not in await found(here)
        aws.user("ana@x.org")
        await here.provider.strays(Kind.USERS)
        finding = (await found(here))["Quota"]
    assert finding.evidence.startswith("1 of 200,000 users")


async def test_doctor_reports_on_scim_and_on_aws(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here:
        names = [each.name async for each in here.provider.checkup()]
    assert names[:4] == ["Token", "Tenant", "Permissions", "Rate limits"]
    assert names[4:8] == ["AWS instance", "CloudTrail", "SCIM allow list", "AWS Health"]


async def test_the_ledger_has_the_tokens_in_cloudtrail(aws: StandIn, tmp_path: Path) -> None:
    day = timedelta(days=1)
    async with world(aws, tmp_path) as here:
        told(
            here,
            record(
                "CreateBearerToken",
                NOW - 80 * day,
                source=CONSOLE,
                arn=ANA,
                answered={"tokenId": "tok-1"},
            ),
            record(
                "CreateBearerToken",
                NOW - 70 * day,
                source=CONSOLE,
                arn=ANA,
                answered={"tokenId": "tok-2"},
            ),
            record(
                "DeleteBearerToken",
                NOW - 60 * day,
                source=CONSOLE,
                arn=ANA,
                asked={"tokenId": "tok-1"},
            ),
            record("CreateBearerToken", NOW - 50 * day, source=CONSOLE, arn=ANA),
        )
        workspace = space(here, tmp_path)
        snapshot = await workspace.health.take()
        signals = {row.label: row for row in workspace.health.signals(snapshot)}
        await workspace.ledger.record("tok-2", NOW - 71 * day)
        typed = (await workspace.ledger.list())[0]
    first, second = snapshot.noted
    assert (first.id, first.created_at) == ("tok-2", NOW - 70 * day)
    assert first.expires_at == NOW + 295 * day
    assert first.source == f"from CloudTrail, made by {ANA} 2026-09-16, end computed"
    assert second.id == "made-2026-10-06T12:00Z"
    assert "which has no id" in second.source
    assert (typed.created_at, typed.how) == (NOW - 71 * day, "computed")
    assert signals["Token expiry"].detail.startswith("tok-2 ends 2027-09-16 (computed), 295d")
    assert signals["AWS instance"].mark == "[ok]"


async def test_without_cloudtrail_the_ledger_still_lists(aws: StandIn, tmp_path: Path) -> None:
    aws.denied.add("LookupEvents")
    async with world(aws, tmp_path) as here:
        workspace = space(here, tmp_path)
        await workspace.ledger.record("tok-9", NOW)
        snapshot = await workspace.health.take()
        signals = {row.label: row for row in workspace.health.signals(snapshot)}
    assert [each.id for each in snapshot.noted] == ["tok-9"]
    assert "cloudtrail:LookupEvents" in signals["IdP traffic 24h"].detail
    assert signals["IdP traffic 24h"].mark == "[ ?]"


async def test_status_does_not_wait_for_a_slow_log(
    aws: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim_tui.core.health.api.PATIENCE", 0.3)
    async with world(aws, tmp_path) as here:
        told(here, record("GetUser", NOW - timedelta(minutes=1)))
        workspace = space(here, tmp_path)
        aws.log_open.clear()
        first = await workspace.health.take()
        aws.log_open.set()
        await here.provider.notes()
        await here.provider.token_acts()
        asked = aws.asked("LookupEvents")
        second = await workspace.health.take()
    assert first.status.state == "enabled"
    assert (first.traffic, first.product) == (UNKNOWN, ())
    assert first.problems[Aspect.TRAFFIC] == "It is still being asked."
    signals = {row.label: row.detail for row in workspace.health.signals(first)}
    assert signals["Token expiry"] == "It is still being asked."
    assert isinstance(second.traffic, Traffic)
    assert second.traffic.accepted == 1
    assert len(second.product) > 3
    assert aws.asked("LookupEvents") == asked, "what was asked before is not asked again"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"__type": "com.amazon#AccessDeniedException"}, NotAllowed),
        (400, {"__type": "ValidationException"}, Refused),
        (200, {"ProvisioningTenants": []}, NotFound),
        (200, ["what"], Refused),
        (200, {"ProvisioningTenants": [{"ScimEndpoint": "a"}, {"ScimEndpoint": "b"}]}, Refused),
    ],
)
async def test_the_experiment_may_fail_in_words(
    aws: StandIn, tmp_path: Path, status: int, body: object, kind: type[Exception]
) -> None:
    answers = httpx.MockTransport(lambda _: httpx.Response(status, json=body))
    async with world(aws, tmp_path) as here:
        with pytest.raises(kind, match="ListProvisioningTenants"):
            await find_endpoint(here.account, transport=answers)


async def test_the_experiment_asks_signed_and_for_one_store(aws: StandIn, tmp_path: Path) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        tenant = {
            "CreationTime": 1713363979.436,
            "ScimEndpoint": "https://x/scim/v2/",
            "TenantId": "x",
        }
        return httpx.Response(200, json={"ProvisioningTenants": [tenant]})

    async with world(aws, tmp_path) as here:
        endpoint = await find_endpoint(here.account, transport=httpx.MockTransport(answer))
    request = asked[0]
    assert endpoint == "https://x/scim/v2/"
    assert str(request.url) == "https://up.sso.us-east-1.amazonaws.com/identitystore/"
    assert request.headers["X-Amz-Target"] == "AWSIdentityStoreService.ListProvisioningTenants"
    assert "/us-east-1/identitystore/aws4_request" in request.headers["Authorization"]
    assert request.content == b'{"IdentityStoreId": "d-1234567890"}'
    assert datetime.now(UTC).strftime("%Y") in request.headers["X-Amz-Date"]
