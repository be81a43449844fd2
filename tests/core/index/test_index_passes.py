"""Passes: taken up after a drop, beside another process, over a file that cannot be used."""

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.config.profiles import Profile
from scim_tui.core.directory.api import Directory, Happened, LoadPhase
from scim_tui.core.index.api import Index
from scim_tui.core.index.file import ACCESS_TABLES, SCHEMA, kept_at
from scim_tui.core.index.findings import FINDING_RULES
from scim_tui.core.index.passes import Passes
from scim_tui.model.directory import Kind, UserRow
from scim_tui.model.errors import Refused, Unreachable
from scim_tui.model.json_object import JsonObject
from scim_tui.model.unknown_values import UNKNOWN
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


def person(number: int, **more: object) -> JsonObject:
    return {
        "id": f"u{number}",
        "userName": f"name{number}",
        "displayName": f"Name {number}",
        "emails": [{"value": f"n{number}@corp.example"}],
        "active": True,
        **more,
    }


def world() -> MemoryProvider:
    return MemoryProvider(
        users=[person(number) for number in range(1, 8)],
        groups=[{"id": "g1", "displayName": "Platform"}, {"id": "g2", "displayName": "Empty"}],
        memberships=[("g1", "u1"), ("g1", "u2")],
        page_size=2,
    )


@pytest.fixture(autouse=True)
def _every_page_is_written_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim_tui.core.directory.listing._SOON", 0.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "index.sqlite"


def opened(provider: MemoryProvider, file: Path | None) -> Directory:
    return Directory(provider, lambda: START, file=file)


async def ids(directory: Directory, text: str = "") -> list[str]:
    view = await directory.view(Kind.USERS, text)
    return view.ids(0, len(view))


async def drop_after_two_pages(provider: MemoryProvider, directory: Directory) -> None:
    def fail(_: object) -> None:
        if provider.calls.count("users") == 2:
            provider.fail_next(Unreachable("No answer."), "users")

    provider.calls.clear()
    state = await directory.load(Kind.USERS, fail)
    assert (state.phase, state.loaded) == (LoadPhase.FAILED, 4)
    provider.calls.clear()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def spoil(file: Path, how: str) -> None:
    if how == "schema":
        db = sqlite3.connect(file)
        db.execute("PRAGMA user_version=1")
        db.close()
    else:
        file.write_bytes(b"no database" * 1000 if how == "noise" else b"SQLite format 3\0" * 9)


async def test_rows_of_the_last_time_are_there_at_once(file: Path) -> None:
    directory = opened(world(), file)
    await directory.load(Kind.USERS)
    await directory.aclose()
    again = opened(world(), file)
    await again.open()
    state = again.state(Kind.USERS)
    assert (state.phase, state.as_of, again.count(Kind.USERS)) == (LoadPhase.READY, START, 7)
    assert again.listed(Kind.USERS) == (7, START)
    assert len(await ids(again)) == 7
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    info = again.cache_info()
    assert (info.path, info.users, info.groups, info.notice) == (file, 7, 0, "")
    assert info.bytes > 0
    await again.clear()
    assert (again.count(Kind.USERS), await ids(again)) == (0, [])
    assert again.state(Kind.USERS).as_of is UNKNOWN
    await again.aclose()


async def test_a_dropped_pass_goes_on_where_it_was(file: Path) -> None:
    provider = world()
    directory = opened(provider, file)
    await drop_after_two_pages(provider, directory)
    state = await directory.load(Kind.USERS)
    assert (state.phase, state.loaded, state.resumed_at) == (LoadPhase.READY, 7, 4)
    assert provider.calls.count("users") == 2
    assert len(await ids(directory)) == 7
    await directory.aclose()


async def test_another_process_takes_up_a_pass_whose_process_is_gone(file: Path) -> None:
    provider = world()
    directory = opened(provider, file)
    await drop_after_two_pages(provider, directory)
    await directory.aclose()
    with sqlite3.connect(file) as db:
        db.execute("UPDATE passes SET owner = replace(owner, ?, '999999999')", (str(os.getpid()),))
    db.close()
    again = opened(provider, file)
    state = await again.load(Kind.USERS)
    assert (state.resumed_at, again.count(Kind.USERS)) == (4, 7)
    await again.aclose()


async def test_a_cursor_that_is_not_taken_any_more_starts_over(file: Path) -> None:
    provider = world()
    directory = opened(provider, file)
    await drop_after_two_pages(provider, directory)
    provider.fail_next(Refused("The cursor is too old.", status=400), "users")
    state = await directory.load(Kind.USERS)
    assert (state.phase, directory.count(Kind.USERS)) == (LoadPhase.READY, 7)
    assert provider.calls.count("users") == 5
    await directory.aclose()


