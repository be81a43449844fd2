"""Listings: told while they go on, stopped, failed, taken up again, and repeated when due."""

import asyncio
from pathlib import Path

import pytest

from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotAllowed, Throttled, Unreachable
from scim_tui.tui.directory import list_state
from scim_tui.tui.shell import messages as shell_messages
from tests.tui.lists_kit import (
    LARGE,
    WORDS,
    add,
    directory,
    marked,
    news,
    person,
)
from tests.tui.lists_kit import (
    directory_page as page,
)
from tests.tui.stage import staged


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reload at once instead of after seconds."""
    monkeypatch.setattr(list_state, "RELOAD_SECONDS", 0.0)
    monkeypatch.setattr(list_state, "RELOAD_SHARE", 0.0)
    monkeypatch.setattr(list_state, "RETRY_PAUSES", (0.0,))


async def test_loading_is_reported_in_numbers_and_the_first_page_is_there_at_once(
    tmp_path: Path,
) -> None:
    provider = directory([f"person{number:04}" for number in range(350)])
    async with staged(tmp_path, provider=provider) as stage:
        provider.delay = asyncio.Event()
        await stage.press("4")
        await stage.sees("asking for the users", "loading 0")
        gate, provider.delay = provider.delay, asyncio.Event()
        gate.set()
        await stage.sees("loading 100 of 350", "person0000")
        await stage.press("j")
        assert marked(stage).startswith("› person0001"), "the list can be used meanwhile"
        provider.delay.set()
        await stage.sees("[Users 350]")
        await stage.until(lambda: "loading" not in stage.text(), ["no loading any more"])


async def test_a_listing_can_be_stopped_and_taken_up_again(tmp_path: Path) -> None:
    provider = directory([f"person{number:04}" for number in range(350)])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.sees("live")
        provider.delay = asyncio.Event()
        await stage.press("4")
        await stage.sees("loading 0")
        # Ctrl-C stops the newest work first, and the empty list is searched when the screen opens.
        await stage.until(
            lambda: all(each.group != "view" or each.is_finished for each in stage.app.workers),
            ["no search goes on"],
        )
        await stage.press("ctrl+c")
        await stage.sees("Stopped listing the users.", "stopped at 0, r goes on")
        provider.delay.set()
        await stage.press("r")
        await stage.sees("[Users 350]", "person0000")


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("No answer from there.", "Is it up?"),
        NotAllowed("The token is refused.", "Give the profile another one."),
        Throttled("Too many requests.", "Slow down.", retry_after=0),
    ],
)
async def test_a_failure_is_shown_in_place_and_recovery_is_automatic(
    tmp_path: Path, quick: None, error: Unreachable | NotAllowed | Throttled
) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        provider.delay = asyncio.Event()
        provider.fail_next(error, "users")
        await stage.press("4")
        await stage.sees("asking for the users")
        stage.app.session.paused = True
        provider.delay.set()
        await stage.sees(f"! {error.message}", error.hint, "r asks again now")
        stage.app.session.paused = False
        await news(stage)
        page(stage).redraw()
        await stage.sees("[Users 4]", "dora")


async def test_rows_stay_when_a_later_listing_fails(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        provider.fail_next(Unreachable("No answer from there."), "users")
        await stage.press("r")
        await stage.sees("may be old: No answer from there.", "dora")
        await stage.press("r")
        await stage.until(lambda: "may be old" not in stage.text())


async def test_people_arrive_while_the_cursor_stays_on_its_person(
    tmp_path: Path, quick: None
) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("j", "j")
        assert marked(stage).startswith("› carla")
        add(provider, person("aaron"), person("abel"))
        await news(stage)
        await stage.sees("[Users 6]", "aaron", "abel")
        assert marked(stage).startswith("› carla")
        assert page(stage).table.cursor == 4
        del provider.resources[Kind.USERS]["id-abel"]
        await news(stage)
        await stage.until(lambda: "abel" not in stage.text())
        assert marked(stage).startswith("› carla")


async def test_nothing_is_asked_behind_a_dialog_or_another_screen(
    tmp_path: Path, quick: None
) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        for away, back in (("1", "4"), ("question_mark", "escape")):
            await stage.press(away)
            asked = provider.calls.count("users")
            add(provider, person(f"new{away}"))
            stage.app.session.look_now()
            await stage.pilot.pause()
            await stage.pilot.pause()
            assert provider.calls.count("users") == asked
            await stage.press(back)
            await news(stage)
            await stage.sees(f"new{away}"[:8])


async def test_a_reload_that_was_planned_is_dropped_when_the_screen_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_state, "RELOAD_SECONDS", 600.0)
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        asked = provider.calls.count("users")
        add(provider, person("new"))
        await news(stage)
        left = page(stage)
        await stage.until(lambda: left.listing._timer is not None, ["a planned reload"])
        assert provider.calls.count("users") == asked, "not at once: the server is spared"
        await stage.press("1")
        monkeypatch.setattr(list_state, "RELOAD_SECONDS", 0.0)
        left.listing._plan_again()
        await stage.pilot.pause()
        assert provider.calls.count("users") == asked
        await stage.press("4")
        await stage.sees("new")


async def test_an_idle_screen_asks_and_paints_nothing(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider, size=LARGE) as stage:
        await stage.press("4")
        await stage.sees("dora", "as the server sent it")
        asked = {name: provider.calls.count(name) for name in ("users", "groups", "record")}
        painted: list[object] = []
        for widget in stage.app.screen.query("*"):
            widget.refresh = lambda *regions, **_: painted.append(regions)  # type: ignore[assignment]
        await news(stage)
        page(stage).redraw()
        await stage.pilot.pause()
        assert not painted
        assert asked == {name: provider.calls.count(name) for name in asked}


async def test_a_connection_that_was_opened_again_is_listed_again(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        session = stage.app.session
        old, session.workspace = session.workspace, None
        assert old is not None
        session.changed()
        await stage.sees(shell_messages.OPENING)
        await old.directory.aclose()
        await stage.press("j", "slash", "x", "enter")
        assert "dora" not in stage.text()
        add(provider, person("zora"))
        old.__post_init__()
        session.workspace = old
        session.changed()
        await stage.press("escape")
        await stage.sees("[Users 5]", "dora", "zora")
