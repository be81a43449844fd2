"""Turns errors of SQLite into refusals: a rule, an HTTP status and a sentence."""

import sqlite3

from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.model.errors import UsageError
from scim_tui.service.refusals import Refusal

RETRY_SECONDS = 5
"""The Retry-After in seconds; longer than SQLite waits for a lock."""

_CODES = {
    sqlite3.SQLITE_FULL: "storage.full",
    sqlite3.SQLITE_BUSY: "storage.busy",
    sqlite3.SQLITE_LOCKED: "storage.busy",
    sqlite3.SQLITE_READONLY: "storage.readonly",
    sqlite3.SQLITE_CORRUPT: "storage.damaged",
    sqlite3.SQLITE_NOTADB: "storage.damaged",
}
_STATUS = {"storage.full": 507, "storage.damaged": 500}
_UNAVAILABLE = 503


class DamagedStore(sqlite3.DatabaseError):
    """A row is damaged. The text names the row and has nothing of its content."""


def code_of(error: sqlite3.Error) -> str:
    """The rule of `model.constraints` for an error of the database."""
    if isinstance(error, DamagedStore) or str(error).startswith("Could not decode to UTF-8"):
        return "storage.damaged"
    # The lower byte is the kind of error, the upper ones say more of it.
    return _CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "storage.failed")


def storage_refusal(error: sqlite3.Error) -> Refusal:
    """The refusal of a request that the database could not carry out."""
    code = code_of(error)
    message = CONSTRAINTS[code].message
    if code in ("storage.damaged", "storage.failed"):
        message = f"{message}: {_words(error)}"
    return Refusal(_STATUS.get(code, _UNAVAILABLE), code, message)


def unusable(path: object, error: sqlite3.Error) -> UsageError:
    """Why a service cannot start on this file."""
    rule = CONSTRAINTS[code_of(error)]
    return UsageError(f"{path} cannot be used: {rule.message} ({_words(error)}).", rule.fix)


def _words(error: sqlite3.Error) -> str:
    """SQLite's message, unless it quotes the stored text (as for invalid UTF-8)."""
    text = str(error)
    return "a text is no UTF-8" if text.startswith("Could not decode to UTF-8") else text
