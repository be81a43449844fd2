"""The shell: frame, screens, help, actions and their reasons, command line, sizes."""

from pathlib import Path

import pytest

from scim_tui.model.errors import NotAllowed, Throttled, Unreachable
from scim_tui.tui.registry import make
from scim_tui.tui.rotation.steps import BY_ACTION
from scim_tui.tui.shell.actions import EVERYWHERE, SCREENS
from scim_tui.tui.shell.screen_actions import BY_SCREEN
from tests.fakes.memory import MemoryProvider
from tests.tui.stage import staged


async def test_every_key_of_the_five_screens_goes_there(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        for key, name in (("2", "Tokens"), ("3", "Mapping"), ("4", "Directory"), ("5", "Activity")):
            await stage.press(key)
            await stage.sees(f"[{key} {name}]")
        await stage.press("1")
        await stage.sees("[1 Status]", "Provisioning  ENABLED")


@pytest.mark.parametrize("name", list(BY_SCREEN))
def test_every_action_has_a_method_and_a_help_sentence(name: str) -> None:
    page = make(name)
    for action in (*page.ACTIONS, *EVERYWHERE):
        step = name == "rotation" and action.id in BY_ACTION
        step = step or action.id in getattr(page, "part_actions", ())
        assert step or callable(getattr(page, f"do_{action.id}", None)), f"{name}: {action.id}"
        assert action.help.endswith((".", "?")), action
    keys = [key for a in (*page.ACTIONS, *EVERYWHERE, *SCREENS) for key in a.keys.split(",")]
    assert len(keys) == len(set(keys)), "one meaning for each key"
    assert not {"ctrl+a", "ctrl+b", "ctrl+p", "ctrl+q", "ctrl+s"} & set(keys)


@pytest.mark.parametrize("name", list(BY_SCREEN))
def test_lower_case_letters_change_nothing_outside(name: str) -> None:
    for action in make(name).ACTIONS:
        if action.changes:
            assert all(key.isupper() for key in action.keys.split(",")), action


@pytest.mark.parametrize("name", list(BY_SCREEN))
async def test_read_only_stops_every_change_with_a_reason(tmp_path: Path, name: str) -> None:
    async with staged(tmp_path, read_only=True) as stage:
        await stage.sees("[RO]")
        stage.app.go_to(name)
        await stage.pilot.pause()
        before = list(stage.provider.calls)
        for action in stage.app.page(name).ACTIONS:
            if action.changes:
                await stage.press(action.keys)
                await stage.sees("is off: This profile is open read-only.")
        changing = {"enable", "disable", "create_token", "delete_token"}
        assert not changing & set(stage.provider.calls[len(before) :])


async def test_help_and_actions_come_from_the_same_table(tmp_path: Path) -> None:
    async with staged(tmp_path, size=(120, 40)) as stage:
        await stage.press("2", "question_mark")
        shown = await stage.sees("TOKENS SCREEN", "EVERYWHERE", "MARKS")
        assert "Asks for DISABLE." in shown
        await stage.press("escape", "a")
        shown = await stage.sees("Actions", "off: Two tokens exist, the most allowed")
        await stage.press("escape")
        await stage.sees("TOKENS  2 of 2 slots used")


async def test_the_command_line_takes_names_completes_and_suggests(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("colon", *"tokns", "enter")
        await stage.sees("There is no such command here. Did you mean tokens?")
        await stage.press(*["backspace"] * 5, *"tok", "tab", "enter")
        await stage.sees("[2 Tokens]")


async def test_q_in_a_dialog_closes_it_and_at_the_top_leaves(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("a", "q")
        await stage.sees("[1 Status]")
        await stage.press("q")
        await stage.until(lambda: stage.app.return_value == 0, ["exit 0"])


async def test_ctrl_q_does_not_leave_and_ctrl_c_twice_does(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("ctrl+q")
        assert stage.app.return_value is None
        await stage.press("ctrl+c")
        await stage.sees("Ctrl-C again leaves.")
        await stage.press("ctrl+c")
        await stage.until(lambda: stage.app.return_value == 130, ["exit 130"])


async def test_a_dead_service_is_a_state_and_it_comes_back(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.provider.down = Unreachable("No answer from the service.", "Is it running?")
        await stage.press("r")
        await stage.sees("STALE since", "No answer from the service.", "next try")
        await stage.press("X")
        await stage.sees("changes wait until it does")
        await stage.press("2")
        await stage.sees("6c1fd3a0", "STALE since")
        stage.provider.down = None
        await stage.press("r")
        await stage.sees("live")


@pytest.mark.parametrize(
    "error",
    [
        NotAllowed("401: the token is refused.", "Use another one."),
        Throttled("429: too many requests.", retry_after=20),
        Unreachable("The name does not resolve."),
    ],
    ids=["401", "429", "dns"],
)
async def test_trouble_at_the_start_is_reported_with_what_to_do(
    tmp_path: Path, error: Unreachable
) -> None:
    provider = MemoryProvider.sample()
    provider.down = error
    async with staged(tmp_path, provider=provider, loaded=False) as stage:
        await stage.sees(f"! {error.message}", "r tries again now")
        provider.down = None
        await stage.press("r")
        await stage.sees("Provisioning  ENABLED")


async def test_sizes_down_to_nothing_keep_the_place(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("j", "j")
        for size in ((60, 15), (50, 10), (120, 40), (80, 24)):
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.pause()
            lines = stage.text().splitlines()
            assert all(len(row) <= size[0] for row in lines)
            assert "lab" in lines[0]
        assert stage.table().current == "endpoint_probe"
        await stage.pilot.resize_terminal(50, 10)
        await stage.sees("needs 60x15")


async def test_pause_holds_the_live_updates_until_they_are_asked_for(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("P")
        await stage.sees("paused")
        stage.provider.access_tokens.clear()
        asked = len(stage.provider.calls)
        await stage.press("r")
        await stage.sees("no token, so no IdP can push here")
        assert len(stage.provider.calls) > asked
        await stage.press("P")
        await stage.sees("live")
