"""Which proxy the environment names for an address."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from scim_tui.scim.endpoints import is_loopback


def proxy_for(endpoint: str) -> str:
    """The proxy for this address, without its password; or nothing, as for loopback always."""
    parts = urlsplit(endpoint)
    if is_loopback(parts.hostname or "") or proxy_bypass(parts.hostname or ""):
        return ""
    found = getproxies()
    proxy = urlsplit(found.get(parts.scheme, found.get("all", "")))
    return f"{proxy.hostname}:{proxy.port}" if proxy.port else proxy.hostname or ""
