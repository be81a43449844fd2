"""What a server says of itself, what of it is believed, and what is done with it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr

from scim_tui.core.doctor.discovery import discovery_findings
from scim_tui.model.checkup import Verdict
from scim_tui.model.constraints import ENTERPRISE
from scim_tui.model.directory import Kind
from scim_tui.model.discovery import Discovery
from scim_tui.model.errors import Unreachable
from scim_tui.model.schema_ids import name_of_schema
from scim_tui.providers.scim.kept_discovery import KeptDiscovery
from scim_tui.scim.client import DISCOVERY_AGE, DiscoveryCache, ScimClient
from scim_tui.scim.discovery import read_discovery
from scim_tui.scim.limits import Retry
from scim_tui.scim.transport import ClientOptions

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BASE = "https://scim.example.com/v2"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
ONCE = ClientOptions(retry=Retry(attempts=1, connect_attempts=1))
Json = dict[str, Any]
CONFIG: Json = {
    "patch": {"supported": False},
    "filter": {"supported": "true", "maxResults": "50"},
    "Sort": {"Supported": True},
    "pagination": {"cursor": True, "index": False, "maxPageSize": 40},
    "authenticationSchemes": [{"type": "oauthbearertoken"}, {"name": "Basic"}, 7],
}


def types(*found: tuple[str, str, str]) -> Json:
    return {
        "totalResults": len(found),
        "Resources": [
            {"name": name, "endpoint": endpoint, "schema": schema}
            for name, endpoint, schema in found
        ],
    }


class Server:
    """Answers by the end of the path; what is not in `answers` is 404."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v2/")
        self.asked.append(f"{request.method} {path}")
        found = self.answers.get(path.split("/")[0], 404)
        if isinstance(found, Exception):
            raise found
        if isinstance(found, int):
            return httpx.Response(found, json={"detail": "no"})
        if isinstance(found, bytes):
            return httpx.Response(200, content=found)
        return httpx.Response(200, content=orjson.dumps(found))

    def client(
        self, memory: DiscoveryCache | None = None, clock: Callable[[], datetime] = lambda: NOW
    ) -> ScimClient:
        via = httpx.MockTransport(self)
        return ScimClient(BASE, SecretStr("x"), via=via, options=ONCE, memory=memory, clock=clock)


def test_what_is_said_is_read_in_any_case_and_as_text() -> None:
    found = read_discovery({"ServiceProviderConfig": CONFIG}, {}, NOW)
    assert (found.patch, found.filter, found.sort, found.bulk) == (False, True, True, None)
    assert (found.cursor, found.index, found.largest_page) == (True, False, 40)
    assert found.most_results == 50
    assert found.schemes == ("oauthbearertoken", "Basic")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"patch": None},
        {"patch": []},
        {"pagination": 3},
        {"filter": {"maxResults": -1}},
        {"authenticationSchemes": "all"},
        {"Resources": {"x": 1}},
        {"Resources": [[], None, "x"]},
    ],
)
def test_what_makes_no_sense_is_not_said(document: Json) -> None:
    names = ("ServiceProviderConfig", "ResourceTypes", "Schemas")
    found = read_discovery(dict.fromkeys(names, document), {}, NOW)
    assert found.patch is None
    assert found.cursor is None
    assert found.most_results is None
    assert found.endpoint(Kind.USERS) == "/Users"


@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("/People", "/People"),
        ("People", "/People"),
        ("/dir/People/", "/dir/People"),
        (f"{BASE}/People", "/People"),
        ("", "/Users"),
        ("/", "/Users"),
        ("https://elsewhere.example.com/Users", "/Users"),
        ("//elsewhere.example.com", "/Users"),
        ("/../admin", "/Users"),
        ("/Users?x=1", "/Users"),
        ("/a b", "/Users"),
        ("/%2e", "/Users"),
        ("/\x1b[2J", "/Users"),
        ("/é", "/Users"),
    ],
)
def test_a_collection_is_where_the_server_says_but_never_elsewhere(
    endpoint: str, path: str
) -> None:
    document = types(("User", endpoint, f"{CORE}User"), ("Device", "/Devices", "x"))
    found = read_discovery({"ResourceTypes": document}, {}, NOW, BASE)
    assert found.endpoint(Kind.USERS) == path
    assert found.endpoint(Kind.GROUPS) == "/Groups"
    assert (found.has(Kind.USERS), found.has(Kind.GROUPS)) == (True, False)


def test_the_core_schema_counts_more_than_a_name() -> None:
    document = types(("User", "/Robots", "urn:x"), ("Person", "/People", f"{CORE}User"))
    found = read_discovery({"ResourceTypes": document}, {}, NOW)
    assert found.endpoint(Kind.USERS) == "/People"
    assert read_discovery({}, {}, NOW).has(Kind.USERS) is None


@pytest.mark.parametrize(
    ("schema_id", "name"),
    [
        (ENTERPRISE, "Enterprise User"),
        ("urn:ietf:params:scim:schemas:extension:CustomExtension:2.0:User", "CustomExtension User"),
        ("urn:okta:onprem_app:1.0:user:custom", "urn:okta:onprem_app:1.0:user:custom"),
        ("urn:x:extension:", "urn:x:extension:"),
        ("", ""),
    ],
)
def test_a_schema_without_a_name_is_named_by_its_id(schema_id: str, name: str) -> None:
    assert name_of_schema(schema_id) == name
    said = read_discovery(
        {"Schemas": {"Resources": [{"id": ENTERPRISE, "name": "Staff"}]}}, {}, NOW
    )
    assert said.schema_name(ENTERPRISE) == "Staff"


