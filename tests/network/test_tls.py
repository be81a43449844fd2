"""TLS, client certificates and proxies, each over a real line on loopback."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.cli.main import run
from scim_tui.model.errors import Unreachable
from scim_tui.providers.scim.provider import ScimProvider
from scim_tui.scim.limits import Retry
from scim_tui.scim.tls_options import TlsOptions
from scim_tui.scim.transport import ClientOptions
from tests.network.certificates import Authority, serving
from tests.network.faults import PEOPLE, SECRET, directory

HOST = "scim.example.com"


@pytest.fixture
def authority(place: Path) -> Authority:
    return Authority(place, "authority")


async def listed(endpoint: str, tls: TlsOptions) -> int:
    options = ClientOptions(retry=Retry(attempts=1, connect_attempts=1), tls=tls)
    provider = ScimProvider(endpoint, SecretStr(SECRET), options=options, cursors=False)
    try:
        return sum([len(page.rows) async for page in provider.users()])
    finally:
        await provider.aclose()


async def refused(endpoint: str, tls: TlsOptions) -> str:
    with pytest.raises(Unreachable) as raised:
        await listed(endpoint, tls)
    return f"{raised.value.message} {raised.value.hint}"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_certificate_of_the_authority_named_is_trusted(
    authority: Authority, host: str
) -> None:
    chain = authority.sign("server", "localhost", "127.0.0.1")
    with directory(serving(chain)) as port:
        tls = TlsOptions(ca_bundle=authority.path)
        assert await listed(f"https://{host}:{port}/v2", tls) == PEOPLE


async def test_what_is_wrong_with_a_certificate_is_reported(
    place: Path, authority: Authority
) -> None:
    other = Authority(place, "other").path
    trusting = TlsOptions(ca_bundle=authority.path)
    with directory(serving(authority.sign("server", "localhost"))) as port:
        endpoint = f"https://localhost:{port}/v2"
        for tls in (TlsOptions(), TlsOptions(ca_bundle=other)):
            assert "its certificate is not trusted. " in await refused(endpoint, tls)
        elsewhere = await refused(f"https://127.0.0.1:{port}/v2", trusting)
        assert "its certificate is for another name. " in elsewhere
    with directory(serving(authority.sign("old", "localhost", ended=True))) as port:
        ended = await refused(f"https://localhost:{port}/v2", trusting)
        assert "its certificate has ended. " in ended
        assert "clock" in ended


async def test_a_server_that_asks_for_a_certificate_is_shown_ours(authority: Authority) -> None:
    ours = authority.sign("admin")
    chain = authority.sign("server", "localhost")
    with directory(serving(chain, asks=authority.path)) as port:
        endpoint = f"https://localhost:{port}/v2"
        without = await refused(endpoint, TlsOptions(ca_bundle=authority.path))
        # The alert that says why may be lost when the server closes the line behind it.
        assert "it asks for a certificate of ours. " in without or "broke off. " in without
        shown = TlsOptions(ca_bundle=authority.path, client_cert=ours)
        assert await listed(endpoint, shown) == PEOPLE


@contextmanager
def a_proxy(upstream: int) -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that leads every CONNECT to this port, and what it was asked."""
    asked: list[bytes] = []
    ready, stop = threading.Event(), asyncio.Event()
    held: dict[str, object] = {}

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while some := await reader.read(65536):
                writer.write(some)
        except OSError:
            pass
        finally:
            writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        there, back = await asyncio.open_connection("127.0.0.1", upstream)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(copy(reader, back), copy(there, writer))

    async def run_it() -> None:
        held["loop"] = asyncio.get_running_loop()
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            held["port"] = server.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run_it()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield f"http://127.0.0.1:{held['port']}", asked
    finally:
        loop = held["loop"]
        assert isinstance(loop, asyncio.AbstractEventLoop)
        loop.call_soon_threadsafe(stop.set)
        thread.join()


async def test_the_proxy_of_the_environment_is_used_and_sees_no_secret(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = authority.sign("admin")
    context = serving(authority.sign("server", HOST), asks=authority.path)
    tls = TlsOptions(ca_bundle=authority.path, client_cert=ours)
    with directory(context) as port, a_proxy(port) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy.replace("//", "//jdoe:pass@"))
        assert await listed(f"https://{HOST}/v2", tls) == PEOPLE
        assert asked
        assert all(each.startswith(f"CONNECT {HOST}:443 ".encode()) for each in asked)
        assert b"Proxy-Authorization: Basic " in asked[0]
        assert SECRET.encode() not in b"".join(asked)


async def test_no_proxy_is_heeded_and_loopback_needs_none(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = TlsOptions(ca_bundle=authority.path, timeout=1)
    chain = authority.sign("server", "localhost")
    with directory(serving(chain)) as port, a_proxy(port) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        monkeypatch.setenv("HTTP_PROXY", proxy)
        assert await listed(f"https://localhost:{port}/v2", tls) == PEOPLE
        monkeypatch.setenv("NO_PROXY", "localhost.example")
        monkeypatch.setattr("socket.getaddrinfo", nobody)
        assert "its name is not known" in await refused("https://localhost.example/v2", tls)
        assert asked == []


async def test_a_proxy_that_is_not_there_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    with directory() as port:
        pass
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    raised = await refused(f"https://{HOST}/v2", TlsOptions())
    assert raised.startswith(f"{HOST} through the proxy 127.0.0.1:{port} cannot be reached: ")
    assert "the connection was refused" in raised


async def test_a_proxy_that_says_no_is_reported_and_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def deny(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(deny, "127.0.0.1", 0) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        raised = await refused(f"https://{HOST}/v2", TlsOptions())
        assert "the proxy says 407 Proxy Authentication Required. " in raised
        provider = ScimProvider(f"https://{HOST}/v2", SecretStr(SECRET), cursors=False)
        with pytest.raises(Unreachable):
            await provider.create_user({"userName": "ana"})
        await provider.aclose()


def nobody(*_: object, **__: object) -> list[object]:
    import socket

    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_commands_read_it_all_from_the_profile(
    place: Path,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    ours = authority.sign("admin")
    ours.chmod(0o600)
    token = place / "token"
    token.write_text(SECRET)
    token.chmod(0o600)
    config = place / "config.toml"
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))
    context = serving(authority.sign("server", "localhost"), asks=authority.path)
    with directory(context) as port:
        config.write_text(
            'default_profile = "far"\n[profiles.far]\nprovider = "scim"\n'
            f'endpoint = "https://localhost:{port}/v2"\ntoken_file = "{token}"\n'
            f'ca_bundle = "{authority.path}"\nclient_cert = "{ours}"\n'
        )
        config.chmod(0o600)
        assert run(["users", "list", "--jsonl"]) == 0
        assert len(capfd.readouterr().out.splitlines()) == PEOPLE
        assert run(["doctor"]) == 0
        assert "TLSv1.3, certificate ends" in capfd.readouterr().out
