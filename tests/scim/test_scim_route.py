"""The way to a server, told stage by stage, without a secret."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.errors import UsageError
from scim_tui.scim.proxies import proxy_for
from scim_tui.scim.route import walk
from scim_tui.scim.tls_options import TlsOptions
from tests.scim.test_scim_reach import PEM, listening

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@asynccontextmanager
async def telling(time: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that tells this time, and what it was asked."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        date = f"Date: {time}\r\n" if time else ""
        writer.write(f"HTTP/1.1 401 No\r\nConnection: close\r\n{date}\r\n".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/scim/v2", asked


async def walked(endpoint: str, tls: TlsOptions, now: datetime = NOW) -> dict[str, Finding]:
    return {each.name: each async for each in walk(endpoint, tls, lambda: now)}


@pytest.mark.parametrize(
    ("ahead", "verdict", "words"),
    [
        (timedelta(0), Verdict.OK, "0 s"),
        (timedelta(minutes=6), Verdict.BAD, "360 s ahead"),
        (timedelta(minutes=-6), Verdict.BAD, "360 s behind"),
    ],
)
async def test_a_clock_that_is_off_is_reported(
    ahead: timedelta, verdict: Verdict, words: str
) -> None:
    told = format_datetime(NOW - ahead, usegmt=True)
    async with telling(told) as (endpoint, asked):
        found = await walked(endpoint, TlsOptions())
    assert (found["Clock"].verdict, words in found["Clock"].evidence) == (verdict, True)
    assert b"authorization" not in asked[0].lower()


@pytest.mark.parametrize("time", ["", "yesterday"])
async def test_a_clock_that_is_not_reported_is_unknown(time: str) -> None:
    async with telling(time) as (endpoint, _):
        assert (await walked(endpoint, TlsOptions()))["Clock"].verdict is Verdict.UNKNOWN


async def test_without_a_listening_server_the_route_ends() -> None:
    async with telling("") as (endpoint, _):
        pass
    found = await walked(endpoint, TlsOptions())
    assert list(found)[-1] == "Answer"
    assert found["Answer"].verdict is Verdict.BAD
    assert "refused" in found["Answer"].evidence


async def test_an_unknown_host_name_ends_the_route() -> None:
    found = await walked("https://no-such-host.invalid/scim/v2", TlsOptions())
    seen = [(each.name, each.verdict) for each in found.values()]
    assert seen == [("Proxy", Verdict.NONE), ("DNS", Verdict.BAD)]


async def test_a_certificate_is_looked_at() -> None:
    async with listening(asks=False) as endpoint:
        strange = (await walked(endpoint, TlsOptions()))["TLS"]
        trusted = (await walked(endpoint, TlsOptions(ca_bundle=PEM)))["TLS"]
        late = await walked(endpoint, TlsOptions(ca_bundle=PEM), NOW.replace(year=9000))
        ends = datetime.fromisoformat(trusted.evidence.split("ends ")[1][:10]).replace(tzinfo=UTC)
        soon = await walked(endpoint, TlsOptions(ca_bundle=PEM), ends - timedelta(days=3))
    assert (strange.verdict, "ca_bundle" in strange.fix) == (Verdict.BAD, True)
    assert trusted.verdict is Verdict.OK, trusted
    assert (late["TLS"].verdict, list(late)[-1]) == (Verdict.BAD, "TLS")
    assert (soon["TLS"].verdict, list(soon)[-1]) == (Verdict.WARN, "Clock")


def test_a_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://jdoe:hush@proxy.example:3128")
    assert proxy_for("https://scim.example/v2") == "proxy.example:3128"
    assert proxy_for("https://localhost:8765/v2") == ""
    monkeypatch.setenv("NO_PROXY", "scim.example")
    assert proxy_for("https://scim.example/v2") == ""


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://proxy:abc", "no address"),
        ("http://proxy:99999", "no address"),
        ("socks5://proxy:1080", "SOCKS"),
    ],
)
async def test_a_proxy_that_cannot_be_used_is_reported(
    monkeypatch: pytest.MonkeyPatch, proxy: str, words: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(UsageError, match=words):
        await walked("https://scim.example/v2", TlsOptions())
