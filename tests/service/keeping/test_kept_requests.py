"""The file of kept requests: its limit, its age, its privacy, and what happens to a damaged one."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scim_tui.service.keeper import Keep, Keeper, Refused
from scim_tui.service.store.kept_requests import KEEP_SECONDS, KeptRequests, KeptRow

NOW = 1_000_000_000.0
MB = 1024 * 1024


def row(number: int, size: int = 100, at: float = NOW) -> KeptRow:
    body = b'"%s"' % (b"x" * size)
    return KeptRow(f"r{number}", at, "POST", "/Users", "", False, size, "", body)


def refused(number: int, body: bytes | None = b'{"userName": "ana"}', **more: Any) -> Refused:  # noqa: ANN401 - fields of many types

    plain = Refused(f"r{number}", NOW, "POST", "/Users", "", body, "own-secret")
    return plain._replace(**more)


def on_disk(path: Path) -> int:
    return sum(each.stat().st_size for each in path.parent.iterdir())


def test_the_oldest_go_and_all_of_it_stays_below_the_limit(tmp_path: Path) -> None:
    most, path = 4 * MB, tmp_path / "requests.sqlite3"
    file = KeptRequests(path, most)
    with closing(file):
        for number in range(120):
            file.add([row(number, 50_000 + number % 7 * 10_000)], NOW)
            assert on_disk(path) <= most
        kept = [number for number in range(120) if file.find(f"r{number}")]
        assert kept == list(range(kept[0], 120))
        assert len(kept) > 30, "there is room for these"


def test_what_is_older_than_its_event_goes(tmp_path: Path) -> None:
    with closing(KeptRequests(tmp_path / "r")) as file:
        file.add([row(1, at=NOW - KEEP_SECONDS - 1), row(2)], NOW)
        file.add([row(3)], NOW)
        assert [bool(file.find(f"r{n}")) for n in (1, 2, 3)] == [False, True, True]


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "r"
    with closing(KeptRequests(path)) as file:
        file.add([row(1)], NOW)
        assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}


def test_a_damaged_file_is_begun_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "r"
    path.write_bytes(b"no database " * 500)
    keeper = Keeper(KeptRequests(path), Keep.FULL)
    keeper.keep(refused(1))
    found = keeper.find("r1")
    keeper.close()
    assert found is not None
    assert found.body == {"userName": "ana"}
    assert "begun anew" in caplog.text


class Full(KeptRequests):
    """A disk without room, until there is."""

    full = True

    def add(self, *given: object) -> None:
        if self.full:
            raise sqlite3.OperationalError("database or disk is full")
        super().add(*given)  # type: ignore[arg-type]


def test_a_full_disk_loses_the_body_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = Full(tmp_path / "r")
    keeper = Keeper(file, Keep.MASKED)
    for number in range(3):
        keeper.keep(refused(number))
        assert keeper.find(f"r{number}") is None
    file.full = False
    keeper.keep(refused(9))
    assert keeper.find("r9") is not None
    keeper.close()
    assert caplog.text.count("cannot be kept") == 1, "it is said once"


def test_a_fault_in_masking_does_not_end_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(KeptRequests(tmp_path / "r"), Keep.MASKED)
    with monkeypatch.context() as broken:
        broken.setattr("scim_tui.service.keeper._row", lambda *_, **__: 1 / 0)
        keeper.keep(refused(1))
        keeper.flush(60)
    keeper.keep(refused(2))
    assert keeper.find("r2") is not None
    keeper.close()
    assert "ana" not in caplog.text


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (refused(1, b"{"), "no JSON"),
        (refused(1, b"[" * 900 + b"]" * 900), "too deeply"),
        (refused(1, None, too_large=True), "larger than 1 MB"),
        (refused(1, None), "before it read a body"),
        (refused(1, None, method="GET"), ""),
    ],
)
def test_why_a_body_is_not_kept(tmp_path: Path, given: Refused, note: str) -> None:
    keeper = Keeper(KeptRequests(tmp_path / "r"), Keep.MASKED)
    keeper.keep(given)
    found = keeper.find("r1")
    keeper.close()
    assert found is not None
    assert found.body is None
    assert note in found.note
    assert bool(note) is bool(found.note)


def test_too_much_at_once_is_dropped_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scim_tui.service.keeper._MOST_WAITING", 10)
    keeper = Keeper(KeptRequests(tmp_path / "r"), Keep.MASKED)
    keeper.keep(refused(1, b"x" * 11))
    keeper.keep(refused(2, b'"abcd"'))
    assert keeper.find("r1") is None
    assert keeper.find("r2") is not None
    keeper.close()
    keeper.keep(refused(3))
    assert keeper.find("r3") is None
