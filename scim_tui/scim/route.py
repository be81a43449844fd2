"""The way to a server, stage by stage: its name, the proxy, the secure line, its clock."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from scim_tui.scim.failures import broken
from scim_tui.scim.reach import Reach
from scim_tui.scim.transport import AGENT, open_http

SECONDS = 10.0
"""Least time for one stage."""
MOST_SKEW = timedelta(minutes=5)
"""Beyond it signed requests and TLS begin to fail (AWS SigV4: 5 minutes)."""
SOON = timedelta(days=21)
Clock = Callable[[], datetime]
_HEADERS = {"User-Agent": AGENT}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way; `ok` None: it could not be looked at, or there is none."""

    name: str
    ok: bool | None
    evidence: str
    fix: str = ""


async def stages(endpoint: str, reach: Reach, clock: Clock) -> list[Stage]:
    """Walk to the endpoint without a secret; ends at the first stage that is shut."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    proxy = proxy_for(endpoint)
    walked = [_proxy(proxy)]
    if not proxy:  # a proxy looks the name up, and makes the line, itself
        walked.append(await _name(host, port))
        if parts.scheme == "https" and walked[-1].ok:
            walked.append(await _secure(host, port, reach, clock()))
    if all(stage.ok is not False for stage in walked):
        walked.append(await _clock(endpoint, reach, clock))
    return walked


def proxy_for(endpoint: str) -> str:
    """The proxy that the environment names for this address, without its password; or nothing."""
    parts = urlsplit(endpoint)
    if proxy_bypass(parts.hostname or ""):
        return ""
    found = getproxies()
    proxy = urlsplit(found.get(parts.scheme, found.get("all", "")))
    return f"{proxy.hostname}:{proxy.port}" if proxy.port else proxy.hostname or ""


def _proxy(proxy: str) -> Stage:
    words = f"{proxy}, from the environment" if proxy else "none is named in the environment"
    return Stage("Proxy", True if proxy else None, words)


async def _name(host: str, port: int) -> Stage:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
    except (OSError, TimeoutError, UnicodeError):
        return Stage("DNS", False, f"{host} is not known", "Check the address and the name server.")
    took = (time.perf_counter() - began) * 1000
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    return Stage("DNS", True, f"{host} is {', '.join(addresses[:4])}, in {took:.0f} ms")


async def _secure(host: str, port: int, reach: Reach, now: datetime) -> Stage:
    context = reach.context or ssl.create_default_context()
    try:
        async with asyncio.timeout(max(SECONDS, reach.timeout)):
            _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    except (OSError, TimeoutError) as error:
        reason, fix = broken(error)
        return Stage("TLS", False, f"{host}:{port}: {reason}", fix)
    line: ssl.SSLObject = writer.get_extra_info("ssl_object")
    words, certificate = line.version() or "TLS", line.getpeercert() or {}
    writer.transport.abort()
    return _certificate(words, certificate, now)


def _certificate(version: str, certificate: dict[str, Any], now: datetime) -> Stage:
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    left = ends - now
    words = f"{version}, certificate ends {ends:%Y-%m-%d}, {left.days}d left"
    if left < SOON:
        return Stage("TLS", False, words, "Ask the operator of the server for a new certificate.")
    return Stage("TLS", True, words)


async def _clock(endpoint: str, reach: Reach, clock: Clock) -> Stage:
    try:
        async with open_http(endpoint, reach=reach) as http:
            answer = await http.head(f"{endpoint}/ServiceProviderConfig", headers=_HEADERS)
    except httpx.HTTPError as error:
        reason, fix = broken(error)
        return Stage("Answer", False, f"{urlsplit(endpoint).netloc}: {reason}", fix)
    now = clock()
    try:
        told = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return Stage("Clock", None, "the server does not tell its time")
    skew = now - (told if told.tzinfo else told.replace(tzinfo=UTC))
    way = "ahead of" if skew > timedelta(0) else "behind"
    words = f"{abs(skew.total_seconds()):.0f} s {way} the server"
    if abs(skew) > MOST_SKEW:
        return Stage("Clock", False, words, "Set this machine's clock: timedatectl set-ntp true")
    return Stage("Clock", True, words)
