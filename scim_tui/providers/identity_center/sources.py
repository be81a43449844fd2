"""Whether an address may push: the allow list of the identity store (ScimAllowSourceIps)."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from scim_tui.model.checkup import Finding, Verdict

NAME = "SCIM allow list"
_FIX = "Add the network with UpdateIdentityStore (NetworkConfiguration, ScimAllowSourceIps)."


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
    networks: Sequence[str] | None, ours: Sequence[str], theirs: Sequence[str]
) -> Finding:
    """Whether the list allows us and the IdP, as far as their addresses are known."""
    if networks is None:
        return Finding(NAME, Verdict.OK, "none: SCIM may come from any address")
    listed = ", ".join(networks[:3]) + (", .." if len(networks) > 3 else "")
    if blocked := outside(theirs, networks):
        words = f"{_some(blocked)}, where the IdP came from, is outside {listed}"
        return Finding(NAME, Verdict.BAD, words, _FIX)
    if blocked := outside(ours, networks):
        words = f"our own address {_some(blocked)} is outside {listed}"
        return Finding(NAME, Verdict.BAD, words, _FIX)
    unseen = [who for who, known in (("ours", ours), ("the IdP's", theirs)) if not known]
    if unseen:
        words = f"{listed}; which address is {' and '.join(unseen)} is not known yet"
        return Finding(NAME, Verdict.UNKNOWN, words)
    return Finding(NAME, Verdict.OK, f"{listed}; ours and the IdP's are inside")


def _some(addresses: Sequence[str]) -> str:
    more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
    return f"{addresses[0]}{more}"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address; None: CloudTrail may name an AWS service instead of one."""
    try:
        return ip_address(text)
    except ValueError:
        return None
