"""Who is in which group, in as few requests as a server makes possible."""

import json
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.model.directory import MembershipPage
from scim_tui.model.json_object import JsonObject
from scim_tui.providers.scim.provider import ScimProvider

GROUPS = {
    f"g{number}": [f"u{each}" for each in range(1, number + 1)] if number % 3 else []
    for number in range(1, 8)
}
PAIRS = {(group, user) for group, users in GROUPS.items() for user in users}
PAGE = 2


class Server:
    """Seven groups and users, told as `how` says; it keeps what it was asked."""

    def __init__(self, how: str) -> None:
        self.how, self.asked = how, list[str]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = {name: value[0] for name, value in parse_qs(request.url.query.decode()).items()}
        _, _, kind, *one = request.url.path.split("/")
        self.asked.append("/".join([kind, *one]))
        if kind not in {"Groups", "Users"}:
            return httpx.Response(404, json={"detail": "no"})
        if one:
            return httpx.Response(200, json=self._resource(kind, one[0], alone=True))
        names = list(GROUPS) if kind == "Groups" else [f"u{number}" for number in range(1, 8)]
        if "groups.value" in query.get("filter", ""):
            group = query["filter"].split('"')[1]
            names = GROUPS.get(group, [])
        start, count = int(query.get("startIndex", 1)) - 1, PAGE
        items = [self._resource(kind, name) for name in names[start : start + count]]
        page = {"totalResults": len(names), "startIndex": start + 1, "Resources": items}
        return httpx.Response(200, content=json.dumps(page))

    def _resource(self, kind: str, name: str, *, alone: bool = False) -> JsonObject:
        if kind == "Groups":
            members = [{"value": user} for user in GROUPS[name]]
            if self.how in {"users", "filters"} or (self.how == "alone" and not alone):
                members = []
            if self.how == "cut" and not alone:
                members = members[:2]
            return {"id": name, "displayName": name, "members": members}
        groups = [{"value": group} for group, users in GROUPS.items() if name in users]
        told = {"groups": groups} if self.how == "users" else {}
        return {"id": name, "userName": name, **told}


def provider_of(server: Server) -> ScimProvider:
    return ScimProvider(
        "http://127.0.0.1:1/v2",
        SecretStr("s"),
        transport=httpx.MockTransport(server),
        cursors=False,
    )


async def read(server: Server, resume: str = "") -> list[MembershipPage]:
    provider = provider_of(server)
    pages = [page async for page in provider.all_memberships(resume)]
    await provider.aclose()
    return pages


@pytest.mark.parametrize(
    ("how", "alone"),
    [("groups", 4), ("users", 1), ("alone", 7), ("cut", 7), ("filters", 7)],
)
async def test_all_memberships_are_found_in_whatever_form_the_server_sends_them(
    how: str, alone: int
) -> None:
    server = Server(how)
    pages = await read(server)
    assert {pair for page in pages for pair in page.pairs} == PAIRS
    assert sum(page.done for page in pages) == 7
    assert [page.next_cursor is None for page in pages] == [False, False, False, True]
    assert sum("/" in asked for asked in server.asked) == alone


@pytest.mark.parametrize("how", ["groups", "users", "alone"])
async def test_it_goes_on_from_any_page(how: str) -> None:
    pages = await read(Server(how))
    for at, page in enumerate(pages[:-1]):
        assert page.next_cursor
        rest = await read(Server(how), page.next_cursor)
        assert [each.pairs for each in rest] == [each.pairs for each in pages[at + 1 :]]