async def test_a_server_is_asked_once_and_used_where_it_says() -> None:
    people = types(("User", "/People", f"{CORE}User"))
    one = {"Resources": [{"id": "u1"}], "totalResults": 1, "startIndex": 1}
    server = Server(ServiceProviderConfig=CONFIG, ResourceTypes=people, People=one)
    client = server.client()
    assert [row.id async for page in client.users() for row in page.rows] == ["u1"]
    await client.get(Kind.USERS, "u1")
    assert await client.sample(Kind.USERS, 1) == (1, 1)
    assert server.asked == [
        "GET ServiceProviderConfig",
        "GET ResourceTypes",
        "GET Schemas",
        "GET People",  # whether it is there, since it is not the usual place
        "GET People",
        "GET People/u1",
        "GET People",
    ]


async def test_a_probe_asks_once_and_looks_around_only_where_nothing_is() -> None:
    usual = Server(Users={"Resources": [], "totalResults": 0})
    await usual.client().sample(Kind.USERS, 1, once=True)
    assert usual.asked == ["GET Users"]
    people = types(("User", "/People", f"{CORE}User"))
    server = Server(ResourceTypes=people, People={"Resources": [], "totalResults": 0})
    assert await server.client().sample(Kind.USERS, 1, once=True) == (0, 0)
    assert server.asked[0] == "GET Users"
    assert server.asked[-1] == "GET People"


@pytest.mark.parametrize("answer", [401, 403, 404, 405, 429, 500, 501, 503, b"<html>", b"", b"[]"])
async def test_a_server_that_says_nothing_is_used_all_the_same(answer: object) -> None:
    server = Server(
        ServiceProviderConfig=answer,
        ResourceTypes=answer,
        Schemas=answer,
        Users={"Resources": [{"id": "u1"}]},
    )
    client = server.client()
    assert [row.id async for page in client.users() for row in page.rows] == ["u1"]
    known = client.known
    assert known is not None
    assert known.cursor is None
    if answer != b"":
        assert set(known.untold) == {"ServiceProviderConfig", "ResourceTypes", "Schemas"}


async def test_a_server_that_is_not_there_is_reported_at_once() -> None:
    with pytest.raises(Unreachable):
        await Server(ServiceProviderConfig=httpx.ConnectError("no")).client().discovery()


async def test_what_is_known_is_kept_for_a_day_and_for_this_endpoint(tmp_path: Path) -> None:
    now = NOW

    def clock() -> datetime:
        return now

    file = tmp_path / "discovery.json"
    server = Server(ServiceProviderConfig=CONFIG)
    first = await server.client(memory=KeptDiscovery(file, BASE), clock=clock).discovery()
    assert file.stat().st_mode & 0o777 == 0o600
    later = server.client(memory=KeptDiscovery(file, BASE + "/"), clock=clock)
    now += DISCOVERY_AGE - timedelta(seconds=1)
    assert await later.discovery() == first
    assert len(server.asked) == 3
    assert KeptDiscovery(file, "https://other.example.com/v2").recall() is None
    now += timedelta(seconds=1)
    assert (await later.discovery()).read_at == now
    assert len(server.asked) == 6
    await later.discovery(fresh=True)
    assert len(server.asked) == 9


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"endpoint": 3}'])
def test_a_file_that_is_none_of_ours_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "discovery.json"
    file.write_bytes(content)
    assert KeptDiscovery(file, BASE).recall() is None
    gone = KeptDiscovery(tmp_path / "gone" / "discovery.json", BASE)
    gone.keep(Discovery(read_at=NOW))
    assert gone.recall() is None


async def test_a_discovery_that_was_not_served_is_not_kept(tmp_path: Path) -> None:
    memory = KeptDiscovery(tmp_path / "discovery.json", BASE)
    await Server().client(memory=memory).discovery()
    assert memory.recall() is None


def test_doctor_says_what_the_server_can_do_and_what_is_done_otherwise() -> None:
    document = types(("User", "/Users", f"{CORE}User"))
    document["Resources"][0]["schemaExtensions"] = [{"schema": ENTERPRISE, "required": False}]
    found = read_discovery(
        {"ServiceProviderConfig": CONFIG, "ResourceTypes": document}, {"Schemas": "404"}, NOW
    )
    lines = {each.name: each for each in discovery_findings(found, NOW + timedelta(minutes=3))}
    assert lines["Server says"].evidence == (
        "PATCH no, filter yes, bulk not told, sort yes, ETag not told;"
        " lets in by oauthbearertoken, Basic; asked 3m ago"
    )
    assert lines["Filters"].evidence == "sent to the server, at most 50 results"
    assert lines["Paging"].evidence == "by cursor, at most 40 a page"
    assert "PUT" in lines["Changes sent"].evidence
    assert lines["Resources"].evidence == "User at /Users with Enterprise User; no Groups"
    assert lines["Not told"].evidence == (
        "Schemas (404): what they would say is found out by trying"
    )
    silent = list(discovery_findings(Discovery(read_at=NOW), NOW))
    assert {each.name for each in silent if each.verdict is Verdict.UNKNOWN} == {
        "Server says",
        "Filters",
        "Resources",
    }
