"""While the connection is opened anew, whatever is pressed is answered and nothing breaks."""

import asyncio
from pathlib import Path

import pytest

from scim_tui.core.workspace import Workspace
from scim_tui.tui.session import messages as session_messages
from scim_tui.tui.shell.actions import SCREENS
from scim_tui.tui.shell.page import Page
from tests.tui.stage import staged

LEAVES = {"q", "ctrl+c", "ctrl+z"}


@pytest.mark.parametrize("screen", [action.key for action in SCREENS])
async def test_every_key_is_answered_without_a_connection(
    tmp_path: Path, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where a key may write a file
    async with staged(tmp_path, size=(120, 40)) as stage:
        await stage.press(screen)
        session, opened = stage.app.session, asyncio.Event()
        opener = session._opener

        async def slowly() -> Workspace:
            await opened.wait()
            return await opener()

        session._opener = slowly
        assert session.workspace is not None
        session.workspace.alive = lambda: False
        session.look_now()
        await stage.until(lambda: session.workspace is None, ["no connection"])
        page = stage.app.screen
        assert isinstance(page, Page)
        named = ",".join(action.key for action in page.all_actions)
        for key in sorted({*named.split(",")} - LEAVES):
            await stage.press(key, "down", "enter", "escape", "escape", screen)
        opened.set()
        await stage.sees(session_messages.RESTARTED)
