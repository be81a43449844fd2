import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import orjson
import pytest

from scim_tui.model.directory import Kind
from scim_tui.model.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Refused,
    ScimTuiError,
    Throttled,
    Unreachable,
    Unreadable,
)
from scim_tui.scim.client import ScimClient
from scim_tui.scim.failures import HttpAnswer, no_answer, refusal
from scim_tui.scim.limits import Retry
from scim_tui.scim.transport import ClientOptions

ONCE = ClientOptions(retry=Retry(attempts=1, connect_attempts=1))


def answer(status: int, body: object = None, **headers: str) -> HttpAnswer:
    content = body if isinstance(body, bytes) else orjson.dumps({} if body is None else body)
    return HttpAnswer(status, httpx.Headers(headers), content)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (401, NotAllowed),
        (403, NotAllowed),
        (404, NotFound),
        (409, Conflict),
        (412, Refused),
        (429, Throttled),
        (500, Refused),
        (503, Refused),
        (599, Refused),
        (301, Unreadable),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[ScimTuiError]) -> None:
    error = refusal(answer(status, {"detail": "because"}), "GET /Users")
    assert type(error) is kind
    assert getattr(error, "status", None) == status
    if status != 301:
        assert error.message == "GET /Users was refused: because."


def test_an_error_of_identity_center_is_reported_with_its_request_id() -> None:
    body = {
        "schema": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "detail": "Refused to create a new, duplicate resource.",
        "status": "409",
        "exceptionRequestId": "dd2a5a1e",
    }
    error = refusal(answer(409, body, **{"x-amzn-requestid": "other"}), "POST /Users")
    assert isinstance(error, Conflict)
    assert error.message == (
        "POST /Users was refused: Refused to create a new, duplicate resource."
    )
    assert error.request_id == "dd2a5a1e"
    assert error.hint


@pytest.mark.parametrize("header", ["x-amzn-RequestId", "X-Request-Id"])
@pytest.mark.parametrize("status", [301, 400, 401, 404, 429])
def test_a_request_id_also_comes_in_a_header(header: str, status: int) -> None:
    error = refusal(answer(status, {}, **{header: "abc"}), "GET /Users")
    assert getattr(error, "request_id", None) == "abc"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"Detail": "as SCIM"}, "as SCIM."),
        ({"error": {"message": "as an object"}}, "as an object."),
        ({"message": "as AWS"}, "as AWS."),
        ({"error": "code", "error_description": "as OAuth!"}, "as OAuth!"),
        ({"error": "invalid_token"}, "invalid_token."),
        ({"detail": [], "title": "problem"}, "problem."),
        (b"plain\n\twords", "plain words."),
        (b"", "403 Forbidden."),
        (b"[]", "403 Forbidden."),
        (b"<html>sign in</html>", "403 Forbidden."),
        (b"\xff\xfe", "\ufffd\ufffd."),
    ],
)
def test_the_words_of_any_server_are_found(body: object, words: str) -> None:
    error = refusal(answer(403, body), "GET /Users")
    assert error.message == f"GET /Users was refused: {words}"


def test_a_web_page_hints_at_a_proxy() -> None:
    assert "proxy" in refusal(answer(403, b"<html>"), "GET /Users").hint


