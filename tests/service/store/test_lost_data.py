"""A log, a database or bits that are lost: it is named, and never begun anew in silence."""

import queue
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from scim_tui.model.errors import UsageError
from scim_tui.service.store import folder, integrity, mark, tokens
from scim_tui.service.store.mark import mark_path, read_mark
from scim_tui.service.store.opening import log_of
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock, Service, person
from tests.service.serve_kit import rest_of, run_serve, served


def killed(folder_path: Path, *, users: int = 3) -> Path:
    """A database whose service was killed, with acknowledged users in its log."""
    with served(folder_path, "--enable") as service:
        with service.admin() as admin:
            secret = admin.post("/tokens").json()["secret"]
            with service.scim(secret) as idp:
                for number in range(users):
                    answer = idp.post("/Users", json=person(f"u{number}@x.org"))
                    assert answer.status_code == 201
            assert admin.get("/events").status_code == 200, "which writes the events"
        service.stop(signal.SIGKILL)
    path = folder.database(folder_path)
    assert log_of(path).stat().st_size > 0
    return path


def stopped(folder_path: Path) -> Path:
    """A database with a tenant whose process ended cleanly."""
    path = folder.database(folder_path)
    with closing(Store(path)) as store:
        store.submit(lambda c: tokens.enable(c, store.now()), durable=True).result()
    assert not log_of(path).exists()
    return path


def delete_log(path: Path) -> None:
    log_of(path).unlink()


