"""Trying a secret: what every provider promises of it."""

import pytest
from pydantic import SecretStr

from scim_tui.model.errors import Unsupported
from tests.contract.worlds import World

NOBODYS = SecretStr("a-secret-that-nobody-made")


async def test_an_invented_secret_is_refused(world: World) -> None:
    probe = await world.provider.probe_with(NOBODYS, "5c1e")
    assert not probe.ok
    assert probe.status == 401
    assert probe.message


async def test_where_no_server_answers_the_probe_says_so_and_does_not_raise(world: World) -> None:
    probe = await world.dead.probe_with(NOBODYS, "5c1e")
    assert (probe.ok, probe.status) == (False, None)
    assert probe.message


async def test_a_secret_just_made_is_let_in_and_the_log_shows_the_nonce(world: World) -> None:
    provider = world.provider
    try:
        made = await provider.create_token()
    except Unsupported as reason:
        pytest.skip(str(reason))
    probe = await provider.probe_with(made.secret, "5c1e77aa")
    assert (probe.ok, probe.status, probe.message) == (True, 200, "")
    if provider.capabilities.events:
        newest = (await provider.events(limit=1)).events[0]
        assert (newest.token_id, newest.status) == (made.token.id, 200)
        assert newest.client.startswith("scim-tui/")
        assert "5c1e77aa" in newest.client
    await provider.delete_token(made.token.id)


async def test_the_probe_shows_no_secret(world: World) -> None:
    probe = await world.provider.probe_with(NOBODYS, "5c1e")
    assert NOBODYS.get_secret_value() not in repr(probe)
