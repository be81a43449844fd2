"""Authorities of one's own, a certificate of ours, and files that are no such thing."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.model.errors import Unreachable, UsageError
from scim_tui.providers.scim.provider import ScimProvider
from scim_tui.scim.limits import Retry
from scim_tui.scim.tls_options import TlsOptions
from scim_tui.scim.transport import ClientOptions

PEM = Path(__file__).parents[1] / "service" / "localhost.pem"
BODY = b'{"totalResults": 0, "Resources": []}'
ANSWER = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)


@asynccontextmanager
async def listening(*, asks: bool) -> AsyncIterator[str]:
    """A TLS server with nobody in its directory; `asks`: only to those who show a certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(PEM)
    if asks:
        context.load_verify_locations(PEM)
        context.verify_mode = ssl.CERT_REQUIRED

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}/scim/v2"


async def listed(endpoint: str, tls: TlsOptions) -> int:
    """How many users are told over such a connection."""
    options = ClientOptions(retry=Retry(attempts=1, connect_attempts=1), tls=tls)
    provider = ScimProvider(endpoint, SecretStr("hush"), options=options, cursors=False)
    try:
        return sum([len(page.rows) async for page in provider.users()])
    finally:
        await provider.aclose()


async def test_an_authority_of_ones_own_is_trusted_only_when_named() -> None:
    async with listening(asks=False) as endpoint:
        with pytest.raises(Unreachable, match="certificate is not trusted") as caught:
            await listed(endpoint, TlsOptions())
        assert "ca_bundle" in caught.value.hint
        assert await listed(endpoint, TlsOptions(ca_bundle=PEM)) == 0


async def test_a_server_that_asks_is_shown_our_certificate() -> None:
    async with listening(asks=True) as endpoint:
        with pytest.raises(Unreachable):
            await listed(endpoint, TlsOptions(ca_bundle=PEM))
        assert await listed(endpoint, TlsOptions(ca_bundle=PEM, client_cert=PEM)) == 0


@pytest.mark.parametrize("key", ["ca_bundle", "client_cert"])
@pytest.mark.parametrize("content", [None, b"", b"no pem", b"\xff\x00" * 99])
def test_a_file_that_is_no_certificate_is_named(
    tmp_path: Path, key: str, content: bytes | None
) -> None:
    path = tmp_path / "some.pem"
    if content is not None:
        path.write_bytes(content)
    tls = TlsOptions(ca_bundle=path) if key == "ca_bundle" else TlsOptions(client_cert=path)
    with pytest.raises(UsageError, match=f"{key} .*some.pem cannot be used"):
        _ = tls.context