async def test_the_removed_stay_until_a_pass_saw_everything(file: Path) -> None:
    provider = world()
    directory = opened(provider, file)
    await directory.load(Kind.USERS)
    del provider.resources[Kind.USERS]["u1"]
    await drop_after_two_pages(provider, directory)
    assert "u1" in await ids(directory)
    await directory.load(Kind.USERS)
    assert "u1" not in await ids(directory)
    assert directory.count(Kind.USERS) == 6
    await directory.aclose()


async def test_patience_asked_for_is_shown_in_this_pass_only() -> None:
    provider = world()
    directory = opened(provider, None)

    def slow(_: object) -> None:
        provider.waits = provider.calls.count("users")

    assert (await directory.load(Kind.USERS, slow)).slowed
    assert not (await directory.load(Kind.USERS)).slowed
    await directory.aclose()


async def test_a_search_that_is_not_wanted_any_more_harms_no_other() -> None:
    directory = opened(world(), None)
    await directory.load(Kind.USERS)
    for _ in range(5):
        unwanted = asyncio.create_task(directory.view(Kind.USERS, "name"))
        wanted = asyncio.create_task(directory.view(Kind.USERS, "n1"))
        await asyncio.sleep(0)
        unwanted.cancel()
        assert (await wanted).ids(0, 9) == ["u1"]
        with pytest.raises(asyncio.CancelledError):
            await unwanted
    await directory.aclose()


async def test_half_a_character_is_kept_as_what_can_be_shown() -> None:
    provider = world()
    provider.resources[Kind.USERS]["u1"] = person(1, displayName="half \ud83d")
    directory = opened(provider, None)
    await directory.load(Kind.USERS)
    view = await directory.view(Kind.USERS, "half")
    assert view.users(0, 1)[0].display_name == "half \N{REPLACEMENT CHARACTER}"
    await directory.load(Kind.USERS)
    assert await directory.history(Kind.USERS, "u1") == []
    await directory.aclose()


def row(name: str) -> UserRow:
    return UserRow(name, name, "", "", "", "", "", True, "", "")


def test_a_pass_removes_nothing_that_another_process_saw_meanwhile(file: Path) -> None:
    one, two = Index(file), Index(file)
    first = Passes(one).begin("Users")
    one.put(Kind.USERS, [row("early")], first.id)
    second = Passes(two).begin("Users")
    assert second.id != first.id
    one.put(Kind.USERS, [row("late")], first.id)
    two.put(Kind.USERS, [row("other")], second.id)
    two.finish(Kind.USERS, second.id)
    numbers = one.find(Kind.USERS, "", "")
    assert [each.id for each in one.rows(Kind.USERS, numbers)] == ["late", "other"]
    assert (one.count(Kind.USERS), two.count(Kind.USERS)) == (2, 2)
    one.put(Kind.USERS, [row("early")], first.id)
    one.finish(Kind.USERS, first.id)
    assert len(two.find(Kind.USERS, "", "")) == 3
    one.close()
    two.close()


@pytest.mark.parametrize("broken", ["schema", "noise", "header"])
async def test_a_file_that_cannot_be_used_is_made_anew(file: Path, broken: str) -> None:
    directory = opened(world(), file)
    await directory.load(Kind.USERS)
    await directory.aclose()
    spoil(file, broken)
    again = opened(world(), file)
    assert await ids(again) == []
    assert "made anew" in again.cache_info().notice
    state = await again.load(Kind.USERS)
    assert (state.phase, again.count(Kind.USERS)) == (LoadPhase.READY, 7)
    await again.aclose()


async def test_a_file_of_the_version_before_keeps_its_rows(file: Path) -> None:
    directory = opened(world(), file)
    await directory.load(Kind.USERS)
    await directory.aclose()
    with closing(sqlite3.connect(file)) as db:
        tables = "".join(f"DROP TABLE {table};" for table in ACCESS_TABLES)
        db.executescript(f"{tables} PRAGMA user_version={SCHEMA - 1}")
    again = opened(world(), file)
    assert len(await ids(again)) == 7
    assert again.cache_info().notice == ""
    await drop_after_two_pages(provider := world(), behind := opened(provider, file))
    assert (await behind.load(Kind.USERS)).resumed_at == 4
    await behind.aclose()
    await again.aclose()


async def test_where_nothing_can_be_kept_it_is_reported(tmp_path: Path) -> None:
    place = tmp_path / "a file"
    spoil(place, "noise")
    directory = opened(world(), place / "index.sqlite")
    await directory.load(Kind.USERS)
    assert directory.count(Kind.USERS) == 7
    assert "cannot be kept" in directory.cache_info().notice
    await directory.aclose()


