"""What takes long can be stopped, and leaves what was there."""

import asyncio
from pathlib import Path

import pytest
from textual.worker import Worker

from scim_tui.core.directory.api import Directory, Findings, View
from scim_tui.core.index.results import Counted
from scim_tui.core.workspace import Workspace
from scim_tui.model.directory import Kind
from scim_tui.tui.directory import listing
from scim_tui.tui.directory import messages as directory_messages
from scim_tui.tui.session import messages as session_messages
from scim_tui.tui.session import session as session_of_app
from tests.tui.lists_kit import WORDS, directory, directory_page, rows
from tests.tui.stage import staged


async def test_a_sort_that_was_stopped_leaves_the_rows_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(self: Directory, kind: Kind, text: str = "", sort: str = "") -> View:
        await asyncio.Event().wait()
        raise AssertionError

    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("USER NAME ↑", "dora")
        monkeypatch.setattr(Directory, "first_rows", never)
        await stage.press("s", "j", "enter")
        await stage.sees("USER NAME ↓")
        await stage.press("ctrl+c")
        await stage.sees(directory_messages.ROWS_UNCHANGED, "USER NAME ↑")
        assert rows(stage) == list(WORDS)
        assert directory_page(stage).lists.shown.query == ("", "user_name")


async def test_counting_what_is_wrong_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(self: Directory, told: Counted) -> Findings:
        told(4, 16)
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(Directory, "findings", never)
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("f")
        await stage.sees("███········· counting what is wrong 4 of 16  Ctrl-C stops")
        await stage.press("ctrl+c")
        shown = await stage.sees("Stopped counting.")
        assert "counting what" not in shown


async def test_listing_members_has_a_bar_and_can_be_stopped(tmp_path: Path) -> None:
    provider = directory(WORDS, ["Sales", "Support"])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4", "tab")
        await stage.sees("Support")
        await stage.press("f")
        await stage.sees("Show which groups", "empty:members")
        provider.delay = asyncio.Event()
        await stage.press("G", "enter")
        await stage.sees(directory_messages.LISTING_MEMBERS, "groups  Ctrl-C stops")
        await stage.press("ctrl+c")
        shown = await stage.sees(directory_messages.MEMBERS_STOPPED, "Support")
        assert directory_messages.LISTING_MEMBERS not in shown
        provider.delay.set()


async def test_the_app_may_end_in_the_middle_of_a_listing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAINT_SECONDS", 0.0)
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        provider.delay = asyncio.Event()
        await stage.press("r")
        await stage.sees("loading 0")


def is_listing(worker: "Worker[object]") -> bool:
    return worker.group == "load Users" and not worker.is_finished


async def test_rows_of_a_service_that_ended_come_to_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAINT_SECONDS", 0.0)
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        provider.delay = listed = asyncio.Event()
        await stage.press("r")
        await stage.sees("loading 0")
        monkeypatch.setattr(session_of_app, "LOOK_SECONDS", 0.05)
        session, opener, opened = stage.app.session, stage.app.session._opener, asyncio.Event()

        async def slowly() -> Workspace:
            await opened.wait()
            return await opener()

        monkeypatch.setattr(session, "_opener", slowly)
        assert session.workspace is not None
        session.workspace.alive = lambda: False
        session.look_now()
        await stage.until(lambda: session.workspace is None, ["no connection"])
        listed.set()
        await stage.until(lambda: not any(map(is_listing, stage.app.workers)), ["its end"])
        opened.set()
        await stage.sees(session_messages.RESTARTED, "dora")
