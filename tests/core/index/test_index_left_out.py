"""What a server leaves out of a listing stays as it was last seen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scim_tui.core.directory.api import Directory, LoadPhase
from scim_tui.model.directory import Kind, Page, UserRow
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


class LeavesOut(MemoryProvider):
    """Counts seven, shows six, and one of them without an id."""

    gone = 0
    unreadable = 0

    async def users(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[UserRow]]:
        async for page in super().users(filter, resume):
            rows = [row for row in page.rows if not self.gone or row.id != "u7"]
            yield page._replace(rows=rows, skipped=self.unreadable)


@pytest.mark.parametrize(("gone", "unreadable"), [(1, 0), (1, 1)])
async def test_a_user_that_a_server_leaves_out_is_not_taken_as_removed(
    tmp_path: Path, gone: int, unreadable: int
) -> None:
    provider = LeavesOut(users=[{"id": f"u{number}"} for number in range(1, 8)])
    directory = Directory(provider, lambda: START, file=tmp_path / "index.sqlite")
    await directory.load(Kind.USERS)
    provider.gone, provider.unreadable = gone, unreadable
    state = await directory.load(Kind.USERS)
    assert state.phase is LoadPhase.FAILED
    assert "nothing is taken as removed" in getattr(state.error, "hint", "")
    view = await directory.view(Kind.USERS)
    assert "u7" in view.ids(0, len(view))
    await directory.aclose()
