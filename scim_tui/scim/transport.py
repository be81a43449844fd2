"""Requests over httpx: the secret stays secret, and time and size are limited."""

import asyncio
import ssl
from base64 import b64encode, urlsafe_b64decode
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import count
from urllib.parse import urlsplit

import httpx
import orjson
from pydantic import SecretStr

from scim_tui import __version__
from scim_tui.model.errors import ScimTuiError, Unreachable, Unreadable, UsageError
from scim_tui.scim.charset import as_utf8
from scim_tui.scim.endpoints import is_loopback, read_endpoint
from scim_tui.scim.failures import HttpAnswer, no_answer, refusal
from scim_tui.scim.limits import RequestPace, Retry, Tempo, Wait, limits_in
from scim_tui.scim.proxies import BAD_PROXY, proxy_for
from scim_tui.scim.tls_options import TlsOptions

AGENT = f"scim-tui/{__version__}"
MOST_BYTES = 64 * 1024 * 1024
"""The largest answer that is read."""
DEADLINE = 60.0
"""Seconds after which an answer that is still arriving is given up, for the usual `timeout`."""

# Shorter than the 5 seconds that uvicorn keeps an idle connection, so that no request is sent
# into one that is just being closed.
_POOL = httpx.Limits(max_connections=4, max_keepalive_connections=4, keepalive_expiry=4.0)
_AGAIN = (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError)

Refusal = Callable[[HttpAnswer, str], ScimTuiError]
"""Makes the error for an answer of 300 and above."""


def own_agent(nonce: str) -> str:
    """The User-Agent of a probe, with a nonce by which its record in a log is found."""
    return f"{AGENT} (rotation; nonce {nonce})"


class Bearer(httpx.Auth):
    """Puts the secret into the header of each request, and nowhere else.

    Raises `UsageError` for what cannot be in a header; the message does not show it.
    """

    def __init__(self, secret: SecretStr) -> None:
        value = secret.get_secret_value().strip()
        if not value or not value.isascii() or not value.isprintable() or " " in value:
            raise UsageError(
                "The token is empty, or has characters that no token has.",
                "Copy it again, in one piece.",
            )
        self._secret = SecretStr(value)

    def hidden_in(self, body: bytes) -> bytes:
        """A body without the secret: some servers quote it in an error."""
        return body.replace(self._secret.get_secret_value().encode(), b"(the secret)")

    @property
    def ends(self) -> datetime | None:
        """The expiry of a secret that is a JSON Web Token; its signature is not checked."""
        parts = self._secret.get_secret_value().split(".")
        if len(parts) != 3:
            return None
        try:
            claims = orjson.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
            return datetime.fromtimestamp(claims["exp"], UTC)
        except (ValueError, TypeError, LookupError, OverflowError, OSError):
            return None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request with the secret."""
        request.headers["Authorization"] = f"Bearer {self._secret.get_secret_value()}"
        yield request


class Basic(Bearer):
    """A name and a password, with a colon between, for an API that takes no bearer token."""

    def __init__(self, secret: SecretStr) -> None:
        name, colon, password = secret.get_secret_value().strip().partition(":")
        if not (name and colon and password):
            raise UsageError(
                "The key is not what an administrator is known by.", "It has the form USER:SECRET."
            )
        super().__init__(SecretStr(password))
        self._name = name

    @property
    def _pair(self) -> bytes:
        return b64encode(f"{self._name}:{self._secret.get_secret_value()}".encode())

    def hidden_in(self, body: bytes) -> bytes:
        """A body without the password and its Base64 form, which can be used just as well."""
        return super().hidden_in(body).replace(self._pair, b"(the secret)")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request with name and password."""
        request.headers["Authorization"] = f"Basic {self._pair.decode()}"
        yield request


