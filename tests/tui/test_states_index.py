"""A kept list on a disk that fails: it is said where the list is, and everything else goes on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from scim_tui.core.workspace import Workspace
from scim_tui.model.directory import Kind
from tests.tui.stage import Stage, staged


def index_of(folder: Path) -> Path:
    (file,) = (folder / "directory").glob("*.sqlite")
    return file


async def goes_on(stage: Stage) -> None:
    await stage.press("escape", "escape", "2")
    await stage.sees("[2 Tokens]", "6c1fd3a0-0001")
    await stage.press("4")
    await stage.sees("[4 Directory]")


async def test_a_file_that_was_damaged_under_the_app_is_listed_anew(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("4")
        await stage.sees("[Users 40]", "ada.lovelace")
        file = index_of(tmp_path)
        with closing(sqlite3.connect(file)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with file.open("r+b") as disk:
            disk.seek(4096)
            disk.write(b"\xa5" * (file.stat().st_size - 4096))
        await stage.press("s", "down", "enter")
        await stage.sees("damaged")
        await goes_on(stage)
        await stage.press("r")
        await stage.sees("[Users 40]", "user0039")


async def test_a_full_disk_while_listing_is_said_in_place(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        space = stage.app.session.workspace
        assert isinstance(space, Workspace)
        await stage.press("4")
        await stage.sees("[Users 40]", "ada.lovelace")
        index = space.directory._index
        assert index is not None
        with index.connections.writing() as db:
            assert db is not None
            (pages,) = db.execute("PRAGMA page_count").fetchone()
            db.execute(f"PRAGMA max_page_count = {pages}")
        kept = stage.provider.resources[Kind.USERS]
        sample = dict(next(iter(kept.values())))
        for number in range(3_000):
            name = f"more{number:05}@example.com"
            kept[f"id-{number}"] = {**sample, "id": f"id-{number}", "userName": name}
        await stage.press("r")
        await stage.sees("may be old: The list cannot be kept in")
        await goes_on(stage)
