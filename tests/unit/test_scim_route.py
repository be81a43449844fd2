"""The way to a server, told stage by stage, without a secret."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from scim_tui.scim.reach import Reach
from scim_tui.scim.route import Stage, proxy_for, stages
from tests.unit.test_scim_reach import PEM, listening

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


def named(found: list[Stage]) -> dict[str, Stage]:
    return {stage.name: stage for stage in found}


@pytest.mark.parametrize(
    ("ahead", "ok", "words"),
    [
        (timedelta(0), True, "0 s"),
        (timedelta(minutes=6), False, "360 s ahead"),
        (timedelta(minutes=-6), False, "360 s behind"),
    ],
)
async def test_a_clock_that_is_off_is_told(ahead: timedelta, ok: bool, words: str) -> None:
    told = format_datetime(NOW - ahead, usegmt=True)
    async with telling(told) as (endpoint, asked):
        found = named(await stages(endpoint, Reach(), lambda: NOW))
    assert (found["Clock"].ok, words in found["Clock"].evidence) == (ok, True)
    assert b"authorization" not in asked[0].lower()


@pytest.mark.parametrize("time", ["", "yesterday"])
async def test_a_clock_that_is_not_told_is_unknown(time: str) -> None:
    async with telling(time) as (endpoint, _):
        assert named(await stages(endpoint, Reach(), lambda: NOW))["Clock"].ok is None


async def test_nobody_listening_ends_the_way() -> None:
    async with telling("") as (endpoint, _):
        pass
    found = await stages(endpoint, Reach(), lambda: NOW)
    assert (found[-1].name, found[-1].ok) == ("Answer", False)
    assert "refused" in found[-1].evidence


async def test_a_name_that_nobody_knows_ends_the_way() -> None:
    found = await stages("https://no-such-host.invalid/scim/v2", Reach(), lambda: NOW)
    assert [(stage.name, stage.ok) for stage in found] == [("Proxy", None), ("DNS", False)]


async def test_a_certificate_is_looked_at() -> None:
    async with listening(asks=False) as endpoint:
        strange = named(await stages(endpoint, Reach(), lambda: NOW))["TLS"]
        trusted = named(await stages(endpoint, Reach(ca_bundle=PEM), lambda: NOW))["TLS"]
        late = named(await stages(endpoint, Reach(ca_bundle=PEM), lambda: NOW.replace(year=9000)))
    assert (strange.ok, "ca_bundle" in strange.fix) == (False, True)
    assert trusted.ok, trusted
    assert late["TLS"].ok is False


def test_a_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://jdoe:hush@proxy.example:3128")
    assert proxy_for("https://scim.example/v2") == "proxy.example:3128"
    monkeypatch.setenv("NO_PROXY", "scim.example")
    assert proxy_for("https://scim.example/v2") == ""
