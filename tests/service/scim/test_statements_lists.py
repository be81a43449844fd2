"""Statements 26 to 31 and 47: pages, cursors and filters."""

import re
from urllib.parse import quote, quote_plus

import httpx
import pytest

from tests.service.scim.scim_kit import ENTERPRISE, Json, Service, email


async def people(service: Service, number: int) -> list[str]:
    return [(await service.create_user(f"u{i:03}@x.org"))["id"] for i in range(number)]


async def walk(service: Service, path: str) -> list[list[str]]:
    """The ids on each page, from the bare cursor to the last page."""
    pages, cursor = [], ""
    while True:
        joint = "&" if "?" in path else "?"
        answer = await service.call("GET", f"{path}{joint}cursor={quote(cursor)}")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert "totalResults" not in body
        assert "startIndex" not in body
        assert body["itemsPerPage"] == len(body["Resources"])
        pages.append([resource["id"] for resource in body["Resources"]])
        if "nextCursor" not in body:
            return pages
        cursor = body["nextCursor"]
        assert re.fullmatch(r"[-a-zA-Z0-9+=/:_]+", cursor)


async def test_26_without_cursor(service: Service) -> None:
    ids = await people(service, 101)
    answer = await service.call("GET", "/Users")
    body = answer.json()
    assert [user["id"] for user in body.pop("Resources")] == ids[:100]
    assert body == {
        "totalResults": 100,
        "itemsPerPage": 100,
        "startIndex": 1,
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    }


async def test_26_nothing_is_a_list_too(service: Service) -> None:
    body = (await service.call("GET", '/Users?filter=userName eq "nobody"')).json()
    assert (body["totalResults"], body["Resources"]) == (0, [])


@pytest.mark.parametrize("bare", ["?cursor", "?cursor=", "?cursor&", "?count=100&cursor"])
async def test_27_and_47_bare_cursor(service: Service, bare: str) -> None:
    ids = await people(service, 3)
    body = (await service.call("GET", f"/Users{bare}")).json()
    assert [user["id"] for user in body.pop("Resources")] == ids
    assert body == {
        "itemsPerPage": 3,
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    }


@pytest.mark.parametrize(("count", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (5, [5]), (100, [5])])
async def test_28_each_once(service: Service, count: int, sizes: list[int]) -> None:
    ids = await people(service, 5)
    pages = await walk(service, f"/Users?count={count}")
    assert [len(page) for page in pages] == sizes
    assert [user_id for page in pages for user_id in page] == ids


async def test_28_each_once_while_others_come_and_go(service: Service) -> None:
    ids = await people(service, 6)
    first = (await service.call("GET", "/Users?cursor&count=3")).json()
    await service.call("DELETE", f"/Users/{ids[2]}")
    await service.call("DELETE", f"/Users/{ids[0]}")
    late = (await service.create_user("late@x.org"))["id"]
    rest = (await service.call("GET", f"/Users?cursor={first['nextCursor']}")).json()
    assert [user["id"] for user in rest["Resources"]] == [*ids[3:], late]


async def test_28_members_and_groups_by_page(service: Service) -> None:
    ids = await people(service, 5)
    group = await service.create_group(members=[{"value": user_id} for user_id in ids[1:]])
    others = [await service.create_group(f"G{i}", members=[{"value": ids[4]}]) for i in range(3)]
    members = await walk(service, f'/Users?count=2&filter=groups.value eq "{group["id"]}"')
    assert members == [ids[1:3], ids[3:]]
    groups = await walk(service, f'/Groups?count=3&filter=members.value eq "{ids[4]}"')
    assert groups == [[group["id"], others[0]["id"], others[1]["id"]], [others[2]["id"]]]


@pytest.mark.parametrize(("count", "size"), [("3", 3), ("101", 100), ("999999999999", 100)])
async def test_28_count_in_plain_mode(service: Service, count: str, size: int) -> None:
    await people(service, 101)
    assert len(await service.listed(f"/Users?count={count}")) == size


@pytest.mark.parametrize("count", ["0", "-1", "ten", "1.5", "٣"])
async def test_28_count_that_is_none(service: Service, count: str) -> None:
    answer = await service.call("GET", f"/Users?count={quote(count)}")
    assert answer.status_code == 400
    assert (await service.event())["violated"] == "count.invalid"


async def test_29_changed_filter(service: Service) -> None:
    ids = await people(service, 3)
    first = await service.create_group("One", members=[{"value": i} for i in ids])
    second = await service.create_group("Two", members=[{"value": i} for i in ids])
    page = f'/Users?count=1&filter=groups.value eq "{first["id"]}"&cursor='
    cursor = (await service.call("GET", page)).json()["nextCursor"]
    assert (await service.call("GET", page + cursor)).status_code == 200
    others = [
        page.replace(first["id"], second["id"]) + cursor,
        f"/Users?cursor={cursor}",
        f"/Groups?cursor={cursor}",
        f"/Users?cursor={cursor[:-4]}",
        "/Users?cursor=AAAA",
        "/Users?cursor=*",
        "/Users?cursor=" + quote("é"),
        "/Users?cursor=gAAAAAAAAAAAAAAAAAAA",
    ]
    answers = [await service.call("GET", path) for path in others]
    assert [answer.status_code for answer in answers] == [400] * len(others)
    assert (await service.event())["violated"] == "cursor.invalid"