async def test_what_passes_saw_change_is_reported() -> None:
    provider = world()
    now = [START]
    directory = Directory(provider, lambda: now[0])
    await directory.load(Kind.USERS)
    assert await directory.history(Kind.USERS, "u1") == []
    people = provider.resources[Kind.USERS]
    people["u1"] = person(1, active=False, displayName="Newly named")
    people["u9"] = person(9)
    del people["u2"]
    now[0] = later = START + timedelta(days=1)
    await directory.load(Kind.USERS)
    found = await directory.changes(Kind.USERS, START)
    assert {(each.id, each.what, each.field, each.before, each.after) for each in found} == {
        ("u1", Happened.CHANGED, "display_name", "Name 1", "Newly named"),
        ("u1", Happened.DISABLED, "active", "yes", "no"),
        ("u9", Happened.CAME, "", "", ""),
        ("u2", Happened.WENT, "", "", ""),
    }
    assert await directory.changes(Kind.USERS, later + timedelta(seconds=1)) == []
    seen = await directory.history(Kind.USERS, "u1")
    assert {(each.at, each.field) for each in seen} == {(later, "display_name"), (later, "active")}
    now[0] = START + timedelta(days=500)
    await directory.load(Kind.USERS)
    assert await directory.history(Kind.USERS, "u1") == []
    await directory.aclose()


async def test_a_user_of_unknown_state_is_not_recorded_as_disabled() -> None:
    provider = world()
    people = provider.resources[Kind.USERS]
    people["u1"] = {**person(1), "active": None}
    directory = Directory(provider)
    await directory.load(Kind.USERS)
    people["u1"] = person(1, active=False)
    await directory.load(Kind.USERS)
    found = await directory.changes(Kind.USERS, START)
    assert [(each.what, each.before, each.after) for each in found] == [
        (Happened.CHANGED, "unknown", "no")
    ]
    await directory.aclose()


async def test_findings_are_counted_and_listed_by_their_searches() -> None:
    provider = world()
    people = provider.resources[Kind.USERS]
    people["u3"] = person(3, displayName="", emails=[])
    people["u4"] = person(4, active=False, emails=[{"value": "N5@corp.example"}])
    people["u6"] = person(6, displayName="NAME 7")
    directory = Directory(provider, lambda: START)
    assert (await directory.findings())["emails.missing"].count is UNKNOWN
    await directory.load(Kind.USERS)
    await directory.load(Kind.GROUPS)
    assert (await directory.findings())["groups.empty"].count is UNKNOWN
    state = await directory.load_memberships()
    assert (state.phase, state.loaded) == (LoadPhase.READY, 2)
    told: list[tuple[int, int]] = []
    found = await directory.findings(lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == list(range(len(FINDING_RULES)))
    assert {of for _, of in told} == {len(FINDING_RULES)}
    counts = {code: each.count for code, each in found.items() if each.count}
    assert counts == {
        "emails.missing": 1,
        "displayName.required": 1,
        "name.givenName.required": 7,
        "name.familyName.required": 7,
        "emails.unique": 2,
        "users.same_name": 2,
        "users.inactive": 1,
        "groups.empty": 1,
        "users.no_group": 5,
    }
    for each in found.values():
        assert len(await directory.view(each.kind, each.query)) == each.count
    assert await ids(directory, "group:plat") == ["u1", "u2"]
    assert await ids(directory, "group:g1 -name2") == ["u1"]
    provider.memberships = [("g1", "u2")]
    await directory.load_memberships()
    assert await ids(directory, "group:platform") == ["u2"]
    await directory.aclose()


async def test_what_is_listed_by_a_filter_is_kept_apart(file: Path) -> None:
    directory = opened(world(), file)
    await directory.load(Kind.USERS)
    await directory.load(Kind.USERS, filter='userName eq "name3"')
    assert await ids(directory) == ["u3"]
    await directory.aclose()
    again = opened(world(), file)
    assert len(await ids(again)) == 7
    await again.aclose()


def test_a_profile_says_whether_and_where(tmp_path: Path) -> None:
    def at(**more: object) -> Path | None:
        given = {"name": "a/b", "provider": "scim", "data_dir": tmp_path, **more}
        return kept_at(Profile(**given))  # type: ignore[arg-type]

    assert at(cache=False) is None
    assert at(provider="demo") is None
    here, there = at(endpoint="https://one.example"), at(endpoint="https://two.example")
    assert here is not None
    assert (here.parent, here == there) == (tmp_path / "directory", False)
