"""The index filled over TCP from a server that nobody here wrote, by index and by cursor."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.core.directory.api import Directory, LoadPhase
from scim_tui.model.directory import Kind
from scim_tui.providers.scim.provider import ScimProvider
from tests.contract.worlds import PEOPLE, Peer


@pytest.mark.parametrize("paging", ["index_peer", "cursor_peer"])
async def test_a_directory_holds_every_user_that_a_peer_lists(
    paging: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    peer: Peer = request.getfixturevalue(paging)
    provider = ScimProvider(peer.endpoint, SecretStr("secret"))
    directory = Directory(provider, file=tmp_path / "index.sqlite")
    for _ in range(2):
        state = await directory.load(Kind.USERS)
        assert (state.phase, state.error) == (LoadPhase.READY, None)
    view = await directory.view(Kind.USERS)
    assert set(view.ids(0, len(view))) == set(peer.people.values())
    assert len(view) == PEOPLE
    await directory.aclose()
    await provider.aclose()