def open_http(
    endpoint: str, transport: httpx.AsyncBaseTransport | None = None, tls: TlsOptions | None = None
) -> httpx.AsyncClient:
    """A client for one endpoint; requests to loopback bypass the proxies of the environment."""
    tls = tls or TlsOptions()
    timeout = httpx.Timeout(tls.timeout, connect=min(5.0, tls.timeout))
    if transport is not None:
        return httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False)
    near = is_loopback(urlsplit(endpoint).hostname or "")
    context = tls.context
    if near and endpoint.startswith("http:"):
        # Without TLS no certificate authorities are needed; loading them costs 30 ms.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return httpx.AsyncClient(
            verify=context or True, limits=_POOL, timeout=timeout, trust_env=not near
        )
    except ImportError:
        raise UsageError(
            "The environment names a SOCKS proxy, which httpx does not speak by itself.",
            "pip install 'httpx[socks]', or unset ALL_PROXY.",
        ) from None
    except (httpx.InvalidURL, ValueError):
        raise UsageError(*BAD_PROXY) from None


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """The options of a client: rates, retries, TLS."""

    agent: str = AGENT
    retry: Retry = field(default_factory=Retry)
    pace: RequestPace = field(default_factory=RequestPace)
    tls: TlsOptions = field(default_factory=TlsOptions)


