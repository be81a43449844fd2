"""Addresses: which ones a secret may be sent to, and how a path is joined to them."""

from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlsplit

from scim_tui.model.errors import NotFound, UsageError

_NOT_IN_HOSTS = frozenset(' "<>\\^`{|}')
_AWS = (
    ".amazonaws.com",
    ".api.aws",
    ".amazonaws.com.cn",
    ".api.amazonwebservices.com.cn",
    ".amazonaws.eu",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".api.aws.ic.gov",
    ".sc2s.sgov.gov",
    ".api.aws.scloud",
    ".cloud.adc-e.uk",
    ".api.cloud-aws.adc-e.uk",
    ".csp.hci.ic.gov",
    ".api.aws.hci.ic.gov",
)
"""How the names of hosts of AWS end, in all of its partitions, IPv4 only and dual-stack."""
_WRITE = "Write https://HOST/PATH, as the provider shows it."


def read_endpoint(text: str) -> str:
    """The base address without a slash at its end.

    Raises `UsageError` for a text that is no URL, a URL with a password, and one to which a secret
    would be sent unencrypted over a network.
    """
    parts = _read("The endpoint", text)
    host = parts.hostname or ""
    if parts.scheme == "http" and not is_loopback(host):
        raise UsageError(
            f"The token would travel unencrypted to {host}.", "Use https, or a loopback address."
        )
    return _written(parts)


def read_public_url(text: str) -> str:
    """The URL at which the service is reached from outside, without a slash at its end.

    Raises `UsageError`. It may be plain http, as a proxy in front of the service may do TLS.
    """
    return _written(_read("--public-url", text))


def _read(name: str, text: str) -> SplitResult:
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError(f"{name} is not a URL.", _WRITE) from None
    plain = text.strip().isprintable() and not any(sign in parts.netloc for sign in _NOT_IN_HOSTS)
    if parts.scheme not in {"http", "https"} or not host or not plain:
        raise UsageError(f"{name} is not a URL.", _WRITE)
    if parts.username is not None or parts.password is not None:
        raise UsageError(f"{name} holds a password.", "Take it out of the URL.")
    if "?" in text or "#" in text:
        raise UsageError(f"{name} ends in ? or #.", "Leave out what follows the path.")
    return parts


def _written(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by name or number; nothing is looked up."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_identity_center(host: str) -> bool:
    """Whether the host is an endpoint of IAM Identity Center (SCIM developer guide)."""
    return host.startswith("scim.") and host.endswith(_AWS)


def one_of(collection: str, resource_id: str) -> str:
    """The path of one resource. Raises `NotFound` for an id that no resource can have."""
    if resource_id in {"", ".", ".."}:
        raise NotFound(f"/{collection} has nothing with the id {resource_id!r}.", status=404)
    return f"/{collection}/{quote(resource_id, safe='', errors='replace')}"
