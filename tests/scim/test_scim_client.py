"""What the SCIM client asks, and what it makes of answers."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

import httpx
import orjson
import pytest
from pydantic import SecretStr

from scim_tui import __version__
from scim_tui.model.directory import Kind
from scim_tui.model.discovery import DOCUMENTS
from scim_tui.model.errors import NotFound, Unreadable, UsageError
from scim_tui.scim.client import PATCH_OP, ScimClient
from scim_tui.scim.transport import open_http
from tests.scim.scim_kit import AWS, EMPTY, ENDPOINT, SECRET, Server, client, names, ok


@pytest.mark.parametrize("endpoint", [ENDPOINT, ENDPOINT.rstrip("/"), f"  {ENDPOINT}\n"])
async def test_the_base_is_joined_with_and_without_its_slash(endpoint: str) -> None:
    server = Server(ok({"id": "u1"}))
    await client(server, endpoint).get(Kind.USERS, "u1")
    assert server.targets == ["/t1/scim/v2/Users/u1"]


@pytest.mark.parametrize(
    ("resource_id", "target"),
    [("a b/c?d#e", "a%20b%2Fc%3Fd%23e"), ("%2e%2e", "%252e%252e"), ("é", "%C3%A9"), ("...", "...")],
)
async def test_an_id_stays_one_part_of_the_path(resource_id: str, target: str) -> None:
    server = Server(ok({"id": "u1"}))
    await client(server).get(Kind.GROUPS, resource_id)
    assert server.targets == [f"/t1/scim/v2/Groups/{target}"]


@pytest.mark.parametrize("resource_id", ["", ".", ".."])
async def test_an_id_that_would_leave_the_collection_is_not_asked_for(resource_id: str) -> None:
    server = Server(ok())
    with pytest.raises(NotFound):
        await client(server).delete(Kind.USERS, resource_id)
    assert server.asked == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://scim.example.com/v2",
        "http://10.0.0.1/v2",
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        "ftp://localhost/",
        "scim.example.com/v2",
        "",
        "https://",
        "https://user:word@scim.example.com/",
        "https://word@scim.example.com/",
        "https://scim.example.com/v2?a=b",
        "https://scim.example.com/v2#x",
        "https://[::1/v2",
        "https://scim.example.com:port/",
        "https://scim.example.com/\x1b[31m",
    ],
)
async def test_addresses_that_would_give_the_secret_away_are_refused(endpoint: str) -> None:
    with pytest.raises(UsageError) as raised:
        client(Server(ok()), endpoint)
    assert raised.value.hint
    assert "word" not in raised.value.message.replace("password", "")


@pytest.mark.parametrize(
    "endpoint", ["http://localhost:1/v2", "http://127.9.9.9/v2", "http://[::1]:80/v2", "https://a/"]
)
async def test_loopback_may_go_without_tls(endpoint: str) -> None:
    server = Server(ok({"id": "u1"}))
    await client(server, endpoint).get(Kind.USERS, "u1")
    assert len(server.asked) == 1


@pytest.mark.parametrize("secret", ["", " ", "two words", "line\nbreak", "tøken", "nul\0"])
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(secret: str) -> None:
    with pytest.raises(UsageError) as raised:
        ScimClient(ENDPOINT, SecretStr(secret), via=httpx.MockTransport(Server(ok())))
    assert not secret.strip() or secret not in str(raised.value)


async def test_a_request_says_who_asks_and_with_what() -> None:
    server = Server(ok({"id": "u1"}))
    await client(server).create(Kind.USERS, {"userName": "ana"})
    request = server.asked[0]
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert request.headers["user-agent"] == f"scim-tui/{__version__}"
    assert request.headers["content-type"] == "application/scim+json"
    assert request.headers["accept"].startswith("application/scim+json")
    assert request.content == b'{"userName":"ana"}'
    limits = request.extensions["timeout"]
    assert all(limits[kind] is not None for kind in ("connect", "read", "write", "pool"))


async def test_each_operation_is_the_request_of_the_rfc() -> None:
    server = Server(ok({"id": "u1"}))
    found = client(server)
    await found.put(Kind.USERS, "u1", {"userName": "a"})
    await found.patch(Kind.GROUPS, "g1", [{"op": "add"}])
    server.answers = [httpx.Response(204)]
    await found.delete(Kind.USERS, "u1")
    assert await found.patch(Kind.GROUPS, "g1", []) == {}
    base = "/t1/scim/v2"
    assert [(request.method, request.url.path) for request in server.asked] == [
        ("PUT", f"{base}/Users/u1"),
        ("PATCH", f"{base}/Groups/g1"),
        ("DELETE", f"{base}/Users/u1"),
        ("PATCH", f"{base}/Groups/g1"),
    ]
    assert orjson.loads(server.asked[1].content) == {
        "schemas": [PATCH_OP],
        "Operations": [{"op": "add"}],
    }


async def test_a_redirect_is_not_followed_with_the_secret() -> None:
    server = Server(httpx.Response(307, headers={"location": "https://elsewhere.example.com/"}))
    with pytest.raises(Unreadable, match="redirect"):
        await client(server).get(Kind.USERS, "u1")
    assert len(server.asked) == 1


async def test_the_secret_is_in_no_error_repr_or_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = Server(httpx.ReadTimeout("slow"), ok({"detail": "no"}, 401), ok({"id": "u"}))
    found = client(server)
    texts = [repr(found), repr(vars(found)), repr(vars(found._transport))]
    for _ in range(2):
        with pytest.raises(Exception) as raised:
            await found.get(Kind.USERS, "u1")
        texts += traceback.format_exception(raised.value)
    await found.get(Kind.USERS, "u1")
    texts += [record.getMessage() for record in caplog.records]
    assert SECRET not in "".join(texts)


async def test_identity_center_is_asked_with_a_bare_cursor_and_no_discovery() -> None:
    pages = [ok({"Resources": [{"id": "a"}], "nextCursor": "x+/="}), ok({"Resources": []})]
    server = Server(*pages)
    found = client(server, AWS, cursors=None)
    assert await names(found, 'userName eq "a&b"') == ["a"]
    query = "count=100&filter=userName%20eq%20%22a%26b%22"
    assert server.targets == [
        f"/t1/scim/v2/Users?cursor&{query}",
        f"/t1/scim/v2/Users?cursor=x%2B%2F%3D&{query}",
    ]


@pytest.mark.parametrize(
    ("config", "first"),
    [
        (ok({"pagination": {"cursor": True}}), "cursor"),
        (ok({"Pagination": {"Cursor": "True"}}), "cursor"),
        (ok({"pagination": {"cursor": False, "index": True}}), "startIndex=1"),
        (ok({"patch": {"supported": True}}), "cursor"),
        (ok({"detail": "unknown"}, 404), "cursor"),
        (ok({"detail": "not for you"}, 403), "cursor"),
        (httpx.Response(200, content=b"<html>"), "cursor"),
    ],
)
async def test_the_configuration_decides_how_pages_are_asked_for(
    config: httpx.Response, first: str
) -> None:
    server = Server(config, ok(EMPTY))
    await names(client(server, cursors=None))
    assert server.targets[:3] == [f"/t1/scim/v2/{name}" for name in DOCUMENTS]
    assert server.targets[3] == f"/t1/scim/v2/Users?{first}&count=100"


async def test_a_server_that_ignores_cursors_is_remembered() -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params.get("startIndex", 1))
        found = [{"id": f"u{number}"} for number in range(start, min(start + 100, 151))]
        return ok({"totalResults": 150, "startIndex": start, "Resources": found})

    server = Server(serve)
    found = client(server, cursors=True)
    assert len(await names(found)) == 150
    assert len(await names(found)) == 150
    assert [unquote(target).partition("?")[2] for target in server.targets] == [
        "cursor&count=100",
        "startIndex=101&count=100",
        "startIndex=1&count=100",
        "startIndex=101&count=100",
    ]


async def test_a_listing_goes_on_from_where_it_was_left() -> None:
    server = Server(ok({"Resources": [{"id": "b"}]}))
    pages = [page async for page in client(server).users(resume="cabc", count=7)]
    assert server.targets == ["/t1/scim/v2/Users?cursor=abc&count=7"]
    assert pages[0].rows[0].id == "b"


async def test_a_page_too_large_for_the_loop_is_read_as_well() -> None:
    people = [{"id": f"u{number}", "displayName": "x" * 300} for number in range(2000)]
    server = Server(ok({"totalResults": 2000, "Resources": people}))
    assert len(await names(client(server))) == 2000


async def test_only_a_client_of_its_own_is_closed() -> None:
    theirs = httpx.AsyncClient(transport=httpx.MockTransport(Server(ok())))
    await ScimClient(ENDPOINT, None, http=theirs).aclose()
    assert not theirs.is_closed
    await theirs.aclose()
    own = ScimClient(ENDPOINT, None, via=httpx.MockTransport(Server(ok())))
    await own.aclose()
    assert own._transport._http.is_closed


@contextmanager
def proxied(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield


async def test_no_proxy_sees_what_is_meant_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with proxied(monkeypatch):
        local = open_http("http://127.0.0.1:8765/t1")
        remote = open_http("https://scim.example.com/t1")
    assert not local._mounts
    assert remote._mounts
    await local.aclose()
    await remote.aclose()


async def test_broken_unicode_from_a_command_line_is_no_crash() -> None:
    server = Server(ok(EMPTY))
    found = client(server)
    assert await names(found, 'userName eq "\udcff"') == []
    assert server.targets[0].endswith("filter=userName%20eq%20%22%3F%22")
    with pytest.raises(UsageError, match="POST /Users was not sent"):
        await found.create(Kind.USERS, {"userName": "\udcff"})
    await found.get(Kind.USERS, "\udcff")
    assert server.targets[-1].endswith("/Users/%3F")
