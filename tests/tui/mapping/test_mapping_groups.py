"""Groups on the Mapping screen: findings, members by name, changes, what there is to know."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scim_tui.tui.app import ScimApp
from scim_tui.tui.mapping import messages as mapping_messages
from scim_tui.tui.mapping.screen import MappingPage
from tests.fakes.memory import MemoryProvider
from tests.tui.lists_kit import person, type_in
from tests.tui.mapping.test_mapping_work import MAPPING, PEOPLE, facts, use_editor
from tests.tui.stage import Stage, staged

GROUPS = [
    {
        "displayName": "Staff",
        "id": "g1",
        "members": ["ana@corp.example", "bo@corp.example", "[/x]\x1b]52;c;UFdO\x07"],
    },
    {"displayName": "STAFF", "id": "g2", "members": []},
    {"displayName": "Ops", "id": "g3"},
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three people, two of them refused, rules without groups, and three groups."""
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "rules.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "groups.json").write_text(json.dumps(GROUPS), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal that can be handed over; tells when it was."""
    handed: list[str] = []

    @contextmanager
    def suspend(app: ScimApp) -> Iterator[None]:
        handed.append("taken")
        yield
        handed.append("given back")

    monkeypatch.setattr(ScimApp, "suspend", suspend)
    return handed


async def with_groups(stage: Stage) -> MappingPage:
    await stage.press("3")
    await stage.sees("3 checked")
    await stage.press("b", *"groups", "tab", "enter")
    await stage.sees("GROUPS the file groups.json", "3 checked")
    page = stage.app.screen
    assert isinstance(page, MappingPage)
    return page


async def test_groups_of_a_file_with_findings_and_members(folder: Path) -> None:
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await with_groups(stage)
        shown = await stage.sees(
            "2 ok   1 refused",
            "MEMBERS",
            "unknown",
            "1 MEMBERS",
            "ana@corp.example",
            mapping_messages.NOT_AMONG_PEOPLE,
            "named, and not sent",
            "[/x]",
        )
        assert "\x1b" not in shown
        assert "\x07" not in shown
        await stage.press("n")
        await stage.sees("Duplicate GroupDisplayName", "1 has it already", "0 MEMBERS")
        await stage.press("v")
        await stage.sees("[Payload]", '"displayName": "STAFF"', '"externalId": "g2"')
        await stage.press("U")
        await stage.sees("push one is off: it is for one person; o shows the people.")
        await stage.press("o")
        await stage.sees("3 checked   1 ok   2 refused", "bo@corp.example")


async def test_groups_are_compared_and_who_goes_is_named(folder: Path) -> None:
    users = [person("ana@corp.example", id="u1") | {"externalId": "1"}, person("old", id="u2")]
    group = {"id": "s", "displayName": "Team", "externalId": "g1"}
    provider = MemoryProvider(users=users, groups=[group], memberships=[("s", "u2")])
    async with staged(folder, provider=provider, size=(120, 40), facts=facts(folder)) as stage:
        page = await with_groups(stage)
        await stage.press("V")
        await stage.sees("1 create", "1 update", "memberships +1 -1", "1 +1 -1")
        await stage.press("left")
        await stage.sees(
            "[Changes]",
            mapping_messages.GROUP_CHANGED,
            "Team",
            "Staff",
            "+1 would be added",
            "+ ana@corp.example",
            "-1 would be removed",
            "- old",
        )
        await stage.press("f")
        await stage.sees("every group", "change: update")
        await stage.press("down", "enter")
        await stage.until(lambda: len(stage.table().source) == 1)
        await stage.sees("problems only  1 of 3")
        await stage.press("escape")
        await stage.until(lambda: len(stage.table().source) == 3)
        assert page.state.of_groups


async def test_without_groups_the_screen_says_how_to_get_some(folder: Path) -> None:
    async with staged(folder, facts=facts(folder)) as stage:
        await stage.press("3")
        await stage.sees("3 checked")
        await stage.press("o")
        await stage.sees("No groups. b loads a file of groups")
        await stage.press("b")
        await type_in(stage, "none.json")
        await stage.press("enter")
        await stage.sees("There is no file none.json.")


async def test_the_notes_about_the_files_are_shown(folder: Path) -> None:
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await stage.press("3")
        await stage.sees("3 checked")
        await stage.press("s")
        await stage.sees(mapping_messages.NOTES_TITLE, "No column of the people says who is active")
        await stage.press("escape", "m", *"rules", "tab", "enter")
        await stage.sees("MAPPING rules.toml")
        await stage.press("s")
        await stage.sees("There is nothing to know about the files")
        await stage.press("b", *"groups", "tab", "enter")
        await stage.sees("s 1 to know")
        await stage.press("s")
        await stage.sees(mapping_messages.NOTES_TITLE, "no rules below [group]")


async def test_the_editor_opens_at_the_rule_of_the_group(
    folder: Path, terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_editor(folder, monkeypatch, "true")
    (folder / "editor").rename(folder / "vim")
    monkeypatch.setenv("EDITOR", str(folder / "vim"))
    rules = f'{MAPPING}[group]\ndisplayName = "displayName"\n'
    (folder / "rules.toml").write_text(rules, encoding="utf-8")
    many = [*GROUPS, *({"displayName": "Ops", "id": f"x{n}"} for n in range(9))]
    (folder / "groups.json").write_text(json.dumps(many), encoding="utf-8")
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await stage.press("3")
        await stage.sees("3 checked")
        await stage.press("m", *"rules", "tab", "enter")
        await stage.sees("MAPPING rules.toml")
        await stage.press("b", *"groups", "tab", "enter")
        await stage.sees("12 checked")
        await stage.press("G", "c")
        await stage.sees("nothing moved")
        assert (folder / "edited").read_text().startswith("+9 ")
        assert terminal == ["taken", "given back"]


async def test_a_missing_file_of_groups_keeps_the_people(folder: Path) -> None:
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await with_groups(stage)
        (folder / "groups.json").unlink()
        (folder / "people.csv").write_text(PEOPLE + "di@corp.example,Di,Do,Di Do,di@x,4,yes\n")
        await stage.press("r")
        await stage.sees("There is no file", "GROUPS the file groups.json")
        await stage.press("o")
        await stage.sees("4 checked", "di@corp.example")


async def test_the_key_line_follows_what_is_listed(folder: Path) -> None:
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await with_groups(stage)
        await stage.sees("U (push one)")
        for head, push in (("PERSON", "U push one"), ("GROUP ", "U (push one)")):
            await stage.press("o")
            shown = await stage.sees(head)
            assert push in shown, "in the same frame, not when the session is polled next"
