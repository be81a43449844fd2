"""Signing in to AWS, what it refuses, and what a profile may say of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import scim_tui.providers.identity_center as identity_center_package
from scim_tui.config.aws import AwsRef, read_aws, region_of
from scim_tui.config.profiles import parsed, read_profiles
from scim_tui.model.errors import NotAllowed, ScimTuiError, Unreachable, UsageError
from scim_tui.model.rotation.token_notes import NotedToken
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.places import console
from scim_tui.providers.identity_center.policy import FEATURES, policy
from scim_tui.providers.identity_center.provider import IdentityCenterProvider
from scim_tui.providers.identity_center.refusals import Denied, translated_errors
from scim_tui.providers.port import SideChannel
from scim_tui.wiring import open_workspace
from scim_tui.wiring.providers import identity_center
from tests.aws.standin import REGION, STORE_ID, StandIn
from tests.aws.world import NOW

CONFIG = Path("config.toml")
TABLE = """
[profiles.prod]
provider = "identity-center"
endpoint = "https://scim.eu-west-1.amazonaws.com/kE370acb0d7-97b3-4383-8d96-000000000000/scim/v2/"
token_file = "/run/token"
"""


async def refusal(account: Account) -> ScimTuiError:
    try:
        await account.call("sso-admin", "ListInstances")
    except ScimTuiError as error:
        return error
    finally:
        await account.aclose()
    raise AssertionError("AWS answered")


async def test_without_credentials_a_person_is_asked_to_sign_in(
    aws: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    error = await refusal(Account(AwsRef(region=REGION)))
    assert isinstance(error, UsageError)
    assert "aws sso login" in error.hint


async def test_a_profile_of_the_cli_that_is_not_there(aws: StandIn) -> None:
    error = await refusal(Account(AwsRef(region=REGION, aws_profile="nope")))
    assert "has no profile 'nope'" in error.message


async def test_an_sso_login_that_ended_says_how_to_sign_in_again(
    aws: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The profile as `aws configure sso` writes it, and no token in the cache."""
    config = tmp_path / "config"
    config.write_text(
        "[profile prod]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = x\n"
        "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.example/start\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    error = await refusal(Account(AwsRef(region=REGION, aws_profile="prod")))
    assert isinstance(error, NotAllowed)
    assert error.message == "The SSO login of AWS has ended."
    assert error.hint == "Run: aws sso login --profile prod"


async def test_what_is_not_allowed_is_named(aws: StandIn) -> None:
    aws.denied.add("ListInstances")
    error = await refusal(Account(AwsRef(region=REGION)))
    assert isinstance(error, Denied)
    assert error.action == "sso:ListInstances"
    assert error.message.startswith("AWS does not allow sso:ListInstances.")
    assert "--iam-policy" in error.hint


async def test_aws_out_of_reach(aws: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    error = await refusal(Account(AwsRef(region=REGION), timeout=1))
    assert isinstance(error, Unreachable)
    assert error.message.startswith("sso:ListInstances: AWS gave no answer")


async def test_a_role_is_assumed(aws: StandIn) -> None:
    role = "arn:aws:iam::123456789012:role/scim-reader"
    account = Account(AwsRef(region=REGION, role_arn=role))
    answer = await account.call("sso-admin", "ListInstances")
    credentials = await account.credentials()
    await account.aclose()
    assert answer["Instances"][0]["IdentityStoreId"] == STORE_ID
    assert credentials.access_key.startswith("ASIA"), "those of the role, which are temporary"


@pytest.mark.parametrize(
    ("change", "host"),
    [
        ({}, "identitystore.us-east-1.amazonaws.com"),
        ({"fips": True}, "identitystore-fips.us-east-1.amazonaws.com"),
        ({"dual_stack": True}, "identitystore.us-east-1.api.aws"),
        ({"fips": True, "dual_stack": True}, "identitystore-fips.us-east-1.api.aws"),
    ],
)
async def test_the_endpoint_is_the_one_asked_for(
    aws: StandIn, monkeypatch: pytest.MonkeyPatch, change: dict[str, bool], host: str
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    account = Account(AwsRef(region=REGION, **change), session=aws.session())  # type: ignore[arg-type]
    client = await account._client("identitystore")
    assert client.meta.endpoint_url == f"https://{host}"
    await account.aclose()


def test_the_region_is_read_from_the_endpoint() -> None:
    profile = read_profiles(CONFIG, parsed(CONFIG, TABLE)).choose("prod")
    assert profile.aws == AwsRef(region="eu-west-1")
    assert region_of("https://scim.ap-southeast-2.api.aws/x/scim/v2") == "ap-southeast-2"
    assert region_of("http://127.0.0.1:8765/x/scim/v2") == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('region = "Virginia"', "profiles.prod.region 'Virginia'"),
        ('role_arn = "admin"', "profiles.prod.role_arn 'admin'"),
        ('identity_store_id = "x"', "profiles.prod.identity_store_id 'x'"),
        ("fips = 1", "profiles.prod.fips must be true or false"),
        ('regoin = "eu-west-1"', "unknown key profiles.prod.regoin"),
    ],
)
def test_an_invalid_profile_is_reported_with_its_key(line: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_profiles(CONFIG, parsed(CONFIG, TABLE + line))


def test_without_an_endpoint_the_region_is_needed() -> None:
    with pytest.raises(UsageError, match="region is missing"):
        read_aws("p", {"endpoint": "http://127.0.0.1:1/t/scim/v2"})


def test_the_endpoint_may_be_left_to_the_experiment_only() -> None:
    table = TABLE.replace("endpoint =", "#")
    with pytest.raises(UsageError, match="endpoint is missing"):
        read_profiles(CONFIG, parsed(CONFIG, f'{table}region = "eu-west-1"'))
    more = 'region = "eu-west-1"\nexperimental_find_endpoint = true'
    profile = read_profiles(CONFIG, parsed(CONFIG, table + more)).choose("prod")
    assert profile.aws == AwsRef(region="eu-west-1", find_endpoint=True)


def test_the_policy_only_reads_and_is_as_narrow_as_it_goes() -> None:
    document = policy(store_id=STORE_ID, partition="aws-us-gov")
    actions = [each for statement in document["Statement"] for each in statement["Action"]]
    reads = ("Decrypt", "Describe", "Get", "List", "Lookup")
    assert all(each.split(":")[1].startswith(reads) for each in actions)
    assert not any("*" in each for each in actions)
    stores = [each["Resource"] for each in document["Statement"] if each["Resource"] != "*"]
    assert stores
    assert {each[0] for each in stores} == {
        f"arn:aws-us-gov:identitystore::*:identitystore/{STORE_ID}"
    }
    assert len(policy(["members"])["Statement"]) == 1
    with pytest.raises(UsageError, match="no feature x"):
        policy(["x"])


def test_every_call_is_in_the_policy() -> None:
    """What the code asks AWS for, and what the policy allows, are the same list."""
    folder = Path(identity_center_package.__file__).parent
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "policy.py")
    actions = {each for feature in FEATURES for each in feature.actions}
    for action in actions:
        assert f'"{action.split(":")[1]}"' in code or action in code, action


@pytest.mark.parametrize(
    ("region", "start"),
    [
        ("eu-west-1", "https://eu-west-1.console.aws.amazon.com/"),
        ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/"),
        ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/"),
    ],
)
def test_the_console_is_that_of_the_region(region: str, start: str) -> None:
    assert console(region).startswith(start)


def test_a_sentence_says_what_botocore_could_not_do() -> None:
    from botocore.exceptions import DataNotFoundError

    def fail(_: Callable[[], None] | None = None) -> None:
        with translated_errors("sso:ListInstances"):
            raise DataNotFoundError(data_path="x")

    with pytest.raises(UsageError, match="sso:ListInstances: Unable to load data"):
        fail()


async def test_a_profile_is_opened_without_a_request(
    aws: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text("a-token-of-sixteen")
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    table = TABLE.replace("/run/token", str(token))
    profile = read_profiles(CONFIG, parsed(CONFIG, table)).choose("prod")
    space = await open_workspace(profile, via="cli")
    try:
        assert space.provider.title == "AWS IAM Identity Center / eu-west-1"
        assert isinstance(space.provider, SideChannel)
        assert space.policy.cycle == timedelta(minutes=55), "records come late"
        assert await space.ledger.record("tok-1", NOW) == NotedToken(
            id="tok-1",
            created_at=NOW,
            expires_at=NOW + timedelta(days=365),
            computed=True,
            at=(await space.ledger.list())[0].at,
            by=space.audit.actor,
        )
    finally:
        await space.aclose()


async def test_the_endpoint_is_found_where_a_profile_asks_for_that(
    aws: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def found(_: Account) -> str:
        return "https://scim.eu-west-1.amazonaws.com/t/scim/v2/"

    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text("a-token-of-sixteen")
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("scim_tui.providers.identity_center.endpoint.find_endpoint", found)
    more = 'region = "eu-west-1"\nexperimental_find_endpoint = true'
    table = TABLE.replace("endpoint =", "#").replace("/run/token", str(token)) + more
    profile = read_profiles(CONFIG, parsed(CONFIG, table)).choose("prod")
    provider = await identity_center(profile, lambda: NOW)
    assert isinstance(provider, IdentityCenterProvider)
    assert provider._scim.tenant_id == "t"
    await provider.aclose()