def test_a_long_detail_is_cut() -> None:
    error = refusal(answer(400, {"detail": "x" * 100_000}), "GET /Users")
    assert error.message == "GET /Users was refused: " + "x" * 500 + "."


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ConnectTimeout("x"), "did not accept a connection in time"),
        (httpx.ReadTimeout("x"), "no answer came in time"),
        (httpx.PoolTimeout("x"), "no answer came in time"),
        (TimeoutError(), "no answer came in time"),
        (httpx.ReadError("x"), "broke off"),
        (httpx.ConnectError("x"), "broke off"),
    ],
)
def test_reads_that_got_no_answer_are_distinguished(error: Exception, reason: str) -> None:
    told = no_answer(error, "GET", "GET /Users", "scim.example.com")
    assert type(told) is Unreachable
    assert reason in told.message
    assert told.message.startswith("scim.example.com cannot be reached: ")


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (socket.gaierror(-2, "Name or service not known"), "name is not known"),
        (ConnectionRefusedError(111, "refused"), "refused"),
        (OSError(113, "No route to host"), "no route"),
        (OSError(101, "Network is unreachable"), "no route"),
        (ssl.SSLCertVerificationError(1, "x"), "certificate is not trusted"),
        (ssl.SSLError(1, "x"), "no secure connection"),
        (ExceptionGroup("all failed", [OSError("x"), ConnectionRefusedError()]), "refused"),
    ],
)
def test_the_cause_of_a_failed_connection_is_named(cause: Exception, reason: str) -> None:
    error = httpx.ConnectError("all attempts failed")
    error.__cause__ = OSError("wrapped")
    error.__cause__.__context__ = cause
    told = no_answer(error, "POST", "POST /Users", "scim.example.com")
    assert type(told) is Unreachable
    assert reason in told.message
    assert told.hint


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "error",
    [httpx.ReadTimeout("x"), httpx.ReadError("x"), httpx.RemoteProtocolError("x"), TimeoutError()],
)
def test_a_change_that_was_sent_may_have_happened(method: str, error: Exception) -> None:
    told = no_answer(error, method, f"{method} /Users", "scim.example.com")
    assert type(told) is OutcomeUnknown
    assert f"{method} /Users was sent to scim.example.com" in told.message


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")]
)
def test_a_change_that_was_not_sent_has_not_happened(error: Exception) -> None:
    assert type(no_answer(error, "POST", "POST /Users", "h")) is Unreachable


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (9, "not valid yet"),
        (10, "has ended"),
        (62, "another name"),
        (64, "another name"),
        (18, "not trusted"),
        (20, "not trusted"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_named(code: int, words: str) -> None:
    error = ssl.SSLCertVerificationError("x")
    error.verify_code = code
    assert words in no_answer(error, "GET", "GET /Users", "h").message


def test_a_certificate_of_ours_is_asked_for_by_an_alert_behind_what_only_waits() -> None:
    error = ssl.SSLError("x")
    error.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
    error.__context__ = ssl.SSLWantReadError("x")
    waits = ssl.SSLWantReadError("x")
    waits.__context__ = error
    assert "a certificate of ours" in no_answer(waits, "GET", "GET /Users", "h").message


def test_what_cannot_be_unpacked_is_unreadable() -> None:
    told = no_answer(httpx.DecodingError("x"), "GET", "GET /Users", "h")
    assert type(told) is Unreadable


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[int]:
    """A loopback server that talks like this to everybody."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
    await writer.drain()


@asynccontextmanager
async def over(endpoint: str) -> AsyncIterator[ScimClient]:
    found = ScimClient(endpoint, None, options=ONCE, cursors=False)
    try:
        yield found
    finally:
        await found.aclose()


async def test_a_closed_port_refuses() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with over(f"http://127.0.0.1:{port}/v2") as found:
        with pytest.raises(Unreachable, match="connection was refused"):
            await found.create(Kind.USERS, {})


async def test_a_server_that_hangs_up_leaves_a_change_open() -> None:
    async with listening(hang_up) as port, over(f"http://127.0.0.1:{port}/v2") as found:
        with pytest.raises(OutcomeUnknown, match="POST /Users was sent"):
            await found.create(Kind.USERS, {})
        with pytest.raises(Unreachable, match="broke off"):
            await found.get(Kind.USERS, "u1")


async def test_plain_http_behind_https_is_no_secure_connection() -> None:
    async with listening(speak_plainly) as port, over(f"https://127.0.0.1:{port}/v2") as found:
        with pytest.raises(Unreachable, match="no secure connection"):
            await found.get(Kind.USERS, "u1")


async def test_an_alert_of_tls_that_comes_late_is_an_error_like_any_other() -> None:
    def alarmed(_: httpx.Request) -> httpx.Response:
        error = ssl.SSLError("x")
        error.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
        raise error

    via = httpx.MockTransport(alarmed)
    found = ScimClient("https://scim.example.com/v2", None, via=via, options=ONCE, cursors=False)
    with pytest.raises(Unreachable, match="a certificate of ours"):
        await found.get(Kind.USERS, "u1")
