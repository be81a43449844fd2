"""Which files the Mapping screen shows, and what goes when other people come."""

import os
from pathlib import Path

import pytest

from scim_tui.tui.mapping import messages as mapping_messages
from scim_tui.tui.mapping.files import Files, short_name
from tests.tui.stage import Stage, staged

PEOPLE = """userName,givenName,familyName,displayName,email,externalId,inApp
{0}@corp.example,Ana,Silva,Ana Silva,{0}@corp.example,1,yes
b{0}@corp.example,Bo,Byrd,Bo Byrd,b{0}@corp.example,2,no
"""
GROUPS = '[{"displayName": "Sales", "members": ["ana@corp.example"]}]'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two folders with files of the same names."""
    for place, person in (("old", "ana"), ("new", "eve")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "people.csv").write_text(PEOPLE.format(person))
        (tmp_path / place / "groups.json").write_text(GROUPS)
        (tmp_path / place / "in.csv").write_text(f"userName\n{person}@corp.example\n")
    return tmp_path


async def answer(stage: Stage, key: str, title: str, text: str | None = None) -> None:
    """Press the key, type another text over what is offered, and go on."""
    await stage.press(key)
    await stage.sees(title)
    if text is not None:
        stage.app.screen.query_one("Input").value = text  # type: ignore[attr-defined]
    await stage.press("enter")


async def test_other_people_drop_groups_and_assignment_and_the_keys_take_them_back(
    folder: Path,
) -> None:
    old, new = folder / "old", folder / "new"
    facts = {"people_file": str(old / "people.csv"), "groups_file": str(old / "groups.json")}
    async with staged(folder / "data", facts=facts) as stage:
        await stage.press("3")
        await stage.sees("2 checked", "groups groups.json")
        await answer(stage, "i", mapping_messages.ASSIGNED_TITLE, str(old / "in.csv"))
        await stage.sees("assigned in.csv", "1 not assigned")
        await answer(stage, "u", "Load people", str(new / "people.csv"))
        await stage.sees(
            "Dropped with the people before: groups groups.json (b takes it back)",
            "assigned in.csv (i takes it back)",
        )
        shown = await stage.sees("people new/people.csv", "assigned unknown", "2 checked", "eve@")
        assert "   groups " not in shown
        assert "not assigned" not in shown
        await answer(stage, "b", "Load groups")
        await stage.sees("groups groups.json", "GROUPS")
        await stage.press("o")
        await answer(stage, "i", mapping_messages.ASSIGNED_TITLE)
        await stage.sees("assigned in.csv", "2 not assigned")


async def test_the_same_people_read_again_keep_what_came_with_them(folder: Path) -> None:
    old = folder / "old"
    facts = {"people_file": str(old / "people.csv"), "groups_file": str(old / "groups.json")}
    async with staged(folder / "data", facts=facts) as stage:
        await stage.press("3")
        await stage.sees("2 checked", "groups groups.json")
        await answer(stage, "u", "Load people", str(old / ".." / "old" / "people.csv"))
        shown = await stage.sees("2 checked", "groups groups.json")
        assert "Dropped" not in shown


async def test_a_connection_opened_again_brings_no_groups_of_other_people(folder: Path) -> None:
    old, new = folder / "old", folder / "new"
    facts = {"people_file": str(old / "people.csv"), "groups_file": str(old / "groups.json")}
    async with staged(folder / "data", facts=facts) as stage:
        await stage.press("3")
        await stage.sees("2 checked", "groups groups.json")
        await answer(stage, "u", "Load people", str(new / "people.csv"))
        await stage.sees("Dropped", "eve@corp.example")
        session = stage.app.session
        opened, session.workspace = session.workspace, None
        session.changed()
        await stage.until(lambda: session.workspace is not None)
        assert session.workspace is not opened
        shown = await stage.sees("people new/people.csv", "2 checked")
        assert "   groups " not in shown


def test_a_name_has_as_many_folders_as_distinguish_it() -> None:
    known = {"/a/x/people.csv", "/b/x/people.csv", "/b/y/people.csv", "/b/y/groups.csv"}
    assert short_name("/b/y/groups.csv", known) == "groups.csv"
    assert short_name("/b/y/people.csv", known) == os.path.join("y", "people.csv")
    assert short_name("/a/x/people.csv", known) == os.path.join("a", "x", "people.csv")
    assert short_name("/a/./x/people.csv", {"/a/x/people.csv"}) == "people.csv"
    assert short_name("people.csv", {"/people.csv"}).endswith(os.path.join("", "people.csv"))
    for word in ("", "directory", "preset:okta", "entra:1/2"):
        assert short_name(word, {word, "/x/okta"}) == word


def test_a_path_that_is_none_is_shown_as_it_was_typed() -> None:
    assert Files().short("a\0b") == "a\0b"
