"""The network configuration of an identity store, and the command that changes it.

UpdateIdentityStore replaces the whole configuration: a list that is left out is cleared, and an
empty one is refused (API reference, NetworkConfigurationDetails). So the command has all of it.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, NamedTuple

from scim_tui.config.aws import AwsRef
from scim_tui.providers.identity_center.refusals import unreadable
from scim_tui.providers.identity_center.shapes import part

ANYWHERE = "0.0.0.0/0"
"""What AWS says to set, to keep SCIM public where the API is only for a VPC."""
MOST_NETWORKS = 50
_LIST = "ScimAllowSourceIps"
_LISTS = ("ApiRestrictSourceVpcs", "ApiAllowSourceIps", _LIST)


class Network(NamedTuple):
    """From where the store may be asked."""

    vpc_only: bool
    """Only through a VPC endpoint, unless a list says otherwise."""
    scim_from: tuple[str, ...]
    """The networks SCIM may come from; empty: no list is set."""
    lists: Mapping[str, tuple[str, ...]]
    """All lists that are set."""

    def with_sources(self, networks: Sequence[str]) -> dict[str, Any]:
        """The whole configuration, with these networks for SCIM beside those there are."""
        lists = {name: list(found) for name, found in self.lists.items()}
        lists[_LIST] = list(dict.fromkeys((*self.scim_from, *networks)))
        return {"VpceAccessRequired": self.vpc_only, **lists}


def read_network(answer: Mapping[str, Any]) -> Network | None:
    """The configuration in an answer of DescribeIdentityStore; None: none is set."""
    if "NetworkConfiguration" not in answer:
        return None
    found = part(answer, "NetworkConfiguration")
    if not isinstance(found.get("VpceAccessRequired"), bool):
        raise unreadable("identitystore:DescribeIdentityStore", "no VpceAccessRequired")
    lists = {name: tuple(map(str, found[name])) for name in _LISTS if found.get(name)}
    return Network(found["VpceAccessRequired"], lists.get(_LIST, ()), lists)


def update_command(ref: AwsRef, store_id: str, network: Network, addresses: Sequence[str]) -> str:
    """The command of the AWS CLI that lets these addresses push; empty: the list is full."""
    networks = [_network(each) for each in addresses] or [ANYWHERE]
    whole = network.with_sources(networks)
    if len(whole[_LIST]) > MOST_NETWORKS:
        return ""
    command = ["aws", "identitystore", "update-identity-store", "--identity-store-id", store_id]
    command += ["--region", ref.region]
    command += ["--profile", ref.aws_profile] if ref.aws_profile else []
    command += ["--network-configuration", json.dumps(whole, separators=(",", ":"))]
    return shlex.join(command)


def _network(address: str) -> str:
    """One address as a network, as the API wants it."""
    return f"{address}/{ip_address(address).max_prefixlen}"
