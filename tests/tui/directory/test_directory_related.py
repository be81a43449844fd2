"""Members and groups in the detail: read on, never read again, and kept when the server fails."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scim_tui.model.directory import Kind, Page, UserRow
from scim_tui.model.errors import Unreachable
from scim_tui.tui.directory import messages as directory_messages
from scim_tui.tui.widgets.table import Table
from tests.fakes.memory import MemoryProvider
from tests.tui.lists_kit import directory, directory_page
from tests.tui.stage import Stage, staged


def everyone(count: int) -> MemoryProvider:
    provider = directory([f"person{number:04}" for number in range(count)], ["Everyone"])
    provider.memberships = [("id-Everyone", user) for user in provider.resources[Kind.USERS]]
    return provider


async def shown(stage: Stage) -> None:
    await stage.press("4", "tab")
    await stage.sees("› Everyone")
    await stage.press("enter", "l")


async def test_members_are_read_on_and_none_is_asked_for_twice(tmp_path: Path) -> None:
    provider = everyone(1_150)
    async with staged(tmp_path, provider=provider) as stage:
        await shown(stage)
        await stage.sees("[Members 500 of 1,150]")
        assert provider.calls.count("members") == 5
        await stage.press("G")
        await stage.sees("[Members 1,000 of 1,150]")
        assert provider.calls.count("members") == 10
        assert directory_page(stage).pane.query_one("#related", Table).current == "id-person0499"
        await stage.press("right_square_bracket")
        await stage.sees("[Members 1,150]")
        await stage.press("right_square_bracket")
        await stage.sees(directory_messages.ALL_LISTED)
        assert provider.calls.count("members") == 12
        await stage.press("r")
        await stage.sees("[Members 500 of 1,150]")


async def test_what_was_read_stays_when_the_server_fails(tmp_path: Path) -> None:
    provider = everyone(700)
    async with staged(tmp_path, provider=provider) as stage:
        await shown(stage)
        await stage.sees("[Members 500 of 700]")
        provider.fail_next(Unreachable("No answer from there."), "members")
        await stage.press("G")
        await stage.sees("[Members 500+ !]", "person0499", "! No answer from there.")
        await stage.press("r")
        await stage.sees("[Members 500 of 700]")


async def test_the_groups_of_a_user_are_shown_in_full(tmp_path: Path) -> None:
    provider = directory(["ana"], [f"team{number:03}" for number in range(120)])
    provider.memberships = [(group, "id-ana") for group in provider.resources[Kind.GROUPS]]
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("› ana")
        await stage.press("enter", "l")
        await stage.sees("[Groups 120]", "team000")


async def test_members_that_are_no_users_are_said_above_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = everyone(2)
    members = provider.members

    async def with_others(group_id: str) -> AsyncIterator[Page[UserRow]]:
        async for page in members(group_id):
            yield page._replace(left_out={"ServicePrincipals": 3})

    monkeypatch.setattr(provider, "members", with_others)
    async with staged(tmp_path, provider=provider) as stage:
        await shown(stage)
        await stage.sees("[Members 2]", "Left out: 3 of the kind ServicePrincipals.")
