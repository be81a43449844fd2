"""No lookup of the service walks a table, so that costs do not grow with the directory."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scim_tui.model.directory import Kind
from scim_tui.service.store.pages import EVERYTHING, QUERIES, Lookup, read_joined
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock, Service, email


def plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    holes = [None] * len(re.findall(r"\?", sql))
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", holes)]


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, queries in QUERIES.items() for name in queries]
)
def test_no_listing_walks_or_sorts(store: Store, kind: Kind, name: str) -> None:
    steps = plan(store.reader(), QUERIES[kind][name])
    assert any(step.startswith("SEARCH") for step in steps)
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in steps), steps


@pytest.fixture
def spied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement on connections that are made from now on."""
    seen: list[str] = []
    connect = sqlite3.connect

    def traced(path: Path, **options: Any) -> sqlite3.Connection:  # noqa: ANN401
        connection: sqlite3.Connection = connect(path, **options)
        connection.set_trace_callback(seen.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    return seen


async def test_no_request_walks(spied: list[str], service: Service) -> None:
    user = await service.create_user("ana@x.org", emails=[email("a@x.org")], externalId="e")
    group = await service.create_group(members=[{"value": user["id"]}])
    join = {"op": "add", "path": "members", "value": [{"value": user["id"]}]}
    await service.patch(f"/Groups/{group['id']}", join, {**join, "op": "remove"})
    await service.patch(f"/Users/{user['id']}", {"op": "replace", "path": "title", "value": "x"})
    await service.call("PUT", f"/Users/{user['id']}", {**user, "title": "y"})
    await service.call("GET", f"/Users/{user['id']}")
    await service.call("GET", f'/Groups?filter=members.value eq "{user["id"]}"')
    await service.call("GET", f"/Groups/{group['id']}")
    await service.call("DELETE", f"/Groups/{group['id']}")
    await service.call("DELETE", f"/Users/{user['id']}")
    statements = [
        sql
        for sql in list(spied)
        if re.match(r"(SELECT|INSERT|UPDATE|DELETE)\b", sql, re.IGNORECASE)
    ]
    assert len(statements) > 20
    for sql in statements:
        steps = plan(service.store.reader(), sql)
        assert not any(re.search(r"SCAN (users|groups|memberships)", step) for step in steps), sql


def test_a_page_far_in_reads_no_more_rows(tmp_path: Path, clock: Clock) -> None:
    """Counted in steps of SQLite's machine, which no load of the computer changes."""
    store = Store(tmp_path / "many.db", clock)
    try:
        store.submit(fill).result(60)
        near = steps(store, EVERYTHING, 0)
        assert near > 0
        assert abs(steps(store, EVERYTHING, 15_000) - near) <= near * 0.3
        assert steps(store, Lookup("userName", ("u19999",)), 0) < near * 0.3
        assert steps(store, Lookup("groups.value", ("g",)), 15_000) <= near * 2
    finally:
        store.close()


def fill(connection: sqlite3.Connection) -> None:
    rows = ((f"id{i}", f"u{i}", 1, b'{"id":"x"}') for i in range(20_000))
    connection.executemany(
        "INSERT INTO users (id, user_name, active, body) VALUES (?, ?, ?, ?)", rows
    )
    connection.execute("INSERT INTO groups (id, display_name, body) VALUES ('g', 'g', '{}')")
    connection.execute("INSERT INTO memberships SELECT 1, seq FROM users")


def steps(store: Store, lookup: Lookup, after: int) -> int:
    """How often SQLite reports progress, every 10 instructions, while it reads one page."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    reader = store.reader()
    reader.set_progress_handler(tick, 10)
    try:
        read_joined(reader, Kind.USERS, lookup, after, 100)
    finally:
        reader.set_progress_handler(None, 10)
    return count
