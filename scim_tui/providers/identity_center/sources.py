"""Whether an address may push: the allow list of the identity store (ScimAllowSourceIps)."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from scim_tui.model.checkup import Finding, Verdict

NAME = "SCIM allow list"
_FIX = "Add the network with UpdateIdentityStore (NetworkConfiguration, ScimAllowSourceIps)."


def outside(addresses: Iterable[str], networks: Sequence[str]) -> list[str]:
    """The addresses that no network of the list holds; what is no address is left out."""
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
    """What the list means for us and for the IdP, as far as addresses are known."""
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
    """CloudTrail may name a service of AWS where others have an address."""
    try:
        return ip_address(text)
    except ValueError:
        return None
