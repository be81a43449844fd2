"""The connection to a server, stage by stage: DNS, proxy, TLS, clock."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from scim_tui.model.checkup import Finding, Verdict
from scim_tui.scim.failures import reason_of
from scim_tui.scim.proxies import proxy_for
from scim_tui.scim.tls_options import TlsOptions
from scim_tui.scim.transport import AGENT, open_http

SECONDS = 10.0
"""Least time for one stage."""
MOST_SKEW = timedelta(minutes=5)
"""With a larger difference signed requests and TLS begin to fail (AWS SigV4: 5 minutes)."""
SOON = timedelta(days=21)
Clock = Callable[[], datetime]
_HEADERS = {"User-Agent": AGENT}


async def walk(endpoint: str, tls: TlsOptions, clock: Clock) -> AsyncIterator[Finding]:
    """Check each stage of the route without a secret; ends at the first one that fails."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    proxy = proxy_for(endpoint)
    yield _proxy(proxy)
    if not proxy:  # a proxy looks the name up, and makes the line, itself
        yield (name := await _name(host, port))
        if name.verdict is Verdict.BAD:
            return
        if parts.scheme == "https":
            yield (secure := await _secure(host, port, tls, clock()))
            if secure.verdict is Verdict.BAD:
                return
    yield await _clock(endpoint, tls, clock)


def _proxy(proxy: str) -> Finding:
    words = f"{proxy}, from the environment" if proxy else "none is named in the environment"
    return Finding("Proxy", Verdict.OK if proxy else Verdict.NONE, words)


async def _name(host: str, port: int) -> Finding:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
    except (OSError, TimeoutError, UnicodeError):
        return Finding(
            "DNS", Verdict.BAD, f"{host} is not known", "Check the address and the name server."
        )
    took = (time.perf_counter() - began) * 1000
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    return Finding("DNS", Verdict.OK, f"{host} is {', '.join(addresses[:4])}, in {took:.0f} ms")


async def _secure(host: str, port: int, tls: TlsOptions, now: datetime) -> Finding:
    context = tls.context or ssl.create_default_context()
    try:
        async with asyncio.timeout(max(SECONDS, tls.timeout)):
            _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    except (OSError, TimeoutError) as error:
        reason, fix = reason_of(error)
        return Finding("TLS", Verdict.BAD, f"{host}:{port}: {reason}", fix)
    line: ssl.SSLObject = writer.get_extra_info("ssl_object")
    words, certificate = line.version() or "TLS", line.getpeercert() or {}
    writer.transport.abort()
    return _certificate(words, certificate, now)


def _certificate(version: str, certificate: dict[str, Any], now: datetime) -> Finding:
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    left = ends - now
    words = f"{version}, certificate ends {ends:%Y-%m-%d}, {left.days}d left"
    if left < SOON:
        verdict = Verdict.WARN if left > timedelta(0) else Verdict.BAD
        return Finding("TLS", verdict, words, "Ask the server's operator for a new certificate.")
    return Finding("TLS", Verdict.OK, words)


async def _clock(endpoint: str, tls: TlsOptions, clock: Clock) -> Finding:
    try:
        async with open_http(endpoint, tls=tls) as http:
            answer = await http.head(f"{endpoint}/ServiceProviderConfig", headers=_HEADERS)
    except (httpx.HTTPError, OSError) as error:
        reason, fix = reason_of(error)
        proxy = proxy_for(endpoint)
        where = urlsplit(endpoint).netloc + (f" through the proxy {proxy}" if proxy else "")
        return Finding("Answer", Verdict.BAD, f"{where}: {reason}", fix)
    now = clock()
    try:
        server_time = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return Finding("Clock", Verdict.UNKNOWN, "the server does not tell its time")
    skew = now - (server_time if server_time.tzinfo else server_time.replace(tzinfo=UTC))
    way = "ahead of" if skew > timedelta(0) else "behind"
    words = f"{abs(skew.total_seconds()):.0f} s {way} the server"
    if abs(skew) > MOST_SKEW:
        return Finding(
            "Clock", Verdict.BAD, words, "Set this machine's clock: timedatectl set-ntp true"
        )
    return Finding("Clock", Verdict.OK, words)
