"""One user or group looked at whole: fresh from the server, whatever becomes of it."""

import asyncio
from pathlib import Path

import pytest

from scim_tui.model.constraints import ENTERPRISE
from scim_tui.model.directory import Kind
from scim_tui.model.errors import Unreachable
from scim_tui.tui.directory import inspector
from scim_tui.tui.directory.inspector import Inspector
from scim_tui.tui.directory.screen import DirectoryPage
from scim_tui.tui.directory.subject import Subject
from scim_tui.tui.drawing.record import profile_lines
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START
from tests.tui.lists_kit import (
    HOSTILE,
    LARGE,
    WORDS,
    directory,
    marked,
    person,
)
from tests.tui.lists_kit import (
    directory_page as page,
)
from tests.tui.stage import staged


async def test_the_detail_is_laid_out_again_when_its_pane_gets_another_width(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, provider=directory(WORDS), size=LARGE) as stage:
        await stage.press("4")
        await stage.sees("dora", "as the server sent it")
        screen = page(stage)
        # Only the layout changes: what is drawn before the pane has its new size is not enough.
        screen.add_class("-full")
        await stage.until(lambda: screen.pane.size.width == LARGE[0], ["the wide pane"])
        await stage.pilot.pause()
        head = next(row for row in stage.text().split("\n") if "1 of 4  n/N" in row)
        assert len(head.rstrip()) > LARGE[0] - 4, "the place in the list is at the right edge"


async def test_a_person_whole_with_tabs_and_neighbours(tmp_path: Path) -> None:
    provider = directory(WORDS, ["Engineering", "Sales"])
    provider.memberships = [("id-Sales", "id-bert"), ("id-Engineering", "id-bert")]
    async with staged(tmp_path, provider=provider) as stage:
        await stage.press("4")
        await stage.sees("dora")
        await stage.press("j", "enter")
        shown = await stage.sees(
            "2 of 4",
            "[Profile]",
            "givenName      Given",
            "bert@example.com (work, primary)",
            "2026-01-02 03:04:05Z  325d ago",
            "as the server sent it",
        )
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
            "AGAINST THE RULES",
            "! familyName     missing",
            "! userName       bro ken",
            "! name.familyName is required",
            "Fix: Give the person a last name in the IdP.",
        )
        await stage.press("G")
        shown = await stage.sees(
            "List attribute emails exceeds allowed limit of 1",
            "Fix: Map one primary address only.",
            "department     Sales",
        )
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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspector, "FETCH_DELAY", 0.6)
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


async def test_a_late_answer_about_another_user_is_ignored(tmp_path: Path) -> None:
    provider = directory(WORDS)
    async with staged(tmp_path, provider=provider, size=LARGE) as stage:
        await stage.press("4")
        await stage.sees("as the server sent it")
        late = Subject(Kind.USERS, "id-dora", raw="late")
        late.error = Unreachable("About dora.")
        page(stage).post_message(Inspector.Answered(late))
        await stage.pilot.pause()
        assert "About dora." not in stage.text()


async def test_where_nothing_matches_no_other_user_is_shown(tmp_path: Path) -> None:
    provider = directory(WORDS, ["Sales"])
    provider.memberships = [("id-Sales", "id-ana")]
    async with staged(tmp_path, provider=provider, size=LARGE) as stage:
        await stage.press("4", "l")
        await stage.sees("[Groups 1]", "Sales")
        await stage.press("slash", "z")
        shown = await stage.sees("0 of 4 match 'z'")
        assert "Sales" not in shown


async def test_a_deleted_user_and_a_failing_server_are_reported_in_the_pane(
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


def test_values_line_up_beside_the_longest_name() -> None:
    told = {"id": "u1", "userName": "ana", "preferredLanguage": "am-ET"}
    shown = [
        "".join(span.text for span in row)
        for row in profile_lines(told, START, 60, group=False, whole=False)
    ]
    starts = {row.index(text) for row in shown for text in ("ana", "am-ET", "u1") if text in row}
    assert starts == {21}