class Transport:
    """Requests to one endpoint, over `http` if it is given. Raises only `model.errors`."""

    def __init__(
        self,
        endpoint: str,
        secret: SecretStr | None,
        *,
        http: httpx.AsyncClient | None = None,
        via: httpx.AsyncBaseTransport | None = None,
        options: ClientOptions | None = None,
        media: str = "application/scim+json",
        refusal: Refusal = refusal,
        scheme: type[Bearer] = Bearer,
    ) -> None:
        self.endpoint = read_endpoint(endpoint)
        self.host = urlsplit(self.endpoint).netloc
        options = options or ClientOptions()
        self._auth = scheme(secret) if secret is not None else None
        self._owned, self._direct = http is None, via is not None
        self._patience = max(options.tls.timeout / TlsOptions().timeout, 1.0)
        """The factor by which the profile's time-out is longer than the usual one."""
        self._http = open_http(self.endpoint, via, options.tls) if http is None else http
        self._headers = {"User-Agent": options.agent, "Accept": f"{media}, application/json;q=0.9"}
        self._sending = self._headers | {"Content-Type": media}
        self._retry, self.pace, self._tempo = options.retry, options.pace, Tempo()
        self.waits = 0
        """How often the server answered 429."""
        self.rate_headers: dict[str, str] = {}
        """The rate limit headers of the newest answer that had any."""
        self.clock_skew: timedelta | None = timedelta() if self._direct else None
        """How far the server's clock is ahead of ours, by the `Date` of its newest answer; None:
        no answer had one. A service in this process has our clock."""
        self._refusal = refusal

    @property
    def secret_ends(self) -> datetime | None:
        """The expiry of the secret, if it is a JSON Web Token; None: not known."""
        return self._auth.ends if self._auth is not None else None

    @property
    def has_secret(self) -> bool:
        """Whether requests carry one."""
        return self._auth is not None

    def with_secret(self, secret: SecretStr, agent: str) -> "Transport":
        """A transport with another secret and User-Agent; it shares the connections of this one."""
        return Transport(self.endpoint, secret, http=self._http, options=ClientOptions(agent=agent))

    async def send(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        body: object = None,
        once: bool = False,
        anonymous: bool = False,
    ) -> HttpAnswer:
        """Send a request, repeat it where that is safe, and return an answer below 300.

        `once`: without repeats. `anonymous`: without the secret.
        """
        asked = f"{method} {path}"
        content = None if body is None else _write(body, asked)
        for tries in count(1):
            await self.pace.keep(method)
            self._tempo.note(self._retry.clock())
            try:
                answer = await self._exchange(method, path, query, content, anonymous)
            except (httpx.RequestError, OSError) as error:
                # httpx lets an alert of TLS that comes after the handshake through as it is.
                pause = self._retry.after_failure(method, tries)
                if pause is None or once or not isinstance(error, _AGAIN):
                    raise no_answer(error, method, asked, self._where()) from error
                status = None
            else:
                status = answer.status
                if status < 300:
                    return answer
                after = answer.headers.get("retry-after")
                pause = self._retry.after_answer(method, status, after, tries)
                if pause is None or once:
                    raise self._refusal(answer, asked)
            if status == 429:
                self.waits += 1
                self.pace = self.pace.refused(method, self._tempo, self._retry)
            await self._retry.wait(Wait(pause, tries, status, asked))
        raise AssertionError

    def _where(self) -> str:
        """The host, with the proxy of the environment if one is used, for an error message."""
        proxy = proxy_for(self.endpoint) if self._owned and not self._direct else ""
        return f"{self.host} through the proxy {proxy}" if proxy else self.host

    async def aclose(self) -> None:
        """Close the connections, unless another object owns them."""
        if self._owned:
            await self._http.aclose()

    async def _exchange(
        self, method: str, path: str, query: str, content: bytes | None, anonymous: bool
    ) -> HttpAnswer:
        if self._http.is_closed:
            raise Unreachable(f"{method} {path} was not sent: the connection was closed.")
        request = self._http.build_request(
            method,
            f"{self.endpoint}{path}{'?' if query else ''}{query}",
            content=content,
            headers=self._headers if content is None else self._sending,
        )
        auth = None if anonymous else self._auth
        sent = datetime.now(UTC)
        deadline = asyncio.timeout(DEADLINE * self._patience)
        async with deadline, self._opened(request, auth) as response:
            answered = datetime.now(UTC)
            body = await _read(response, f"{method} {path}")
        self._note_date(response.headers.get("date", ""), sent, answered)
        body = _in_utf8(response, body, f"{method} {path}")
        self.rate_headers = limits_in(response.headers) or self.rate_headers
        if response.status_code >= 300 and self._auth is not None:
            body = self._auth.hidden_in(body)
        return HttpAnswer(response.status_code, response.headers, body)

    def _note_date(self, date: str, sent: datetime, answered: datetime) -> None:
        """Set `clock_skew` to the distance of the server's `Date` from the time of the request."""
        try:
            server_time = parsedate_to_datetime(date)
            server_time = server_time if server_time.tzinfo else server_time.replace(tzinfo=UTC)
        except (TypeError, ValueError):
            return
        self.clock_skew = server_time - min(max(server_time, sent), answered)

    @asynccontextmanager
    async def _opened(
        self, request: httpx.Request, auth: httpx.Auth | None
    ) -> AsyncGenerator[httpx.Response, None]:
        response = await self._http.send(request, auth=auth, stream=True, follow_redirects=False)
        try:
            yield response
        finally:
            await response.aclose()


def _write(body: object, asked: str) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:
        raise UsageError(
            f"{asked} was not sent: it holds something that is no JSON.", "Send valid Unicode text."
        ) from None


def _in_utf8(response: httpx.Response, body: bytes, asked: str) -> bytes:
    """The body in UTF-8; a refusal whose body cannot be decoded stays a refusal."""
    try:
        return as_utf8(body, response.charset_encoding, asked)
    except Unreadable:
        if response.status_code < 300:
            raise
        return body


async def _read(response: httpx.Response, asked: str) -> bytes:
    """The body. Raises `Unreadable` when it is larger than `MOST_BYTES`."""
    parts, size = [], 0
    async for some in response.aiter_bytes():
        size += len(some)
        if size > MOST_BYTES:
            raise Unreadable(
                f"{asked} was answered with more than {MOST_BYTES >> 20} MB.",
                "Check the endpoint: a page of a directory is never that large.",
            )
        parts.append(some)
    return parts[0] if len(parts) == 1 else b"".join(parts)
