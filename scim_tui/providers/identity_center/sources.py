"""Whether an address may push: the network configuration of the identity store."""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from scim_tui.model.checkup import Finding, Verdict
from scim_tui.providers.identity_center.network import MOST_NETWORKS, Network

NAME = "SCIM allow list"
FixFor = Callable[[Sequence[str]], str]
"""The command that lets these addresses push; empty where there is no room for them."""


def outside(addresses: Iterable[str], networks: Sequence[str]) -> list[str]:
    """The addresses that are in no network of the list; invalid ones are left out."""
    allowed = [ip_network(each, strict=False) for each in networks]
    found = []
    for text in addresses:
        address = _address(text)
        if address is not None and not any(address in network for network in allowed):
            found.append(text)
    return found


def allow_finding(
    network: Network | None, ours: Sequence[str], theirs: Sequence[str], fix_for: FixFor
) -> Finding:
    """What the configuration means for us and for the IdP, as far as addresses are known."""
    if network is None or not (network.scim_from or network.vpc_only):
        return Finding(NAME, Verdict.OK, "none: SCIM may come from any address")
    if not network.scim_from:
        words = "SCIM is let in only through a VPC endpoint: no SaaS IdP can push"
        return Finding(NAME, Verdict.BAD, words, _fix(fix_for, outside(theirs, [])))
    networks = network.scim_from
    listed = ", ".join(networks[:3]) + (", .." if len(networks) > 3 else "")
    if blocked := outside(theirs, networks):
        words = f"{_some(blocked)}, where the IdP came from, is outside {listed}"
        return Finding(NAME, Verdict.BAD, words, _fix(fix_for, blocked))
    if blocked := outside(ours, networks):
        words = f"our own address {_some(blocked)} is outside {listed}"
        return Finding(NAME, Verdict.BAD, words, _fix(fix_for, blocked))
    unseen = [who for who, known in (("ours", ours), ("the IdP's", theirs)) if not known]
    if unseen:
        words = f"{listed}; which address is {' and '.join(unseen)} is not known yet"
        return Finding(NAME, Verdict.UNKNOWN, words)
    return Finding(NAME, Verdict.OK, f"{listed}; ours and the IdP's are inside")


def _fix(fix_for: FixFor, addresses: Sequence[str]) -> str:
    command = fix_for(addresses)
    if not command:
        return f"The list holds {MOST_NETWORKS} networks at most: put several into a wider one."
    return (
        "This replaces the whole network configuration, so all of it is in the command: read it, "
        f"then run: {command}"
    )


def _some(addresses: Sequence[str]) -> str:
    more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
    return f"{addresses[0]}{more}"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address; None: CloudTrail may name an AWS service instead of one."""
    try:
        return ip_address(text)
    except ValueError:
        return None