def fill_log_with_garbage(path: Path) -> None:
    log_of(path).write_bytes(b"garbage " * (log_of(path).stat().st_size // 8))


def flip_bits_in_log(path: Path) -> None:
    log = bytearray(log_of(path).read_bytes())
    for place in range(40, len(log), 100):
        log[place] ^= 0x55
    log_of(path).write_bytes(log)


@pytest.mark.parametrize("lose", [delete_log, fill_log_with_garbage, flip_bits_in_log])
def test_a_log_that_is_lost_is_named_at_the_start(
    tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    path = killed(tmp_path)
    lose(path)
    found = {
        file.name: file.read_bytes()
        for file in tmp_path.glob("*.sqlite3*")
        if "shm" not in file.name
    }
    ended = run_serve(tmp_path, "--port", "0")
    assert ended.returncode == 2
    assert "lacks changes that were acknowledged" in ended.stderr or "held data" in ended.stderr
    assert "Traceback" not in ended.stderr
    left = {
        file.name: file.read_bytes()
        for file in tmp_path.glob("*.sqlite3*")
        if "shm" not in file.name
    }
    assert {name: left[name] for name in found} == found, "all is left as it was found"


def test_without_the_note_it_goes_on_as_the_person_decided(tmp_path: Path) -> None:
    path = killed(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("DELETE FROM events")
        connection.execute("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'events'")
        connection.commit()
    with pytest.raises(UsageError, match="lacks changes"):
        Store(path)
    mark_path(path).unlink()
    Store(path).close()


def test_after_a_kill_and_after_a_clean_end_nothing_is_said(tmp_path: Path) -> None:
    path = killed(tmp_path)
    kept = read_mark(path)
    assert kept is not None
    assert not kept.clean
    with closing(Store(path)) as store:
        assert store.notes == ()
    kept = read_mark(path)
    assert kept is not None
    assert kept.clean
    assert not log_of(path).exists(), "which is normal"
    with closing(Store(path)) as store:
        assert store.notes == ()


def test_the_note_is_clean_only_when_the_last_process_let_go(tmp_path: Path, clock: Clock) -> None:
    path = stopped(tmp_path)
    first, second = Store(path, clock), Store(path, clock)
    for each in (first, second):
        each.submit(lambda c: c.execute("REPLACE INTO meta VALUES ('a', 'b')")).result(60)
    first.close()
    found = read_mark(path)
    assert found is not None
    assert not found.clean
    second.close()
    found = read_mark(path)
    assert found is not None
    assert found.clean


def test_a_missing_log_without_a_clean_end_is_named_where_nothing_else_is_known(
    tmp_path: Path,
) -> None:
    path = stopped(tmp_path)
    note = mark_path(path)
    note.write_text(note.read_text().replace("clean", "open "))
    with closing(Store(path)) as store:
        [said] = store.notes
    assert "log service.sqlite3-wal" in said
    note.write_text(note.read_text().replace("clean", "open "))
    with served(tmp_path) as service:
        with service.admin() as admin:
            assert admin.get("/checkup").json()["notes"] == [said]
        service.stop(signal.SIGTERM)
        assert said in rest_of(service.process)[1]


def test_after_a_power_cut_the_last_changes_may_be_lost_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tenants and tokens may not: their commits are forced onto the disk."""
    path = stopped(tmp_path)
    found = read_mark(path)
    assert found is not None
    note = mark_path(path)
    rows, durable = found.progress
    monkeypatch.setattr(mark, "boot_id", lambda: "another")
    note.write_text(f"open {rows + 7} {durable} before\n")
    with closing(Store(path)) as store:
        assert "lacks the last 7 users, groups or events" in store.notes[0]
    note.write_text(f"open {rows} {durable + 1} before\n")
    with pytest.raises(UsageError, match="lacks changes"):
        Store(path)


@pytest.mark.parametrize("what", ["empty", "missing"])
def test_never_a_silent_new_tenant(tmp_path: Path, what: str) -> None:
    path = stopped(tmp_path)
    path.unlink()
    if what == "empty":
        path.touch(0o600)
    for _ in range(2):
        ended = run_serve(tmp_path, "--port", "0", "--enable")
        assert ended.returncode == 2
        assert f"is {what}" in ended.stderr
        assert ended.stdout == ""
    assert path.exists() is (what == "empty")


def test_an_empty_database_beside_a_log_is_no_new_one(tmp_path: Path) -> None:
    path = killed(tmp_path)
    mark_path(path).unlink()
    path.write_bytes(b"")
    with pytest.raises(UsageError, match="is empty"):
        Store(path)


def test_a_start_that_was_killed_before_its_tables_begins_again(tmp_path: Path) -> None:
    path = folder.database(tmp_path)
    path.touch(0o600)
    Store(path).close()
    path = folder.database(tmp_path / "other")
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    path.chmod(0o600)
    Store(path).close()


def test_a_database_that_was_cut_short_is_named(tmp_path: Path) -> None:
    path = stopped(tmp_path)
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(UsageError, match="shorter than it was"):
        Store(path)


def test_a_database_without_one_of_its_tables_is_named(tmp_path: Path) -> None:
    path = stopped(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE memberships")
    with pytest.raises(UsageError, match="lacks the tables memberships"):
        Store(path)


async def damage(service: Service, sql: str) -> None:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(sql)

    await service.store.write(work)


BODIES = [
    "x'7b22'",
    "x'ff'",
    "'[]'",
    "substr(body, 2)",
    "replace(CAST(body AS TEXT), '\"userName\"', '\"userName')",
]


@pytest.mark.parametrize("body", BODIES)
async def test_a_user_that_does_not_decode_is_named_and_never_skipped(
    service: Service, body: str
) -> None:
    for number in range(3):
        user = await service.create_user(f"u{number}@x.org")
    group = await service.create_group(members=[{"value": user["id"]}])
    await damage(service, f"UPDATE users SET body = {body} WHERE seq = 3")
    named = {f"/Users/{user['id']}": f"user {user['id']}", "/Users": "row 3 of users"}
    named[f'/Users?filter=groups.value eq "{group["id"]}"'] = "row 3 of users"
    for path, name in named.items():
        answer = await service.call("GET", path)
        assert answer.status_code == 500
        assert f"is damaged: {name} cannot be decoded" in answer.json()["detail"]
        assert (await service.event())["violated"] == "storage.damaged"
    change = {"op": "replace", "path": "title", "value": "x"}
    assert (await service.patch(f"/Users/{user['id']}", change)).status_code == 500
    answer = await service.http.get("/admin/v1/users")
    assert answer.json()["error"]["code"] == "storage.damaged"
    found = (await service.http.get("/admin/v1/checkup")).json()
    assert found["problems"] == ["row 3 of users cannot be decoded"]


@pytest.mark.parametrize(
    ("sql", "path", "name"),
    [
        ("UPDATE groups SET body = x'7b'", "/groups", "row 1 of groups"),
        ("UPDATE events SET at = 'x' WHERE id = 1", "/events", "event 1"),
        ("UPDATE events SET status = 'x' WHERE id = 1", "/events", "event 1"),
        ("UPDATE tokens SET expires_at = 1e300", "/tokens", "token "),
        (
            "UPDATE meta SET value = '{' WHERE key = 'traffic.last'",
            "/directory",
            "traffic.last in meta",
        ),
        (
            "REPLACE INTO meta VALUES ('listening', '[{}]')",
            "/provisioning",
            "listening in meta",
        ),
    ],
)
async def test_other_rows_are_named_too(service: Service, sql: str, path: str, name: str) -> None:
    await service.create_group()
    await service.flush()
    await damage(service, sql)
    answer: httpx.Response = await service.http.get(f"/admin/v1{path}")
    assert answer.status_code == 500
    assert answer.json()["error"]["message"].startswith("The database of the service is damaged")
    assert name in answer.json()["error"]["message"]
    found = (await service.http.get("/admin/v1/checkup")).json()
    assert any(problem.startswith(name) for problem in found["problems"])


def test_damage_is_found_in_the_background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = stopped(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO meta VALUES ('clock', '{')")
        connection.commit()
    looked = integrity.look_through(path, lambda: False)
    assert looked == (("clock in meta cannot be decoded",), True)
    told: queue.Queue[tuple[object, ...]] = queue.Queue()
    monkeypatch.setattr(integrity, "FIRST_SECONDS", 0)
    monkeypatch.setattr(integrity._LOG, "error", lambda *words: told.put(words))
    with integrity.watching(path):
        assert told.get(timeout=60)[1:] == (path, "clock in meta cannot be decoded")


def test_a_look_ends_when_it_is_to_stop(tmp_path: Path) -> None:
    assert integrity.look_through(stopped(tmp_path), lambda: True).finished is False
