"""What only an adapter for any SCIM server has to know: servers tell little, and some lie."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import orjson
import pytest
from pydantic import SecretStr

from scim_tui.model.directory import Kind
from scim_tui.model.errors import Unsupported
from scim_tui.model.provisioning import ProvisioningState
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.scim.provider import ScimProvider

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
Json = dict[str, Any]


class Directory:
    """A small SCIM server with the habits of the servers met in the wild."""

    def __init__(self, users: int = 3) -> None:
        self.users: list[Json] = [{"id": f"u{n}", "userName": f"user{n}"} for n in range(users)]
        self.groups: list[Json] = [{"id": "g1", "displayName": "Crew"}]
        self.true_totals = True
        self.filters: Callable[[str], list[Json]] | None = None
        self.status = 200
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.status != 200:
            return httpx.Response(self.status, json={"detail": "no"})
        kind, _, resource_id = request.url.path.removeprefix("/v2/").partition("/")
        everybody = self.users if kind == "Users" else self.groups
        if resource_id:
            found = [each for each in everybody if each["id"] == resource_id]
            return httpx.Response(200 if found else 404, json=found[0] if found else {})
        return self._page(everybody, parse_qs(request.url.query.decode()))

    def _page(self, everybody: list[Json], query: dict[str, list[str]]) -> httpx.Response:
        if "filter" in query and self.filters is not None:
            everybody = self.filters(query["filter"][0])
        first = int(query.get("startIndex", ["1"])[0]) - 1
        page = everybody[first : first + int(query.get("count", ["100"])[0])]
        total = len(everybody) if self.true_totals else len(page)
        return httpx.Response(
            200, content=orjson.dumps({"totalResults": total, "startIndex": 1, "Resources": page})
        )

    def provider(self, endpoint: str = "https://scim.example.com/v2") -> ScimProvider:
        return ScimProvider(
            endpoint,
            SecretStr("secret"),
            transport=httpx.MockTransport(self),
            cursors=False,
            clock=lambda: NOW,
        )


async def test_what_is_not_possible_is_refused_with_the_reason_of_the_capability() -> None:
    found = Directory().provider()
    can = found.capabilities
    for capability, call in (
        (can.enable, found.enable()),
        (can.disable, found.disable()),
        (can.list_tokens, found.tokens()),
        (can.create_token, found.create_token()),
        (can.delete_token, found.delete_token("x")),
        (can.events, found.events()),
        (can.events, found.traffic(NOW)),
    ):
        assert not capability
        assert len(capability.reason) > 20
        with pytest.raises(Unsupported) as raised:
            await call
        assert raised.value.message == capability.reason


async def test_it_is_enabled_once_an_authorised_request_was_answered() -> None:
    server = Directory()
    status = await server.provider().status()
    assert status.state is ProvisioningState.ENABLED
    assert status.scim_endpoint == "https://scim.example.com/v2"
    assert status.tenant_id is UNKNOWN
    assert server.asked[0].url.path == "/v2/Users"
    assert server.asked[0].headers["authorization"] == "Bearer secret"


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_a_refused_probe_is_reported_at_once_and_leaves_the_state_open(status: int) -> None:
    server = Directory()
    server.status = status
    probe = await server.provider().probe()
    assert (probe.ok, probe.status, probe.at) == (False, status, NOW)
    assert probe.message == "GET /Users was refused: no."
    assert len(server.asked) == 1
    assert (await server.provider().status()).state is ProvisioningState.UNKNOWN


async def test_an_unreachable_endpoint_is_reported_by_the_probe() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    found = ScimProvider("https://scim.example.com/v2", None, transport=httpx.MockTransport(fail))
    probe = await found.probe()
    assert (probe.ok, probe.status, probe.duration_ms) == (False, None, None)
    assert "cannot be reached" in probe.message


@pytest.mark.parametrize("users", [0, 1, 2, 3, 250])
async def test_a_true_total_is_believed(users: int) -> None:
    summary = await Directory(users).provider().summary()
    assert (summary.users, summary.groups) == (users, 1)
    assert summary.memberships is UNKNOWN


@pytest.mark.parametrize("users", [2, 3, 250])
async def test_a_total_that_only_counts_the_page_is_unknown(users: int) -> None:
    server = Directory(users)
    server.true_totals = False
    assert (await server.provider().summary()).users is UNKNOWN


async def test_identity_center_is_not_asked_for_a_total_it_does_not_have() -> None:
    server = Directory(250)
    found = server.provider("https://scim.eu-west-1.amazonaws.com/v2")
    assert (await found.summary()).users is UNKNOWN
    assert server.asked == []
    assert not found.capabilities.count


async def members(found: ScimProvider) -> list[str]:
    return [row.user_name async for page in found.members("g1") for row in page.rows]


async def test_members_come_from_the_group_in_full_and_each_once() -> None:
    server = Directory(60)
    server.groups[0]["members"] = [
        {"value": "u1", "type": "User"},
        {"value": "g2", "type": "Group"},
        {"value": "g3", "$ref": "https://scim.example.com/v2/Groups/g3"},
        {"value": "u1"},
        {"value": None},
        *({"value": f"u{number}"} for number in range(10, 50)),
    ]
    assert await members(server.provider()) == ["user1", *(f"user{n}" for n in range(10, 50))]


async def test_a_deleted_member_is_shown_with_what_the_group_has() -> None:
    server = Directory()
    server.groups[0]["members"] = [{"value": "u9", "display": "Ana"}]
    pages = [page async for page in server.provider().members("g1")]
    row = pages[0].rows[0]
    assert (row.id, row.user_name, row.display_name, row.active) == ("u9", "", "Ana", None)


async def test_write_only_members_are_found_by_filter() -> None:
    server = Directory()
    server.filters = lambda text: server.users[:2] if '"g1"' in text else []
    assert await members(server.provider()) == ["user0", "user1"]


async def test_a_server_that_ignores_filters_does_not_make_every_user_a_member() -> None:
    server = Directory()
    assert await members(server.provider()) == []


async def test_a_server_that_refuses_the_filter_has_no_members() -> None:
    server = Directory()

    def refuse(request: httpx.Request) -> httpx.Response:
        if b"filter" in request.url.query:
            return httpx.Response(400, json={"detail": "Invalid Filter format"})
        return server(request)

    found = ScimProvider(
        "https://scim.example.com/v2", None, transport=httpx.MockTransport(refuse), cursors=False
    )
    assert await members(found) == []


async def test_groups_come_from_the_user_or_by_filter() -> None:
    server = Directory()
    server.filters = lambda text: server.groups if '"u0"' in text else []
    server.users[1]["groups"] = [{"value": "g1", "type": "direct"}, {"value": "g9", "display": "X"}]
    found = server.provider()

    async def names(user_id: str) -> list[str]:
        pages = found.groups_of(user_id)
        return [row.display_name async for page in pages for row in page.rows]

    assert await names("u0") == ["Crew"]
    assert await names("u1") == ["Crew", "X"]
    assert await names("u2") == []


async def test_a_record_is_what_the_server_sent() -> None:
    server = Directory()
    record = await server.provider().record(Kind.USERS, "u1")
    assert record.attributes == {"id": "u1", "userName": "user1"}
    assert record.fetched_at == NOW
