"""The Mapping screen at work: editing, comparing, what if, provisioning on demand, reports."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scim_tui.config.profiles import Profile
from scim_tui.core.workspace import Workspace
from scim_tui.model.json_object import JsonObject
from scim_tui.tui.app import ScimApp
from scim_tui.tui.mapping import messages as mapping_messages
from scim_tui.tui.mapping.screen import MappingPage
from scim_tui.tui.session.session import Session
from scim_tui.wiring import open_workspace
from tests.fakes.memory import MemoryProvider
from tests.tui.lists_kit import directory, person, type_in
from tests.tui.stage import Stage, slow_hands, staged

PEOPLE = """userName,givenName,familyName,displayName,email,externalId,inApp
ana@corp.example,Ana,Silva,Ana Silva,ana@corp.example,1,yes
bo@corp.example,Bo,,Bo,bo@corp.example,2,yes
cy@corp.example,Cy,,Cy,cy@corp.example,3,no
"""
MAPPING = """userName = { source = "userName" }
displayName = { source = "displayName" }
"name.givenName" = { source = "givenName" }
"name.familyName" = { source = "familyName" }
"emails.value" = { source = "email" }
"emails.primary" = { const = true }
externalId = { source = "externalId" }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files are: three people, two without a last name, and rules."""
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "rules.toml").write_text(MAPPING, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VISUAL", raising=False)
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


def use_editor(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Set $EDITOR to a program that does this to the file `$file`."""
    editor = folder / "editor"
    editor.write_text(f'#!/bin/sh\nfor file; do :; done\necho "$@" >> {folder}/edited\n{script}\n')
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))


async def begin(stage: Stage) -> MappingPage:
    """Open the screen with the rules of the folder."""
    await stage.press("3")
    await stage.sees("3 checked")
    await stage.press("m", *"rules", "tab", "enter")
    await stage.sees("MAPPING rules.toml  7 rules", "2 refused")
    page = stage.app.screen
    assert isinstance(page, MappingPage)
    return page


def left_over() -> JsonObject:
    """A user of the IdP whom the people have no more."""
    return person("gone@corp.example", id="u2") | {"externalId": "77"}


def facts(folder: Path) -> dict[str, str]:
    return {"people_file": str(folder / "people.csv")}


