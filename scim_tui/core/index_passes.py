"""Passes over a directory: who lists, how far, and where a dropped one goes on.

A pass that was not heard of for a minute, or whose process is gone, may be taken up by anybody.
"""

import os
import secrets
import socket
import sqlite3
import time
from dataclasses import dataclass

from scim_tui.core.alive import alive
from scim_tui.core.index import Index

LEASE = 60.0
STALE = 3_600.0
"""Seconds after which a cursor is not worth a try any more."""
MEMBERS = "members"
"""The pass over memberships, beside those named by a kind."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass; its id is what the rows carry that it saw."""

    id: int
    cursor: str = ""
    loaded: int = 0


class Passes:
    """The passes of one index, as seen by this process."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._me = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"

    def begin(self, what: str) -> Pass:
        """A new pass, or the newest one that dropped, at its last cursor."""
        now = time.time()
        with self._index.writing() as db:
            if db is None:
                return Pass(0)
            found = db.execute(
                "SELECT id, cursor, loaded, owner, beat FROM passes"
                " WHERE kind=? AND ended IS NULL ORDER BY id DESC LIMIT 1",
                (what,),
            ).fetchone()
            if found and found[1] and self._is_free(found[3], found[4], now):
                db.execute(
                    "UPDATE passes SET owner=?, beat=? WHERE id=?", (self._me, now, found[0])
                )
                return Pass(*found[:3])
            made = db.execute(
                "INSERT INTO passes (kind, owner, beat) VALUES (?, ?, ?)", (what, self._me, now)
            )
            return Pass(made.lastrowid or 0)

    def restart(self, number: int) -> None:
        """Its cursor is not taken any more: it goes on from the start."""
        with self._index.writing() as db:
            if db is not None:
                note(db, number, "", 0)

    def end(self, number: int) -> None:
        """It saw everything; those before it are of no use any more."""
        with self._index.writing() as db:
            if db is not None:
                db.execute(
                    "DELETE FROM passes WHERE id < ? AND kind=(SELECT kind FROM passes WHERE id=?)",
                    (number, number),
                )
                at = self._index.now().isoformat()
                db.execute("UPDATE passes SET ended=?, cursor='' WHERE id=?", (at, number))

    def _is_free(self, owner: str, beat: float, now: float) -> bool:
        if now - beat > STALE:
            return False
        host, pid, _ = owner.split()
        if owner == self._me or now - beat > LEASE:
            return True
        return host == socket.gethostname() and int(pid) != os.getpid() and not alive(int(pid))


def note(db: sqlite3.Connection, number: int, cursor: str, loaded: int) -> None:
    """How far a pass got; all before the cursor is kept."""
    db.execute(
        "UPDATE passes SET cursor=?, loaded=?, beat=? WHERE id=?",
        (cursor, loaded, time.time(), number),
    )
