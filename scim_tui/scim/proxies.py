"""Which proxy the environment names for an address."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from scim_tui.model.errors import UsageError
from scim_tui.scim.endpoints import is_loopback

BAD_PROXY = (
    "The environment names a proxy that is no address.",
    "Correct HTTP_PROXY, HTTPS_PROXY or ALL_PROXY: http://HOST:PORT.",
)


def proxy_for(endpoint: str) -> str:
    """The proxy for this address, without its password; empty: none, as always for loopback.

    Raises `UsageError` when it is no address.
    """
    parts = urlsplit(endpoint)
    if is_loopback(parts.hostname or "") or proxy_bypass(parts.hostname or ""):
        return ""
    found = getproxies()
    try:
        proxy = urlsplit(found.get(parts.scheme, found.get("all", "")))
        return f"{proxy.hostname}:{proxy.port}" if proxy.port else proxy.hostname or ""
    except ValueError:
        raise UsageError(*BAD_PROXY) from None
