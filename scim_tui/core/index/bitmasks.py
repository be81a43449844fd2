"""What is known of each row as a few bits: what is missing, what another has too, who is active.

Two bytes for each row by its number, made with the texts: so a search that asks only for these
looks at no row. Whether two rows have the same value holds while no row changes; `index_twins`
tells it of rows that did.
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
"""The names under which they are kept, beside the orders."""
_INACTIVE, _ACTIVE = 0, 1
"""Bits of the state; those of what is missing come after them."""
_AT_ONCE = 1_000
_COLUMNS = {"name": "display_name"}


class Facts:
    """The bits, while they are made."""

    def __init__(self, kind: Kind, most: int) -> None:
        self._kind = kind
        self._state, self._twins = bytearray(most + 1), bytearray(most + 1)

    def read(self, reader: sqlite3.Connection) -> None:
        """The state of every row."""
        state = self._state
        sql = f"SELECT u.n, {_state_sql(self._kind)} FROM {self._kind} u WHERE NOT u.gone"
        for some in batches(reader.execute(sql), _AT_ONCE):
            for n, bits in some:
                if n < len(state):
                    state[n] = bits

    def twins(self, field: str) -> Callable[[int, int], None] | None:
        """What takes two rows with the same value in this field; None: nobody asks for that."""
        columns = _twin_columns(self._kind)
        if field not in columns:
            return None
        bit, twins = 1 << columns.index(field), self._twins

        def note(one: int, other: int) -> None:
            twins[one] |= bit
            twins[other] |= bit

        return note

    def packed(self) -> dict[str, bytes]:
        """What is kept, by name."""
        return {_STATE: _pack(self._state), _TWINS: _pack(self._twins)}


def is_fact(kind: Kind, term: Term) -> bool:
    """Whether the bits of each row by itself answer this."""
    match term.field:
        case "active":
            return kind is Kind.USERS
        case "missing":
            return term.text in _missing(kind)
    return False


def mask_of(db: sqlite3.Connection, kind: Kind, terms: tuple[Term, ...]) -> bytes:
    """For each number of a row, whether all these facts hold: 1 or 0."""
    tests = [_test(kind, term) for term in terms]
    table = bytes(all(test(bits) for test in tests) for bits in range(256))
    return _unpacked(db, kind, _STATE).translate(table)


def twin_bits(db: sqlite3.Connection, kind: Kind, column: str) -> bytes:
    """For each number of a row, whether another had its value when the bits were made: 1 or 0."""
    bit = 1 << _twin_columns(kind).index(column)
    return _unpacked(db, kind, _TWINS).translate(bytes(bool(bits & bit) for bits in range(256)))


def twin_column(name: str) -> str:
    """The column that `duplicate:` means by this name."""
    return _COLUMNS.get(name, name)


def both(one: bytes, other: bytes) -> bytes:
    """Where both masks have a 1; what is beyond the end of either has none."""
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
    for words, told in ((YES, "yes"), (NO, "no"), (UNSAID, "unknown")):
        if value in words:
            return word == told
    return word.startswith(value)