async def test_an_edited_mapping_is_checked_again_and_the_totals_say_what_moved(
    folder: Path, terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "default(familyName, displayName)"
    use_editor(folder, monkeypatch, f"""sed -i 's/"familyName"/"{other}"/' "$file\"""")
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        await stage.press("c")
        await stage.sees("rules.toml: ok 1 -> 3, refused 2 -> 0", "name.familyName.required 2 -> 0")
        await stage.sees("3 ok   0 refused")
        assert terminal == ["taken", "given back"]


async def test_an_error_in_the_mapping_names_its_place_and_loses_nothing(
    folder: Path, terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_editor(folder, monkeypatch, 'echo \'titel = { source = "x" }\' >> "$file"')
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        await stage.press("c")
        shown = await stage.sees("rules.toml, line 8")
        assert "2 refused" in shown
        assert len(stage.table().source) == 3
        (folder / "rules.toml").write_text(MAPPING.replace('familyName" }', 'givenName" }'))
        await stage.press("r")
        await stage.sees("refused 2 -> 0")


async def test_an_editor_that_is_not_there_is_reported(
    folder: Path, terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", str(folder / "no such editor").replace(" ", "-"))
    async with staged(folder, facts=facts(folder)) as stage:
        await begin(stage)
        await stage.press("c")
        await stage.sees("cannot be started")
        assert terminal == ["taken"]


async def test_a_terminal_that_cannot_be_handed_over_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_editor(folder, monkeypatch, "true")
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        await stage.press("c")
        await stage.sees("cannot be handed to an editor", "r checks again")
        assert not (folder / "edited").exists()


async def test_a_preset_is_copied_before_it_is_edited(
    folder: Path, terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use_editor(folder, monkeypatch, "true")
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await stage.press("3")
        await stage.sees("3 checked", "preset:identity-center")
        await stage.press("c")
        await stage.sees(mapping_messages.COPY_TITLE, "identity-center.toml")
        await stage.press("enter")
        await stage.sees("MAPPING identity-center.toml", mapping_messages.NOTHING_MOVED)
        assert os.stat(folder / "identity-center.toml").st_mode & 0o777 == 0o600
        await stage.press("m", *"preset:ident", "tab", "enter")
        await stage.sees("MAPPING preset:identity-center")
        await stage.press("c", "enter")
        await stage.sees("exists and is left as it is")


async def test_all_people_are_compared_and_one_before_and_after(folder: Path) -> None:
    ana = person("ana@corp.example", id="u1") | {"externalId": "1", "displayName": "Old Name"}
    provider = MemoryProvider(users=[ana, left_over()])
    async with staged(folder, provider=provider, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        await stage.press("V")
        await stage.sees("1 update", "1 deactivate", "2 not sent", "requests", "[--]", "gone@corp")
        await stage.press("left")
        await stage.sees(
            "[Changes]",
            "UPDATE",
            "matched by externalId",
            mapping_messages.IN_DIRECTORY,
            "Old Name",
            "Ana Silva",
        )
        await stage.press("G")
        await stage.sees("in the directory only", "DEACTIVATE")


async def test_a_person_who_was_pushed_is_compared_again(folder: Path) -> None:
    old = person("ana@corp.example", id="u1") | {"externalId": "1", "displayName": "Old Name"}
    provider = MemoryProvider(users=[old])
    async with staged(folder, provider=provider, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        await stage.press("V")
        await stage.sees("1 update")
        listed = provider.calls.count("users")
        await stage.press("U", "y")
        await stage.sees("PROVISIONED")
        await stage.press("escape")
        await stage.sees("0 update", "1 unchanged")
        assert "unchanged" in next(row for row in stage.text().split("\n") if row.startswith("›"))
        assert provider.calls.count("users") == listed + 2, "asked for this one person only"


async def test_a_change_is_a_facet(folder: Path) -> None:
    async with staged(
        folder, provider=MemoryProvider(users=[left_over()]), facts=facts(folder)
    ) as stage:
        await begin(stage)
        await stage.press("V")
        await stage.sees("1 deactivate")
        await stage.press("f")
        rows = (await stage.sees("change: deactivate")).split("\n")
        first = next(n for n, row in enumerate(rows) if "everybody" in row)
        wanted = next(n for n, row in enumerate(rows) if "change: deactivate" in row)
        await stage.press(*["down"] * (wanted - first), "enter")
        await stage.until(lambda: len(stage.table().source) == 1)
        await stage.sees("change: deactivate  1 of 3", "gone@corp.example")


async def test_who_is_assigned_comes_from_a_column_or_a_file(folder: Path) -> None:
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        await stage.sees("assigned unknown")
        await stage.press("i")
        await type_in(stage, "inApp")
        await stage.press("enter")
        await stage.sees("assigned inApp", "1 not assigned")
        await stage.press("i")
        await type_in(stage, "nothing.csv")
        await stage.press("enter")
        await stage.sees("There is no file nothing.csv.")


async def test_the_directory_itself_can_be_the_people(folder: Path) -> None:
    provider = directory(["one@corp.example", "two@corp.example"])
    async with staged(folder, provider=provider, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        await stage.press("u", *"directory", "enter")
        await stage.sees("people directory", "2 checked", "one@corp.example")


async def test_files_that_vanish_are_reported_and_what_was_loaded_stays(folder: Path) -> None:
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        (folder / "people.csv").unlink()
        await stage.press("r")
        await stage.sees("There is no file")
        assert len(stage.table().source) == 3
        await stage.sees("3 checked", "ana@corp.example")


async def test_what_if_answers_at_every_key(folder: Path) -> None:
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        await stage.press("w")
        await stage.sees("WHAT IF", "userName is required", mapping_messages.NOTHING_IS_SENT)
        for text in ("e@x.org", "E", "D", "ED", "e@x.org", "9"):
            await type_in(stage, text)
            await stage.press("tab")
        await stage.sees("[ok] accepted")
        await stage.press("shift+tab", "shift+tab", *["backspace"] * 7)
        await stage.sees("accepted, with a warning")
        await stage.press("escape")
        await stage.sees("3 checked")


async def test_nothing_is_provisioned_without_a_yes(folder: Path) -> None:
    async with staged(folder, size=(120, 40), facts=facts(folder)) as stage:
        await begin(stage)
        for answer in ("n", "escape"):
            await stage.press("U")
            await stage.sees(
                "This one request is sent, for real:",
                "POST",
                "/Users",
                '"userName": "ana@corp.example"',
            )
            await stage.press("enter", answer)
            await stage.sees(mapping_messages.NOTHING_SENT)
        await stage.press("n", "U")
        await stage.sees("The directory would refuse")
        assert "create_user" not in stage.provider.calls


async def test_read_only_provisions_no_user_and_says_why(folder: Path) -> None:
    async with staged(folder, read_only=True, facts=facts(folder)) as stage:
        await stage.press("3")
        await stage.sees("3 checked")
        await stage.press("U")
        await stage.sees("push one is off: This profile is open read-only.")


async def test_reports_are_new_private_files(folder: Path) -> None:
    async with staged(folder, facts=facts(folder)) as stage:
        await begin(stage)
        await stage.press("e", "enter")
        await stage.sees("The report is in mapping.html")
        assert "bo@corp.example" in (folder / "mapping.html").read_text()
        assert os.stat(folder / "mapping.html").st_mode & 0o777 == 0o600
        await stage.press("e", "enter")
        await stage.sees("mapping.html exists and is left as it is.")
        await stage.press(*["backspace"] * 5, *".pdf", "enter")
        await stage.sees("ends in")
        await stage.press(*["backspace"] * 4, *".json", "enter")
        await stage.sees("The report is in mapping.json")
        assert json.loads((folder / "mapping.json").read_text())["refused"] == 2


async def test_one_person_is_really_provisioned_on_the_embedded_service(folder: Path) -> None:
    profile = Profile(name="lab", provider="local", data_dir=folder / "data")

    async def opener() -> Workspace:
        space = await open_workspace(profile, via="tui")
        await space.provisioning.enable()
        space.facts = facts(folder)
        return space

    session = Session("lab", opener, label="dev")
    app = ScimApp(session)
    with slow_hands():
        async with app.run_test(size=(120, 40)) as pilot:
            stage = Stage(app, pilot, MemoryProvider.sample())
            await stage.until(lambda: session.snapshot is not None, ["a snapshot"])
            await begin(stage)
            await stage.press("U")
            await stage.sees("POST", "No user in the directory matches")
            await stage.press("y")
            await stage.sees("PROVISIONED", "SENT", "READ BACK", '"meta"', "exactly as sent")
            await stage.press("escape")
            await stage.sees("ana@corp.example: created. It is in the audit trail.")
            await stage.press("U")
            await stage.sees("Nothing to send.")
            assert session.workspace is not None
            rows = [row async for page in session.workspace.provider.users() for row in page.rows]
            assert [row.user_name for row in rows] == ["ana@corp.example"]
        await asyncio.sleep(0)
