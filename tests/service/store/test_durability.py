"""What was acknowledged is there after `kill -9`, whole; and nothing is there by halves."""

import asyncio
import random
import signal
import sqlite3
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import pytest

from scim_tui.service.store import folder
from scim_tui.service.store.groups import read_group
from scim_tui.service.store.store import Store
from scim_tui.service.store.users import read_user
from tests.patience import DEADLINE
from tests.service.scim.scim_kit import person
from tests.service.serve_kit import Served, served

PUSHERS = 4
MOST_MEMBERS = 20


@dataclass
class Push:
    """A stream of creates by several clients at once, and what was acknowledged of it."""

    service: Served
    secret: str
    stop_at: int
    users: list[str] = field(default_factory=list)
    groups: dict[str, set[str]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)

    @property
    def acknowledged(self) -> int:
        return len(self.users) + len(self.groups)

    async def run(self) -> None:
        async with httpx.AsyncClient(
            base_url=self.service.ready["scim_endpoint"],
            headers={"Authorization": f"Bearer {self.secret}"},
            timeout=DEADLINE,
        ) as idp:
            await asyncio.gather(*[self._push(idp, random.Random(n)) for n in range(PUSHERS)])

    async def _push(self, idp: httpx.AsyncClient, chance: random.Random) -> None:
        try:
            while True:
                if self.users and chance.random() < 0.3:
                    await self._group(idp, chance)
                else:
                    await self._user(idp)
                if self.acknowledged >= self.stop_at:
                    self.service.process.send_signal(signal.SIGKILL)
        except httpx.TransportError:
            return

    async def _user(self, idp: httpx.AsyncClient) -> None:
        answer = await idp.post("/Users", json=person(f"user{next(self.numbers)}@x.org"))
        assert answer.status_code == 201
        self.users.append(answer.json()["id"])

    async def _group(self, idp: httpx.AsyncClient, chance: random.Random) -> None:
        chosen = chance.sample(self.users, min(len(self.users), chance.randint(1, MOST_MEMBERS)))
        body = {
            "displayName": f"group{next(self.numbers)} of {len(chosen)}",
            "members": [{"value": user} for user in chosen],
        }
        answer = await idp.post("/Groups", json=body)
        assert answer.status_code == 201
        self.groups[answer.json()["id"]] = set(chosen)


def members_of(connection: sqlite3.Connection, group_id: str) -> set[str]:
    rows = connection.execute(
        "SELECT users.id FROM users JOIN memberships ON user_seq = users.seq"
        " JOIN groups ON group_seq = groups.seq WHERE groups.id = ?",
        (group_id,),
    )
    return {row[0] for row in rows}


def check_whole(connection: sqlite3.Connection) -> None:
    """The file is sound, the counts are true, and each group has as many members as it says."""
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    for group_id, name in connection.execute("SELECT id, display_name FROM groups").fetchall():
        assert len(members_of(connection, group_id)) == int(name.rpartition(" ")[2])
    counts = dict(connection.execute("SELECT name, n FROM counts").fetchall())
    for table in ("users", "groups", "memberships"):
        sql = f"SELECT count(*) FROM {table}"
        assert connection.execute(sql).fetchone()[0] == counts[table]


@pytest.mark.parametrize("seed", range(5))
async def test_kill_in_the_middle_of_a_stream_of_writes(tmp_path: Path, seed: int) -> None:
    with served(tmp_path, "--enable", "--limits", "off") as service:
        with service.admin() as admin:
            secret = admin.post("/tokens").json()["secret"]
        push = Push(service, secret, stop_at=random.Random(seed).randint(20, 250))
        await push.run()
        assert service.process.wait(20) == -signal.SIGKILL
    assert push.acknowledged >= push.stop_at
    store = Store(folder.database(tmp_path))
    connection = store.reader()
    try:
        check_whole(connection)
        for user_id in push.users:
            assert read_user(connection, user_id)
        for group_id, members in push.groups.items():
            assert read_group(connection, group_id)
            assert members_of(connection, group_id) == members
    finally:
        store.close()
