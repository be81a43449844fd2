"""What is known of each row as a few bits: whether an attribute is missing, whether it is active.

One byte for each text, in the order of the texts, made with them: so a search that asks only for
these looks at no row.
"""

# ruff: noqa: S608 - names of tables and columns are our own

import sqlite3
import zlib
from array import array
from collections.abc import Callable

from scim_tui.core.index_file import FIELDS
from scim_tui.core.search import MISSING, NO, UNSAID, YES, Term
from scim_tui.model.directory import Kind

FACTS = "facts"
"""The name under which they are kept, beside the orders."""
_INACTIVE, _ACTIVE = 0, 1
"""Bits; those of what is missing come after them."""


def is_fact(kind: Kind, term: Term) -> bool:
    """Whether the bits answer this."""
    if term.field == "active":
        return kind is Kind.USERS
    return term.field == "missing" and term.text in _missing(kind)


def facts_sql(kind: Kind) -> str:
    """The bits of a row `u`, as a number."""
    bits = {2 + at: f"u.{field} = ''" for at, field in enumerate(_missing(kind))}
    if kind is Kind.USERS:
        bits |= {_INACTIVE: "u.active IS 0", _ACTIVE: "u.active IS 1"}
    return " | ".join(f"(({condition}) << {bit})" for bit, condition in bits.items())


def read_facts(reader: sqlite3.Connection, kind: Kind, places: "array[int]", count: int) -> bytes:
    """The bits of every text, packed; `places` tells where the text of a row is, from 1."""
    facts = bytearray(count)
    found = reader.execute(f"SELECT u.n, {facts_sql(kind)} FROM {kind} u WHERE NOT u.gone")
    while some := found.fetchmany(1_000):
        for n, bits in some:
            if n < len(places) and places[n]:
                facts[places[n] - 1] = bits
    return zlib.compress(bytes(facts), 1)


def mask_of(db: sqlite3.Connection, kind: Kind, terms: tuple[Term, ...]) -> bytes:
    """For each text, whether all these facts hold: 1 or 0."""
    found = db.execute(f"SELECT data FROM {kind}_order WHERE field=?", (FACTS,)).fetchone()
    tests = [_test(kind, term) for term in terms]
    table = bytes(all(test(bits) for test in tests) for bits in range(256))
    return zlib.decompress(found[0]).translate(table)


def _missing(kind: Kind) -> tuple[str, ...]:
    return tuple(field for field in MISSING if field in FIELDS[kind])


def _test(kind: Kind, term: Term) -> Callable[[int], bool]:
    if term.field == "missing":
        bit = 2 + _missing(kind).index(term.text)
        return lambda bits: bool(bits >> bit & 1) is not term.negated
    return lambda bits: _is_active(term.text, bits) is not term.negated


def _is_active(value: str, bits: int) -> bool:
    word = "yes" if bits >> _ACTIVE & 1 else "no" if bits >> _INACTIVE & 1 else "unknown"
    for words, told in ((YES, "yes"), (NO, "no"), (UNSAID, "unknown")):
        if value in words:
            return word == told
    return word.startswith(value)