async def crew(service: Service) -> tuple[Json, Json]:
    more = {ENTERPRISE: {"manager": {"value": "boss"}}}
    user = await service.create_user("ana@x.org", externalId='e"1\\é', **more)
    await service.create_user("bob@x.org", emails=[email("bob@x.org")])
    group = await service.create_group("Crew A", externalId="g1", members=[{"value": user["id"]}])
    await service.create_group("Crew B")
    return user, group


@pytest.mark.parametrize(
    "filter",
    [
        'userName eq "ana@x.org"',
        'username EQ "ANA@x.org"',
        ' userName  eq  "ana@x.org" ',
        r'externalId eq "e\"1\\\u00e9"',
        'groups.value eq "{group}"',
        'id eq "{user}"',
        'id eq "{user}" and manager eq "boss"',
        'manager eq "boss" AND id eq "{user}"',
    ],
)
async def test_30_filters_of_users(service: Service, filter: str) -> None:
    user, group = await crew(service)
    text = filter.replace("{user}", user["id"]).replace("{group}", group["id"])
    for way in (quote, quote_plus):
        assert await service.listed(f"/Users?filter={way(text)}") == [user]


@pytest.mark.parametrize(
    "filter",
    [
        'displayName eq "crew a"',
        'externalId eq "g1"',
        'members.value eq "{user}"',
        'id eq "{group}" and members eq "{user}"',
        'member eq "{user}" and id eq "{group}"',
    ],
)
async def test_30_filters_of_groups(service: Service, filter: str) -> None:
    user, group = await crew(service)
    text = filter.replace("{user}", user["id"]).replace("{group}", group["id"])
    assert await service.listed(f"/Groups?filter={text}") == [{**group, "members": []}]


@pytest.mark.parametrize(
    "filter",
    [
        '/Groups?filter=id eq "{group}" and members eq ""',
        '/Groups?filter=id eq "" and members eq "{user}"',
        '/Groups?filter=displayName eq ""',
        '/Groups?filter=externalId eq ""',
        '/Groups?filter=members.value eq ""',
        '/Users?filter=userName eq ""',
        '/Users?filter=externalId eq ""',
        '/Users?filter=groups.value eq ""',
        '/Users?filter=id eq ""',
        '/Users?filter=id eq "{user}" and manager eq ""',
    ],
)
async def test_30_an_empty_value_in_a_filter_is_refused(service: Service, filter: str) -> None:
    """Seen at AWS for `members eq ""`; inferred for the others."""
    user, group = await crew(service)
    path = filter.replace("{user}", user["id"]).replace("{group}", group["id"])
    answer = await service.call("GET", path)
    assert answer.status_code == 400
    assert (await service.event())["violated"] == "filter.invalid"


async def test_30_filters_that_match_no_user(service: Service) -> None:
    user, group = await crew(service)
    for path in (
        f'/Users?filter=id eq "{user["id"]}" and manager eq "other"',
        f'/Users?filter=groups.value eq "{user["id"]}"',
        f'/Groups?filter=id eq "{group["id"]}" and members eq "nobody"',
    ):
        assert await service.listed(path) == []


@pytest.mark.parametrize("kind", ["Users", "Groups"])
@pytest.mark.parametrize(
    "filter",
    [
        'userName eq "a" or userName eq "b"',
        'userName sw "a"',
        'userName co "a"',
        'displayName ne "a"',
        "userName pr",
        'not (userName eq "a")',
        '(userName eq "a")',
        'emails[type eq "work"]',
        'emails.value eq "a"',
        'title eq "a"',
        'manager eq "a"',
        'members eq "a"',
        'userName eq "a" and externalId eq "b"',
        'id eq "a" and id eq "b"',
        'userName eq "a" and',
        'userName eq "a"and externalId eq "b"',
        'userName eq "a" junk',
        "userName eq a",
        "userName eq 'a'",
        'userName eq "a',
        r'userName eq "\ud800"',
        r'userName eq "\x"',
        "active eq true",
        "eq",
    ],
)
async def test_30_other_filters(service: Service, kind: str, filter: str) -> None:
    answer = await service.call("GET", f"/{kind}?filter={quote(filter)}")
    assert answer.status_code == 400
    event = await service.event()
    assert (event["violated"], event["message"]) == ("filter.invalid", "Invalid Filter format")


@pytest.mark.parametrize(
    "query",
    [
        "startIndex=2",
        "startIndex=2&count=2&sortBy=userName",
        "excludedAttributes=members&attributes=userName",
        "",
        "&",
        "a=%ff&%00=1",
    ],
)
async def test_31_and_47_parameters_that_do_nothing(service: Service, query: str) -> None:
    ids = await people(service, 2)
    for kind, expected in (("Users", ids), ("Groups", [])):
        assert [found["id"] for found in await service.listed(f"/{kind}?{query}")] == expected


async def test_47_quotes_may_come_raw(service: Service) -> None:
    user = await service.create_user("ana@x.org")
    raw = httpx.URL(
        "http://service.test",
        path=f"/{service.tenant_id}/scim/v2/Users",
        query=b'filter=userName+eq+"ana@x.org"',
    )
    answer = await service.http.get(raw)
    assert answer.json()["Resources"] == [user]
