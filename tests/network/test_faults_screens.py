"""The screens on a network that fails: what was seen stays, the state says so, and it heals."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from scim_tui.config.profiles import load_profiles
from scim_tui.core.workspace import Workspace
from scim_tui.tui.app import ScimApp
from scim_tui.tui.directory import list_state
from scim_tui.tui.session import session as sessions
from scim_tui.tui.session.session import Session
from scim_tui.wiring import open_workspace
from tests.network.conftest import give_up_after
from tests.network.faults import PEOPLE, Fault, Network
from tests.tui.stage import Stage, no_faults

WIDE = (120, 40)


@asynccontextmanager
async def through(size: tuple[int, int] = WIDE) -> AsyncIterator[Stage]:
    """The app on the profile `far`."""
    profile = load_profiles().choose()

    async def opener() -> Workspace:
        return await open_workspace(profile, via="tui")

    app = ScimApp(Session(profile.name, opener))
    async with app.run_test(size=size) as pilot:
        yield Stage(app, pilot, cast("Any", None))
    no_faults(app)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch, config: Path) -> None:
    """Nobody waits for the next try, or for a list to be loaded again."""
    monkeypatch.setattr(sessions, "RETRY_PAUSES", (0.05,))
    monkeypatch.setattr(list_state, "RETRY_PAUSES", (0.05,))


async def test_a_listing_that_breaks_keeps_its_rows_and_goes_on_when_the_line_is_back(
    net: Network,
) -> None:
    async with through() as stage:
        await stage.sees("live")
        await stage.press("4")
        await stage.sees(f"[Users {PEOPLE}]", "user001@example.com")
        net.fault = Fault.RESET
        await stage.press("r")
        shown = await stage.sees("the connection broke off")
        assert "user001@example.com" in shown
        assert f"{PEOPLE}" in shown
        net.fault = Fault.NONE
        await stage.press("r")
        await stage.until(lambda: "broke off" not in stage.text(), ["a listing that is well"])


async def test_the_first_rows_are_there_when_the_line_breaks_behind_them(net: Network) -> None:
    async with through() as stage:
        await stage.sees("live")
        net.only, net.fault = b"startIndex=201", Fault.CUT
        await stage.press("4")
        await stage.sees("the connection broke off", "user001@example.com", "200")
        net.fault = Fault.NONE
        await stage.sees(f"[Users {PEOPLE}]")


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Fault.HALF_OPEN, "no answer came in time"), (Fault.PORTAL, "answered with a web page")],
)
async def test_a_start_without_a_way_is_a_state_and_heals(
    net: Network, config: Path, fault: Fault, words: str
) -> None:
    if fault is Fault.HALF_OPEN:
        give_up_after(config, 1.0)
    net.fault = fault
    async with through((80, 24)) as stage:
        shown = await stage.sees(words, "r tries again now")
        assert "[ok]" not in shown
        net.fault = Fault.NONE
        await stage.press("r")
        shown = await stage.sees("live", "[ok]")
        assert words not in shown
