"""The Directory screen told as stories: find a person, look at them whole, stay current."""

import asyncio
import threading
from array import array
from pathlib import Path

import pytest

from scim_tui.core.directory import Directory, View
from scim_tui.core.index import Index
from scim_tui.model.constraints import ENTERPRISE
from scim_tui.model.directory import Kind, Row
from scim_tui.model.errors import NotAllowed, Throttled, Unreachable
from scim_tui.providers.memory import MemoryProvider
from scim_tui.tui import directory_half
from scim_tui.tui.directory_detail import DetailPane
from scim_tui.tui.directory_subject import Subject
from scim_tui.tui.screens.directory import DirectoryPage
from tests.tui.lists_kit import (
    HOSTILE,
    LARGE,
    SHOWN,
    add,
    directory,
    marked,
    news,
    person,
    rows,
    type_in,
)
from tests.tui.stage import Stage, staged

WORDS = ("ana", "bert", "carla", "dora")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reload at once instead of after seconds."""
    monkeypatch.setattr(directory_half, "RELOAD_SECONDS", 0.0)
    monkeypatch.setattr(directory_half, "RELOAD_SHARE", 0.0)
    monkeypatch.setattr(directory_half, "PATIENCE", (0.0,))


def page(stage: Stage) -> DirectoryPage:
    found = stage.app.screen
    assert isinstance(found, DirectoryPage)
    return found


async def test_users_and_groups_with_their_counts(tmp_path: Path) -> None:
    provider = directory(WORDS, ["Engineering", "Sales"])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        shown = await stage.sees("[Users 4]", "Groups 2", "dora", "CHANGED", "2d")
        assert "ana@example.com" in shown, "the short detail comes from the row"
        assert "record" not in provider.calls
        await stage.press("tab")
        await stage.sees("[Groups 2]", "Users 4", "Engineering", "Sales")
        await stage.press("tab")
        await stage.sees("[Users 4]", "dora")


async def test_typing_filters_and_escape_brings_all_back(tmp_path: Path) -> None:
    provider = directory([f"person{number:03}" for number in range(200)] + ["zoë"])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 201]", "person000")
        await stage.press("slash")
        await type_in(stage, "zoe")
        await stage.sees("filter: zoe", "1 of 201")
        assert marked(stage).startswith("› zoë")
        await type_in(stage, "q1")
        await stage.sees("0 of 201 match 'zoeq1'", "Esc clears the filter")
        assert "[4 Directory]" in stage.text(), "digits are part of the text"
        await stage.press("escape")
        shown = await stage.sees("person000", "person001")
        assert "filter:" not in shown
        await stage.press("j")
        assert marked(stage).startswith("› person001"), "the list has the keys again"


async def test_enter_leaves_the_filter_in_force_and_escape_takes_it_away(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("slash")
        await type_in(stage, "!ana")
        await stage.sees("3 of 4")
        await stage.press("down", "j")
        assert marked(stage).startswith("› carla")
        await stage.press("slash", "backspace", "enter")
        await stage.sees("filter: !an", "3 of 4")
        await stage.press("escape")
        await stage.until(lambda: rows(stage) == list(WORDS))


async def test_a_person_whole_with_tabs_and_neighbours(tmp_path: Path) -> None:
    provider = directory(WORDS, ["Engineering", "Sales"])
    provider.memberships = [("id-Sales", "id-bert"), ("id-Engineering", "id-bert")]
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("j", "enter")
        shown = await stage.sees(
            "2 of 4", "[Profile]", "givenName      Given", "bert@example.com (work, primary)",
            "2026-01-02 03:04:05Z  325d ago", "as the server sent it",
        )  # fmt: skip
        assert "USER NAME" not in shown, "the list is hidden"
        await stage.press("l")
        await stage.sees("[Groups 2]", "Engineering", "Sales")
        await stage.press("tab")
        await stage.sees("[Raw]", '"userName": "bert"')
        await stage.press("n")
        await stage.sees("3 of 4", '"userName": "carla"')
        await stage.press("N", "N")
        await stage.sees("1 of 4", '"userName": "ana"')
        await stage.press("h", "h")
        await stage.sees("[Profile]", "userName       ana")
        await stage.press("escape")
        await stage.sees("USER NAME ↑")
        assert marked(stage).startswith("› ana")
        await stage.press("q")
        assert stage.app.return_value == 0


async def test_the_members_of_a_group_lead_to_the_member(tmp_path: Path) -> None:
    provider = directory([f"person{number:03}" for number in range(300)], ["Everyone"])
    provider.memberships = [("id-Everyone", user) for user in provider.resources[Kind.USERS]]
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 300]")
        await stage.press("tab")
        await stage.sees("[Groups 1]", "› Everyone")
        await stage.press("enter", "l")
        await stage.sees("[Members 300]", "person000")
        await stage.press("G", "enter")
        await stage.sees("300 of 300", "[Profile]", "userName       person299")
        await stage.press("escape")
        await stage.sees("[Users 300]")
        assert marked(stage).startswith("› person299")


async def test_what_is_missing_and_what_breaks_a_rule_is_said_with_the_fix(tmp_path: Path) -> None:
    broken = person("bro ken")
    broken["name"] = {"givenName": "Only"}
    broken["emails"] = [{"value": "a@x"}, {"value": "b@x"}]
    broken["groups"] = [{"value": "added by the server itself"}]
    broken[ENTERPRISE] = {"department": "Sales"}
    async with staged(tmp_path, provider=MemoryProvider(users=[broken])) as stage:
        await stage.press("4", "enter")
        await stage.sees(
            "AGAINST THE RULES", "! familyName     missing", "! userName       bro ken",
            "! name.familyName is required", "Fix: Give the person a last name in the IdP.",
        )  # fmt: skip
        await stage.press("G")
        shown = await stage.sees(
            "List attribute emails exceeds allowed limit of 1",
            "Fix: Map one primary address only.", "department     Sales",
        )  # fmt: skip
        assert "not supported" not in shown, "what servers add themselves breaks no rule"


async def test_extensions_are_shown_under_the_names_of_their_schemas(tmp_path: Path) -> None:
    user = person("ana") | {ENTERPRISE: {"department": "Sales", "manager": {"value": "m1"}}}
    user["urn:example:badge"] = {"floor": 3}
    async with staged(tmp_path, provider=MemoryProvider(users=[user]), size=LARGE) as stage:
        await stage.press("4", "enter")
        shown = await stage.sees("Enterprise User  urn:ietf:", "department     Sales", "floor")
        rows = [row.split("│")[-1].strip() for row in shown.splitlines()]
        assert rows.index("urn:example:badge") < rows.index("floor          3")


async def test_beside_the_list_the_detail_follows_and_the_newest_answer_wins(
    tmp_path: Path,
) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider, size=LARGE) as stage:
        await stage.press("4")
        await stage.sees("1 of 4", "as the server sent it")
        asked = provider.calls.count("record")
        provider.delay = asyncio.Event()
        await stage.press("j", "j", "j")
        await stage.sees("4 of 4", "userName       dora", "asking")
        provider.resources[Kind.USERS]["id-dora"]["title"] = "Head of all"
        provider.delay.set()
        shown = await stage.sees("Head of all", "as the server sent it")
        assert "asking" not in shown
        assert provider.calls.count("record") == asked + 1, "only where the cursor came to rest"


async def test_a_late_answer_about_somebody_else_is_not_taken(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider, size=LARGE) as stage:
        await stage.press("4")
        await stage.sees("as the server sent it")
        late = Subject(Kind.USERS, "id-dora", raw="late")
        late.error = Unreachable("About dora.")
        page(stage).pane.post_message(DetailPane.Answered(late))
        await stage.pilot.pause()
        assert "About dora." not in stage.text()


async def test_where_nothing_matches_nothing_of_somebody_else_is_left(tmp_path: Path) -> None:
    provider = directory(WORDS, ["Sales"])
    provider.memberships = [("id-Sales", "id-ana")]
    async with staged(tmp_path, provider=provider, size=LARGE) as stage:
        await stage.press("4", "l")
        await stage.sees("[Groups 1]", "Sales")
        await stage.press("slash", "z")
        shown = await stage.sees("0 of 4 match 'z'")
        assert "Sales" not in shown


async def test_somebody_who_is_gone_and_a_server_that_fails_are_told_in_the_pane(
    tmp_path: Path,
) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        del provider.resources[Kind.USERS]["id-ana"]
        await stage.press("enter")
        await stage.sees("not fresh", "! Users has no 'id-ana'.", "userName       ana")
        provider.fail_next(Unreachable("No answer from there.", "Is it up?"), "record")
        await stage.press("n")
        await stage.sees("! No answer from there.", "Is it up?", "userName       bert")
        await stage.press("r")
        shown = await stage.sees("as the server sent it")
        assert "No answer" not in shown


async def test_copying_takes_the_id_and_where_json_is_shown_the_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    async def copy(text: str) -> str:
        copied.append(text)
        return "Sent."

    odd = "\u202e\x9b\U000e0041"
    provider = MemoryProvider(users=[person(f"ana{HOSTILE}{odd}", id="id-1")])
    async with staged(tmp_path, provider=provider) as stage:
        monkeypatch.setattr(stage.app, "copy", copy)
        await stage.press("4")
        await stage.sees("[Users 1]", "ana")
        await stage.press("y", "v")
        await stage.sees("[Raw]", '"id": "id-1"')
        await stage.press("y")
        assert copied[0] == "id-1"
        escaped = r"\u001b]52;c;UFdO\u0007\u202e\u009b\udb40\udc41"
        assert f'"userName": "anaA[/x]{escaped}"' in copied[1]
        assert copied[1].isascii()
        await stage.press("v")
        await stage.sees("[Profile]")


async def test_hostile_names_are_shown_and_do_nothing(tmp_path: Path) -> None:
    evil = person(HOSTILE, name=f"[@click=quit]{HOSTILE}\u202egnp", id="id-1")
    evil["title"] = HOSTILE
    evil[f"x{HOSTILE}"] = {"y\x1b[2J": [HOSTILE]}
    group = {"id": "id-2", "displayName": HOSTILE}
    provider = MemoryProvider(users=[evil], groups=[group], memberships=[("id-2", "id-1")])
    for size in ((80, 24), LARGE):
        async with staged(tmp_path, provider=provider, size=size) as stage:
            await stage.press("4")
            await stage.sees(SHOWN[:9])
            for keys in (["enter"], ["l"], ["l"], ["escape"], ["slash"], ["tab", "tab", "enter"]):
                await stage.press(*keys)
                await stage.pilot.pause()
                assert all(row.isprintable() for row in stage.text().split("\n"))
            assert stage.app.is_running


async def test_the_smallest_terminal_still_shows_a_list_and_resizing_keeps_the_place(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, provider=directory(WORDS), size=(60, 15)) as stage:
        await stage.press("4")
        await stage.sees(*WORDS, "name Name of ana")
        await stage.press("5")
        await stage.sees("No request yet.")
        await stage.press("4", "j", "j", "enter")
        await stage.sees("3 of 4", "userName       carla")
        await stage.pilot.resize_terminal(*LARGE)
        await stage.press("escape")
        await stage.sees("3 of 4", "userName       carla", "USER NAME")
        assert marked(stage).startswith("› carla")


async def test_an_empty_directory_says_where_people_would_come_from(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=MemoryProvider()) as stage:
        await stage.press("4")
        await stage.sees("[Users 0]", "No users yet.", "2 has the token", "5 shows what it sent")
        await stage.press("tab")
        await stage.sees("No groups yet.")
        await stage.press("enter")
        assert not page(stage).full, "there is nothing to open"


async def test_loading_is_told_in_numbers_and_the_first_page_is_there_at_once(
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
        shown = await stage.sees("[Users 350]")
        assert "loading" not in shown


async def test_a_listing_can_be_stopped_and_taken_up_again(tmp_path: Path) -> None:
    provider = directory([f"person{number:04}" for number in range(350)])
    async with staged(tmp_path, provider=provider) as stage:
        await stage.sees("live")
        provider.delay = asyncio.Event()
        await stage.press("4")
        await stage.sees("loading 0")
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
async def test_a_failure_is_told_in_place_and_recovery_needs_nobody(
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
    monkeypatch.setattr(directory_half, "RELOAD_SECONDS", 600.0)
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        asked = provider.calls.count("users")
        add(provider, person("new"))
        await news(stage)
        left = page(stage)
        await stage.until(lambda: left._timer is not None, ["a planned reload"])
        assert provider.calls.count("users") == asked, "not at once: the server is spared"
        await stage.press("1")
        monkeypatch.setattr(directory_half, "RELOAD_SECONDS", 0.0)
        left._plan_again()
        await stage.pilot.pause()
        assert provider.calls.count("users") == asked
        await stage.press("4")
        await stage.sees("new")


async def test_what_was_found_for_an_older_text_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gates: dict[str, asyncio.Event] = {}
    view_of = Directory.view

    async def slow(self: Directory, kind: Kind, text: str = "", sort: str = "") -> View:
        if text:
            await gates.setdefault(text, asyncio.Event()).wait()
        return await view_of(self, kind, text, sort)

    monkeypatch.setattr(Directory, "first_rows", slow)
    monkeypatch.setattr(Directory, "view", slow)
    async with staged(tmp_path, provider=directory(WORDS)) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("slash", "r", "l")
        gates["r"].set()
        await stage.until(lambda: "rl" in gates)
        await stage.pilot.pause()
        assert rows(stage) == list(WORDS)
        gates["rl"].set()
        await stage.until(lambda: rows(stage) == ["carla"])


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


async def test_of_five_thousand_rows_a_key_reads_a_screenful_and_searches_off_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    searched: list[bool] = []
    rows_of, find = View.rows, Index.find

    def counted(view: View, first: int, count: int) -> list[Row]:
        read.append(count)
        return rows_of(view, first, count)

    def watched(index: Index, kind: Kind, text: str, sort: str) -> "array[int]":
        searched.append(threading.current_thread() is threading.main_thread())
        return find(index, kind, text, sort)

    monkeypatch.setattr(View, "rows", counted)
    monkeypatch.setattr(Index, "find", watched)
    provider = directory([f"person{number:05}" for number in range(5_000)], page_size=500)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("[Users 5,000]")
        for key in ("G", "home", "pagedown", "j"):
            read.clear()
            await stage.press(key)
            assert sum(read) <= 150, key
        await stage.press("slash")
        read.clear()
        await type_in(stage, "person04")
        await stage.sees("1,000 of 5,000", "person04000")
        await stage.press("escape", "s", "j", "enter")
        await stage.until(lambda: len(page(stage).table.source) == 5_000)
        assert sum(read) < 5_000
        assert searched
        assert not any(searched)


async def test_an_object_is_shown_from_elsewhere_also_when_it_is_not_listed(
    tmp_path: Path,
) -> None:
    provider = directory(WORDS, ["Sales"])
    async with staged(tmp_path, provider=provider) as stage:
        target = stage.app.page("directory")
        assert isinstance(target, DirectoryPage)
        target.show_object(Kind.USERS, "id-carla")
        await stage.sees("[4 Directory]", "userName       carla", "3 of 4")
        await stage.press("escape")
        assert marked(stage).startswith("› carla")
        target.show_object(Kind.GROUPS, "id-gone")
        await stage.sees("! Groups has no 'id-gone'.")
        await stage.press("escape")
        await stage.sees("[Groups 1]", "Sales")


async def test_a_connection_that_was_opened_again_is_listed_again(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        session = stage.app.session
        old, session.workspace = session.workspace, None
        assert old is not None
        session.changed()
        await stage.sees("opening the connection")
        await old.directory.aclose()
        await stage.press("j", "slash", "x", "enter")
        assert "dora" not in stage.text()
        add(provider, person("zora"))
        old.__post_init__()
        session.workspace = old
        session.changed()
        await stage.press("escape")
        await stage.sees("[Users 5]", "dora", "zora")
