"""Where AWS has things, in each of its partitions."""

import pytest

from scim_tui.config.aws import AwsRef, read_aws, region_of
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.endpoint import _url
from scim_tui.providers.identity_center.places import console, partition
from scim_tui.providers.identity_center.refusals import NoEndpoint
from scim_tui.scim.endpoints import is_identity_center
from tests.aws.standin import REGION, StandIn


@pytest.mark.parametrize(
    ("region", "fips", "host"),
    [
        ("eu-west-1", False, "global.health.amazonaws.com"),
        ("us-east-1", True, "health-fips.us-east-2.amazonaws.com"),
        ("us-gov-east-1", False, "health.us-gov-east-1.amazonaws.com"),
        ("us-gov-west-1", True, "health-fips.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", False, "global.health.amazonaws.com.cn"),
        ("eusc-de-east-1", False, "health.eusc-de-east-1.amazonaws.eu"),
        ("us-iso-east-1", False, "health.us-iso-east-1.c2s.ic.gov"),
        ("cn-north-1", True, ""),
        ("eusc-de-east-1", True, ""),
    ],
)
async def test_health_is_asked_in_the_partition_of_the_profile(
    aws: StandIn, monkeypatch: pytest.MonkeyPatch, region: str, fips: bool, host: str
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    account = Account(AwsRef(region=region, fips=fips), session=aws.session())
    try:
        if host:
            client = await account._client("health")
            assert client.meta.endpoint_url == f"https://{host}"
        else:
            with pytest.raises(NoEndpoint, match=f"no FIPS endpoint for {region}"):
                await account._client("health")
    finally:
        await account.aclose()


async def test_health_by_fips_where_the_configuration_of_aws_says_so(
    aws: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    account = Account(AwsRef(region=REGION))
    client = await account._client("health")
    await account.aclose()
    assert client.meta.endpoint_url == "https://health-fips.us-east-2.amazonaws.com"


@pytest.mark.parametrize(
    ("region", "name", "host", "sso"),
    [
        ("eu-west-1", "aws", "eu-west-1.console.aws.amazon.com", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "cn-north-1.console.amazonaws.cn", "amazonaws.com.cn"),
        (
            "us-gov-west-1",
            "aws-us-gov",
            "us-gov-west-1.console.amazonaws-us-gov.com",
            "amazonaws.com",
        ),
        ("eusc-de-east-1", "aws-eusc", "eusc-de-east-1.console.amazonaws-eusc.eu", "amazonaws.eu"),
        ("us-iso-east-1", "aws-iso", "", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "", "sc2s.sgov.gov"),
        ("eu-isoe-west-1", "aws-iso-e", "", "cloud.adc-e.uk"),
        ("us-isof-south-1", "aws-iso-f", "", "csp.hci.ic.gov"),
    ],
)
def test_each_partition_has_its_own_names(region: str, name: str, host: str, sso: str) -> None:
    assert partition(region) == name
    assert console(region).startswith(f"https://{host}/" if host else "")
    assert bool(console(region)) is bool(host)
    assert _url(region) == f"https://up.sso.{region}.{sso}/identitystore/"
    assert is_identity_center(f"scim.{region}.{sso}")
    assert region_of(f"https://scim.{region}.{sso}/t/scim/v2") == region


def test_the_arn_of_a_store_stands_for_its_id() -> None:
    arn = "arn:aws-cn:identitystore::123456789012:identitystore/d-1234567890"
    found = read_aws("p", {"region": "cn-north-1", "identity_store_id": arn})
    assert found.identity_store_id == "d-1234567890"
