"""That each way of paging is the one in use where it is claimed to be."""

import pytest
from pydantic import SecretStr

from scim_tui.model.constraints import ENTERPRISE
from scim_tui.model.directory import Kind, Page, UserRow
from scim_tui.scim.client import ScimClient
from tests.contract.worlds import PEOPLE, Peer


async def pages_of(endpoint: str, cursors: bool | None = None) -> list[Page[UserRow]]:
    client = ScimClient(endpoint, SecretStr("secret"), cursors=cursors)
    try:
        first = [page async for page in client.users(count=50)]
        assert len({row.id for page in first for row in page.rows}) == PEOPLE
        token = first[0].next_cursor
        assert token is not None
        rest = [page async for page in client.users(resume=token, count=50)]
        assert [page.rows for page in rest] == [page.rows for page in first[1:]]
        return first
    finally:
        await client.aclose()


async def test_scim2_server_is_paged_as_its_configuration_says(
    index_peer: Peer, cursor_peer: Peer
) -> None:
    by_index, by_cursor = await pages_of(index_peer.endpoint), await pages_of(cursor_peer.endpoint)
    assert [page.next_cursor for page in by_index] == ["i51", "i101", None]
    assert [str(page.next_cursor)[0] for page in by_cursor] == ["c", "c", "N"]


async def test_a_server_that_refuses_cursors_is_paged_by_index(index_peer: Peer) -> None:
    found = await pages_of(index_peer.endpoint, cursors=True)
    assert [page.next_cursor for page in found] == ["i51", "i101", None]


@pytest.mark.parametrize("peer", ["index_peer", "cursor_peer", "scimmy_peer"])
async def test_a_count_of_zero_is_answered_with_the_total(
    peer: str, request: pytest.FixtureRequest
) -> None:
    server: Peer = request.getfixturevalue(peer)
    client = ScimClient(server.endpoint, SecretStr(server.token))
    assert await client.sample(Kind.USERS, 0) == (0, PEOPLE)
    await client.aclose()


async def test_the_discovery_of_a_peer_is_read(index_peer: Peer, cursor_peer: Peer) -> None:
    client = ScimClient(index_peer.endpoint, SecretStr("secret"))
    found = await client.discovery()
    assert (found.patch, found.filter, found.cursor, found.index) == (True, True, False, True)
    assert [(one.name, one.endpoint) for one in found.types] == [
        ("User", "/Users"),
        ("Group", "/Groups"),
    ]
    assert found.schema_name(ENTERPRISE) == "EnterpriseUser"
    assert found.untold == {}
    await client.aclose()
    client = ScimClient(cursor_peer.endpoint, SecretStr("secret"))
    assert (await client.discovery()).cursor is True
    await client.aclose()
