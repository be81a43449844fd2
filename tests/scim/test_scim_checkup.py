"""What a server lets a token do, told without the token."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.model.checkup import Finding, Verdict
from scim_tui.scim.checkup import Server, checkup
from scim_tui.scim.limits import RateLimiter, RequestPace, limits_in
from scim_tui.scim.transport import Basic, ClientOptions, Transport

SECRET = "hush-hush-hush-hush"
AWS = "https://scim.eu-west-1.amazonaws.com/f3vd2aa29dc-223c-4e5c-91b9-8ca1bb1faf7b/scim/v2"
PLAIN = "https://scim.example.com/t/scim/v2"

Answers = Callable[[httpx.Request], httpx.Response]


def server(
    status: int = 200,
    strangers: int = 401,
    headers: Mapping[str, str] | None = None,
    refuses: Mapping[str, int] | None = None,
) -> Answers:
    """A server that answers everybody who has the secret with `status`."""

    def answer(request: httpx.Request) -> httpx.Response:
        told = request.headers.get("authorization", "")
        path = request.url.path.rpartition("/")[2]
        code = strangers if not told else (refuses or {}).get(path, status)
        body: dict[str, object] = {"Resources": []}
        if code >= 400:
            body = {"detail": f"no: {told}"}
        return httpx.Response(code, json=body, headers=headers)

    return answer


async def found(
    answers: Answers,
    endpoint: str = PLAIN,
    options: ClientOptions | None = None,
    secret: str = SECRET,
) -> dict[str, Finding]:
    transport = Transport(
        endpoint, SecretStr(secret), via=httpx.MockTransport(answers), options=options
    )
    try:
        seen = {each.name: each async for each in checkup(Server(transport))}
    finally:
        await transport.aclose()
    assert secret not in str(seen)
    return seen


@pytest.mark.parametrize(
    ("status", "strangers", "verdict", "words"),
    [
        (200, 401, Verdict.OK, "let in; a stranger is answered 401"),
        (200, 200, Verdict.WARN, "so is everybody"),
        (401, 401, Verdict.BAD, "refused"),
        (403, 401, Verdict.WARN, "forbids"),
        (404, 404, Verdict.UNKNOWN, "as far as the token"),
        (500, 401, Verdict.UNKNOWN, "as far as the token"),
    ],
)
async def test_the_token(status: int, strangers: int, verdict: Verdict, words: str) -> None:
    token = (await found(server(status, strangers)))["Token"]
    assert (token.verdict, words in token.evidence) == (verdict, True), token


@pytest.mark.parametrize(
    ("endpoint", "status", "strangers", "verdict", "words"),
    [
        (PLAIN, 200, 401, Verdict.OK, "answers"),
        (PLAIN, 404, 404, Verdict.BAD, "no SCIM at this path"),
        (PLAIN, 401, 401, Verdict.UNKNOWN, "another tenant"),
        (PLAIN, 401, 200, Verdict.OK, "address is right"),
        (AWS, 401, 401, Verdict.UNKNOWN, "another tenant id or another region"),
        (AWS, 200, 401, Verdict.OK, "answers"),
        (AWS.replace("/scim/v2", ""), 401, 401, Verdict.BAD, "TENANT-ID/scim/v2"),
        (AWS.replace("eu-west-1", "frankfurt"), 401, 401, Verdict.BAD, "no region"),
    ],
)
async def test_the_tenant(
    endpoint: str, status: int, strangers: int, verdict: Verdict, words: str
) -> None:
    tenant = (await found(server(status, strangers), endpoint))["Tenant"]
    assert (tenant.verdict, words in tenant.evidence) == (verdict, True), tenant
    assert tenant.fix or verdict is Verdict.OK


async def test_permissions_are_read_one_by_one_and_nothing_is_written() -> None:
    asked: list[str] = []
    base = server(refuses={"Groups": 403, "Schemas": 404})

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return base(request)

    rights = (await found(answer))["Permissions"]
    assert rights.verdict is Verdict.WARN
    assert "reads users, configuration, resource types; not groups (403), schemas (404)" in (
        rights.evidence
    )
    assert set(asked) == {"GET"}
    assert (await found(server(403)))["Permissions"].verdict is Verdict.BAD
    assert (await found(server(401)))["Permissions"].verdict is Verdict.UNKNOWN
    assert (await found(server()))["Permissions"].verdict is Verdict.OK


async def test_limits_are_shown_as_the_server_states_them() -> None:
    told = (await found(server(headers={"X-RateLimit-Remaining": "7"})))["Rate limits"]
    assert (told.verdict, "x-ratelimit-remaining 7" in told.evidence) == (Verdict.OK, True)
    none = (await found(server(headers={"RateLimit-Remaining": "0"})))["Rate limits"]
    assert none.verdict is Verdict.WARN
    silent = (await found(server()))["Rate limits"]
    assert (silent.verdict, "no pace" in silent.evidence) == (Verdict.UNKNOWN, True)
    own = ClientOptions(pace=RequestPace(RateLimiter(4000), RateLimiter(2500)))
    kept = (await found(server(), options=own))["Rate limits"]
    assert "we keep 4000 reads and 2500 writes a second" in kept.evidence


def test_which_headers_are_limits() -> None:
    headers = {
        "RateLimit-Policy": "q=10",
        "X-Rate-Limit-Reset": "5",
        "Retry-After": "9" * 99,
        "X-Request-Id": "r",
        "Rate": "no",
    }
    assert limits_in(headers) == {
        "ratelimit-policy": "q=10",
        "x-rate-limit-reset": "5",
        "retry-after": "9" * 40,
    }


async def test_a_server_that_is_gone_is_unknown_and_not_fine() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("gone", request=request)

    seen = await found(answer)
    assert {name: each.verdict for name, each in seen.items()} == {
        "Token": Verdict.UNKNOWN,
        "Tenant": Verdict.UNKNOWN,
        "Permissions": Verdict.UNKNOWN,
        "Rate limits": Verdict.UNKNOWN,
    }


def web_token(claims: object) -> str:
    """A JSON Web Token with a signature that nobody looks at."""
    parts = [b'{"alg":"none"}', json.dumps(claims).encode(), b"signature"]
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@pytest.mark.parametrize(
    ("days", "verdict"),
    [(300, Verdict.OK), (20, Verdict.WARN), (3, Verdict.BAD), (-2, Verdict.BAD)],
)
async def test_a_token_that_contains_its_expiry(days: int, verdict: Verdict) -> None:
    end = datetime.now(UTC) + timedelta(days=days)
    token = (await found(server(), secret=web_token({"exp": int(end.timestamp())})))["Token end"]
    assert (token.verdict, f"{end:%Y-%m-%d}" in token.evidence) == (verdict, True)
    assert bool(token.fix) is (verdict is not Verdict.OK)


@pytest.mark.parametrize(
    "secret",
    [
        SECRET,
        "a.b.c",
        web_token([]),
        web_token({"sub": "x"}),
        web_token({"exp": "soon"}),
        web_token({"exp": 1e300}),
        web_token({"exp": None}),
    ],
)
async def test_a_token_that_does_not(secret: str) -> None:
    assert "Token end" not in await found(server(), secret=secret)


def test_a_name_and_password_are_hidden_as_they_are_sent() -> None:
    pair = Basic(SecretStr(f"admin:{SECRET}"))
    sent = next(pair.auth_flow(httpx.Request("GET", PLAIN))).headers["Authorization"]
    hidden = pair.hidden_in(f"no: {sent} is not {SECRET}".encode())
    assert hidden == b"no: Basic (the secret) is not (the secret)"


async def test_collections_at_other_paths_are_asked_there() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.rpartition("/")[2])
        return server()(request)

    transport = Transport(PLAIN, SecretStr(SECRET), via=httpx.MockTransport(answer))
    seen = [each async for each in checkup(Server(transport, "/People", "/Teams"))]
    await transport.aclose()
    assert {"People", "Teams"} <= set(asked)
    assert not {"Users", "Groups"} & set(asked)
    assert {each.name for each in seen} >= {"Token", "Permissions"}
