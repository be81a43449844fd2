"""A service that hangs, dies or refuses is a state on every screen, and what is old says so."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import NotAllowed, Unreachable
from scim_tui.tui.session import messages as session_messages
from scim_tui.tui.session import session as sessions
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START
from tests.tui.stage import Stage, staged

WIDE = (130, 30)


def later(stage: Stage, seconds: float) -> None:
    at = stage.app.clock() + timedelta(seconds=seconds)
    stage.app.clock = lambda: at


async def test_a_service_that_hangs_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, size=WIDE) as stage:
        monkeypatch.setattr(sessions, "LOOK_SECONDS", 0.05)
        stage.provider.delay = asyncio.Event()
        await stage.press("r")
        await stage.sees("STALE since", "No answer for 0 s.")
        stage.provider.delay.set()
        await stage.press("r")
        shown = await stage.sees("live")
        assert "STALE" not in shown
        assert "as of" not in shown


async def test_stale_since_is_the_last_good_look(tmp_path: Path) -> None:
    provider = MemoryProvider.sample()
    now = START
    provider.clock = lambda: now
    async with staged(tmp_path, provider=provider, size=WIDE) as stage:
        asked = len(provider.calls)
        now = START + timedelta(seconds=60)
        await stage.press("r")
        await stage.until(lambda: len(provider.calls) > asked)
        await stage.until(lambda: stage.app.session.seen_at == now, ["a look"])
        provider.down = Unreachable("No answer from the service.")
        good, now = now, START + timedelta(seconds=90)
        await stage.press("r")
        await stage.sees(f"STALE since {good:%H:%M:%SZ}")


async def test_what_is_old_is_not_fine(tmp_path: Path) -> None:
    async with staged(tmp_path, size=WIDE) as stage:
        assert "[ok]" in stage.text()
        stage.provider.down = Unreachable("No answer from the service.")
        await stage.press("r")
        shown = await stage.sees("STALE since")
        rows = {row[:19].strip(" ›"): row for row in shown.splitlines()}
        assert "[!!] DOWN" in rows["Endpoint probe"]
        assert "No answer from the service." in rows["Endpoint probe"]
        traffic = rows["IdP traffic 24h"].split(None, 3)[3]
        assert traffic.startswith(f"[ ?]        as of {START:%H:%M:%SZ}: ")
        assert not [row for row in shown.splitlines() if "[ok]" in row[:80]]
        assert f"ENABLED   as of {START:%H:%M:%SZ}, and may be wrong now" in shown


async def test_a_next_try_is_announced_only_while_it_is_ahead(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.provider.down = NotAllowed("401: the key is refused.")
        await stage.press("r")
        await stage.sees("next try")
        stage.provider.delay = asyncio.Event()
        await stage.press("r")
        shown = await stage.sees("trying again")
        assert "next try" not in shown
        stage.provider.delay.set()
        await stage.sees("next try")


async def test_a_service_that_ended_is_started_again_and_said(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        first = stage.app.session.workspace
        assert first is not None
        first.alive = lambda: False
        await stage.press("r")
        await stage.sees(session_messages.RESTARTED)
        assert stage.app.session.workspace is not first
        stage.app.redraw()
        await stage.sees(session_messages.RESTARTED)
        await stage.press("2")
        assert "The service ended" not in await stage.sees("[2 Tokens]", "live")


async def test_a_service_that_does_not_come_back_at_once_is_said_when_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path) as stage:
        session = stage.app.session
        assert session.workspace is not None
        session.workspace.alive = lambda: False
        opener = session._opener

        async def broken() -> Workspace:
            raise Unreachable("It did not start.")

        monkeypatch.setattr(session, "_opener", broken)
        await stage.press("r")
        await stage.sees("It did not start.")
        monkeypatch.setattr(session, "_opener", opener)
        await stage.press("r")
        await stage.sees(session_messages.RESTARTED)


async def test_a_paused_screen_claims_nothing_about_now(tmp_path: Path) -> None:
    now = START
    provider = MemoryProvider.sample()
    provider.clock = lambda: now
    async with staged(tmp_path, provider=provider, size=WIDE) as stage:
        shown = await stage.sees(f"looked at {START:%H:%MZ}", "live")
        assert "last IdP request now [ok]" in shown
        await stage.press("P")
        await stage.sees("paused", f"as of {START:%H:%M:%SZ}")
        now = START + timedelta(minutes=4)
        stage.app.redraw()
        shown = await stage.sees(f"as of {START:%H:%M:%SZ}, and may be wrong now")
        assert not [row for row in shown.splitlines() if "[ok]" in row[:80]]
        assert "4m ago" not in shown
        await stage.press("2")
        shown = await stage.sees("[2 Tokens]")
        assert f"As of {START:%H:%M:%SZ}: what happened since is not known." in " ".join(
            shown.split()
        )
        await stage.press("P")
        await stage.sees(f"looked at {now:%H:%MZ}", "live")


async def test_a_look_that_finds_nothing_new_is_a_look(tmp_path: Path) -> None:
    now = START
    provider = MemoryProvider.sample()
    provider.clock = lambda: now
    async with staged(tmp_path, provider=provider, size=WIDE) as stage:
        await stage.sees(f"looked at {START:%H:%MZ}")
        now = START + timedelta(minutes=9)
        await stage.press("r")
        session = stage.app.session
        await stage.until(
            lambda: session.snapshot is not None and session.snapshot.at == now, ["a newer look"]
        )
        stage.app.redraw()
        await stage.sees(f"looked at {now:%H:%MZ}", "last IdP request 9m ago")
