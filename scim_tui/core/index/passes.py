"""Passes over a directory: which process runs one, how far it got, and where to resume.

Any process may resume a pass that made no progress for a minute, or whose process has ended. The
counts of a pass are kept with its cursor, so that they are right after an interruption, too.
"""

import os
import secrets
import socket
import sqlite3
import time
from dataclasses import dataclass, replace

from scim_tui.config.process import is_running
from scim_tui.core.index.api import Index
from scim_tui.model.directory import GroupRow, MembershipPage, Page, UserRow
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count

LEASE = 60.0
STALE = 3_600.0
"""Seconds after which a cursor is assumed to have expired on the server."""
MEMBERS = "members"
"""The name of the pass over memberships; the others are named by their kind."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass and how far it got; rows that it saw have its id in their column `sweep`."""

    id: int
    cursor: str = ""
    """Where it resumes; empty: at the start."""
    loaded: int = 0
    """Rows received."""
    repeated: int = 0
    """Rows that the server listed, and counted, a second time."""
    skipped: int = 0
    """Rows that could not be read."""
    total: Count = UNKNOWN
    """The newest total that the server stated."""

    def after(self, page: Page[UserRow] | Page[GroupRow] | MembershipPage) -> "Pass":
        """The pass after one more page."""
        return replace(
            self,
            cursor=page.next_cursor or "",
            loaded=self.loaded
            + (page.done if isinstance(page, MembershipPage) else len(page.rows)),
            repeated=self.repeated + page.repeated,
            skipped=self.skipped + page.skipped,
            total=self.total if isinstance(page.total, Absent) else page.total,
        )


class Passes:
    """The passes of one index, as seen by this process."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._me = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"

    def begin(self, what: str) -> Pass:
        """A new pass, or the newest interrupted one at its last cursor."""
        now = time.time()
        with self._index.connections.writing() as db:
            if db is None:
                return Pass(0)
            found = db.execute(
                "SELECT id, cursor, loaded, repeated, skipped, total, owner, beat FROM passes"
                " WHERE kind=? AND ended IS NULL ORDER BY id DESC LIMIT 1",
                (what,),
            ).fetchone()
            if found and found[1] and self._is_free(found[6], found[7], now):
                db.execute(
                    "UPDATE passes SET owner=?, beat=? WHERE id=?", (self._me, now, found[0])
                )
                number, cursor, loaded, repeated, skipped, total = found[:6]
                known = UNKNOWN if total is None else total
                return Pass(number, cursor, loaded, repeated, skipped, known)
            made = db.execute(
                "INSERT INTO passes (kind, owner, beat) VALUES (?, ?, ?)", (what, self._me, now)
            )
            return Pass(made.lastrowid or 0)

    def restart(self, number: int) -> None:
        """Start the pass again: the server refused its cursor, or rows were missing."""
        with self._index.connections.writing() as db:
            if db is not None:
                note(db, Pass(number))
                db.execute("DELETE FROM walked WHERE pass <= ?", (number,))

    def end(self, number: int) -> None:
        """Mark the pass as complete; the passes before it are deleted."""
        with self._index.connections.writing() as db:
            if db is not None:
                db.execute(
                    "DELETE FROM passes WHERE id < ? AND kind=(SELECT kind FROM passes WHERE id=?)",
                    (number, number),
                )
                db.execute("DELETE FROM walked WHERE pass <= ?", (number,))
                at = self._index.now().isoformat()
                db.execute("UPDATE passes SET ended=?, cursor='' WHERE id=?", (at, number))

    def _is_free(self, owner: str, beat: float, now: float) -> bool:
        if now - beat > STALE:
            return False
        host, pid, _ = owner.split()
        if owner == self._me or now - beat > LEASE:
            return True
        return host == socket.gethostname() and int(pid) != os.getpid() and not is_running(int(pid))


def note(db: sqlite3.Connection, sweep: Pass) -> None:
    """Store how far a pass got; all rows before its cursor must have been written."""
    total = None if isinstance(sweep.total, Absent) else sweep.total
    db.execute(
        "UPDATE passes SET cursor=?, loaded=?, repeated=?, skipped=?, total=?, beat=? WHERE id=?",
        (
            sweep.cursor,
            sweep.loaded,
            sweep.repeated,
            sweep.skipped,
            total,
            time.time(),
            sweep.id,
        ),
    )
