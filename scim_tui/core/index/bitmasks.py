"""Flags of each row as bits: active or not, which fields are missing, which are duplicates.

There are two bytes for each row number, built with the text index. A search for flags alone reads
no row. The flags for duplicates hold as long as no row changes; `duplicates` corrects them.
"""

# ruff: noqa: S608 - names of tables and columns are our own

import sqlite3
import zlib
from collections.abc import Callable

from scim_tui.core.index.file import FIELDS
from scim_tui.core.index.query import DUPLICATE, MISSING, NO, UNSAID, YES, Term
from scim_tui.core.index.rows import batches
from scim_tui.model.directory import Kind

_STATE, _TWINS = "facts", "twins"
"""The names under which they are stored in the `_order` table."""
_INACTIVE, _ACTIVE = 0, 1
"""Bits of the state; the bits for missing fields follow."""
_AT_ONCE = 1_000
_COLUMNS = {"name": "display_name"}


class Flags:
    """The flags of all rows while they are built."""

    def __init__(self, kind: Kind, most: int) -> None:
        self._kind = kind
        self._state, self._twins = bytearray(most + 1), bytearray(most + 1)

    def read(self, reader: sqlite3.Connection) -> None:
        """Read the state of every row."""
        state = self._state
        sql = f"SELECT u.n, {_state_sql(self._kind)} FROM {self._kind} u WHERE NOT u.gone"
        for some in batches(reader.execute(sql), _AT_ONCE):
            for n, bits in some:
                if n < len(state):
                    state[n] = bits

    def twins(self, field: str) -> Callable[[int, int], None] | None:
        """A function that notes two rows with one value in this field; None: not searchable."""
        columns = _twin_columns(self._kind)
        if field not in columns:
            return None
        bit, twins = 1 << columns.index(field), self._twins

        def note(one: int, other: int) -> None:
            twins[one] |= bit
            twins[other] |= bit

        return note

    def packed(self) -> dict[str, bytes]:
        """The bytes to store, by name."""
        return {_STATE: _pack(self._state), _TWINS: _pack(self._twins)}


def is_flag(kind: Kind, term: Term) -> bool:
    """Whether the state bits of a row answer this term."""
    match term.field:
        case "active":
            return kind is Kind.USERS
        case "missing":
            return term.text in _missing(kind)
    return False


def mask_of(db: sqlite3.Connection, kind: Kind, terms: tuple[Term, ...]) -> bytes:
    """For each row number, 1 where all these terms match, else 0."""
    tests = [_test(kind, term) for term in terms]
    table = bytes(all(test(bits) for test in tests) for bits in range(256))
    return _unpacked(db, kind, _STATE).translate(table)


def twin_bits(db: sqlite3.Connection, kind: Kind, column: str) -> bytes:
    """For each row number, 1 where another row had the same value when the flags were built."""
    bit = 1 << _twin_columns(kind).index(column)
    return _unpacked(db, kind, _TWINS).translate(bytes(bool(bits & bit) for bits in range(256)))


def twin_column(name: str) -> str:
    """The column for a name after `duplicate:`."""
    return _COLUMNS.get(name, name)


def both(one: bytes, other: bytes) -> bytes:
    """A mask with 1 where both have 1, as long as the shorter one."""
    length = min(len(one), len(other))
    mask = int.from_bytes(one[:length], "little") & int.from_bytes(other[:length], "little")
    return mask.to_bytes(length, "little")


def _pack(bits: bytearray) -> bytes:
    return zlib.compress(bytes(bits), 1)


def _unpacked(db: sqlite3.Connection, kind: Kind, name: str) -> bytes:
    found = db.execute(f"SELECT data FROM {kind}_order WHERE field=?", (name,)).fetchone()
    return zlib.decompress(found[0])


def _state_sql(kind: Kind) -> str:
    bits = {2 + at: f"u.{field} = ''" for at, field in enumerate(_missing(kind))}
    if kind is Kind.USERS:
        bits |= {_INACTIVE: "u.active IS 0", _ACTIVE: "u.active IS 1"}
    return " | ".join(f"(({condition}) << {bit})" for bit, condition in bits.items())


def _missing(kind: Kind) -> tuple[str, ...]:
    return tuple(field for field in MISSING if field in FIELDS[kind])


def _twin_columns(kind: Kind) -> tuple[str, ...]:
    return tuple(filter(FIELDS[kind].__contains__, map(twin_column, DUPLICATE)))


def _test(kind: Kind, term: Term) -> Callable[[int], bool]:
    if term.field == "active":
        return lambda bits: _is_active(term.text, bits) is not term.negated
    bit = 2 + _missing(kind).index(term.text)
    return lambda bits: bool(bits >> bit & 1) is not term.negated


def _is_active(value: str, bits: int) -> bool:
    word = "yes" if bits >> _ACTIVE & 1 else "no" if bits >> _INACTIVE & 1 else "unknown"
    for words, meaning in ((YES, "yes"), (NO, "no"), (UNSAID, "unknown")):
        if value in words:
            return word == meaning
    return word.startswith(value)
