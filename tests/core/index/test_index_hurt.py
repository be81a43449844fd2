"""What an index goes through: damage while it is open, kill -9 in a pass, two processes at once."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from scim_tui.core.directory.api import Directory, LoadPhase, LoadState
from scim_tui.model.directory import Kind
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START

PEOPLE = 1_000
CHILD = """
import asyncio, sys
from pathlib import Path
from scim_tui.core.directory import listing as directory_listing
from scim_tui.model.directory import Kind
from tests.core.index.test_index_hurt import directory_of, world
directory_listing._SOON = 0.0
async def main():
    directory = directory_of(world(), Path(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        state = await directory.load(Kind.USERS, lambda state: print(state.loaded, flush=True))
    print("ended", state.phase, flush=True)
    await directory.aclose()
asyncio.run(main())
"""


def world(size: int = PEOPLE) -> MemoryProvider:
    users = [{"id": f"u{number:05}", "userName": f"name{number}"} for number in range(size)]
    return MemoryProvider(users=users, page_size=10)


def directory_of(provider: MemoryProvider, file: Path) -> Directory:
    return Directory(provider, lambda: START, file=file)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "index.sqlite"


def spoil(file: Path) -> None:
    """Noise over everything but the header, as a failing disk leaves it."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = file.stat().st_size
    with file.open("r+b") as disk:
        disk.seek(4096)
        disk.write(b"\xa5" * (size - 4096))


async def ids(directory: Directory) -> list[str]:
    view = await directory.view(Kind.USERS, sort="id")
    return view.ids(0, len(view))


async def test_damage_while_open_is_reported_and_the_list_made_anew(file: Path) -> None:
    directory = directory_of(world(500), file)
    await directory.load(Kind.USERS)
    await directory.built()
    before = await directory.first_rows(Kind.USERS)
    spoil(file)
    assert await ids(directory) == []
    state = directory.state(Kind.USERS)
    assert state.phase is LoadPhase.FAILED
    assert "damaged" in str(state.error)
    assert "damaged" in directory.cache_info().notice
    assert before.rows(0, 60) == []
    state = await directory.load(Kind.USERS)
    assert (state.phase, state.error, len(await ids(directory))) == (LoadPhase.READY, None, 500)
    await directory.aclose()


async def test_damage_in_the_middle_of_a_pass_ends_it_with_a_sentence(file: Path) -> None:
    directory = directory_of(world(500), file)
    await directory.load(Kind.USERS)

    def hurt(state: LoadState) -> None:
        if state.loaded == 10:
            spoil(file)

    state = await directory.load(Kind.USERS, hurt)
    assert state.phase is LoadPhase.FAILED
    assert "damaged" in str(state.error)
    state = await directory.load(Kind.USERS)
    assert (state.phase, len(await ids(directory))) == (LoadPhase.READY, 500)
    await directory.aclose()


def child(file: Path, times: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", CHILD, str(file), str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def test_a_pass_that_was_killed_goes_on_at_its_cursor(file: Path) -> None:
    with child(file, 1) as process:
        assert process.stdout
        seen = next(int(line) for line in process.stdout if int(line) >= 200)
        process.kill()
        assert "ended" not in process.stdout.read()
    assert process.returncode == -signal.SIGKILL
    provider = world()
    directory = directory_of(provider, file)
    state = await directory.load(Kind.USERS)
    assert (state.phase, state.loaded) == (LoadPhase.READY, PEOPLE)
    assert seen <= state.resumed_at < PEOPLE
    assert provider.calls.count("users") == (PEOPLE - state.resumed_at) / 10
    assert await ids(directory) == [f"u{number:05}" for number in range(PEOPLE)]
    await directory.aclose()


async def test_two_processes_may_list_into_one_file_at_once(file: Path) -> None:
    provider = world()
    directory = directory_of(provider, file)
    del provider.resources[Kind.USERS]["u00007"]
    with child(file, 2) as process:
        assert process.stdout
        process.stdout.readline()
        while process.poll() is None:
            state = await directory.load(Kind.USERS)
            assert state.phase is LoadPhase.READY
        assert f"ended {LoadPhase.READY}" in process.stdout.read()
    await directory.load(Kind.USERS)
    assert len(await ids(directory)) == directory.count(Kind.USERS) == PEOPLE - 1
    await directory.aclose()
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert db.execute("SELECT count(*) FROM passes").fetchone()[0] == 1
