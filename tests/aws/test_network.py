"""The network configuration of the store: who can push, and the command that changes it."""

import json
import shlex
from pathlib import Path

import pytest

from scim_tui.config.aws import AwsRef
from scim_tui.model.checkup import Verdict
from scim_tui.providers.identity_center.network import Network, read_network, update_command
from tests.aws.standin import STORE_ID, StandIn, record
from tests.aws.test_activity import told
from tests.aws.test_findings import found
from tests.aws.world import NOW, world

VPC = "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1"
NAME = "SCIM allow list"


def configuration(command: str) -> dict[str, object]:
    """What the command would set."""
    words = shlex.split(command.partition("run: ")[2] or command)
    assert words[:3] == ["aws", "identitystore", "update-identity-store"]
    read = json.loads(words[words.index("--network-configuration") + 1])
    assert isinstance(read, dict)
    return read


async def test_only_through_a_vpc_endpoint_is_not_any_address(aws: StandIn, tmp_path: Path) -> None:
    aws.network = {"VpceAccessRequired": True, "ApiRestrictSourceVpcs": [VPC]}
    async with world(aws, tmp_path, aws_profile="") as here:
        finding = (await found(here))[NAME]
    assert finding.verdict is Verdict.BAD
    assert finding.evidence == ("SCIM is let in only through a VPC endpoint: no SaaS IdP can push")
    assert configuration(finding.fix) == {
        "VpceAccessRequired": True,
        "ApiRestrictSourceVpcs": [VPC],
        "ScimAllowSourceIps": ["0.0.0.0/0"],
    }


async def test_the_fix_has_the_whole_configuration_and_the_address(
    aws: StandIn, tmp_path: Path
) -> None:
    """UpdateIdentityStore clears what is left out."""
    aws.network = {
        "VpceAccessRequired": True,
        "ApiRestrictSourceVpcs": [VPC],
        "ApiAllowSourceIps": ["192.0.2.0/24"],
        "ScimAllowSourceIps": ["203.0.113.0/24"],
    }
    async with world(aws, tmp_path) as here:
        told(here, record("GetUser", NOW, address="198.51.100.7"))
        finding = (await found(here))[NAME]
    assert "replaces the whole network configuration" in finding.fix
    assert configuration(finding.fix) == aws.network | {
        "ScimAllowSourceIps": ["203.0.113.0/24", "198.51.100.7/32"]
    }


def test_the_command_names_store_region_and_profile() -> None:
    ref = AwsRef(region="eu-west-1", aws_profile="my prod")
    words = shlex.split(update_command(ref, STORE_ID, Network(False, (), {}), ["2001:db8::1"]))
    assert words[3:9] == [
        "--identity-store-id",
        STORE_ID,
        "--region",
        "eu-west-1",
        "--profile",
        "my prod",
    ]
    assert configuration(shlex.join(words))["ScimAllowSourceIps"] == ["2001:db8::1/128"]


def test_a_list_that_is_full_has_no_command() -> None:
    full = tuple(f"203.0.113.{number}/32" for number in range(50))
    network = Network(False, full, {"ScimAllowSourceIps": full})
    assert update_command(AwsRef(region="eu-west-1"), STORE_ID, network, ["198.51.100.7"]) == ""


def test_a_configuration_without_its_switch_cannot_be_read() -> None:
    assert read_network({}) is None
    with pytest.raises(Exception, match="VpceAccessRequired"):
        read_network({"NetworkConfiguration": {"ScimAllowSourceIps": ["203.0.113.0/24"]}})
