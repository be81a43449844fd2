"""Rows with the same value as another row (twins), also after rows have changed.

Twins are neighbours in the order of the field. So of the rows that did not change since the text
index was built, only a neighbour of a changed row can have lost its last twin; and the twin of a
changed row is found at its position.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from scim_tui.core.index.bitmasks import both, twin_bits, twin_column
from scim_tui.core.index.order import places, position, sort_key, stored_order, without
from scim_tui.core.index.sql import SearchQuery

_NEGATED = bytes([1, 0]).ljust(256, b"\0")


def twins_asked(db: sqlite3.Connection, q: SearchQuery, dirty: frozenset[int]) -> bytes | None:
    """For each row number, 1 where all `duplicate:` terms match; None: the query has none.

    `dirty` are the rows that were changed, added or removed since the text index was built.
    """
    mask = None
    for term in q.terms:
        if term.field == "duplicate":
            found = twins_of(db, replace(q, field=twin_column(term.text), down=False), dirty)
            found = found.translate(_NEGATED) if term.negated else found
            mask = found if mask is None else both(mask, found)
    return mask


def twins_of(db: sqlite3.Connection, q: SearchQuery, dirty: frozenset[int]) -> bytes:
    """For each row number, 1 where another row has the same value in the field of the order."""
    most = db.execute(f"SELECT ifnull(max(n), 0) FROM {q.kind}").fetchone()[0]
    held = twin_bits(db, q.kind, q.field).ljust(most + 1, b"\0")
    if not dirty:
        return held
    twins, order = bytearray(held), stored_order(db, q.kind, q.field)
    clean = without(order, dirty)
    for passed, place in enumerate(places(order, dirty)):
        # `place - passed`: the number of unchanged rows before it.
        for at in _neighbours(clean, place - passed):
            twins[clean[at]] = _has_twin(db, q, clean, at)
    for n in dirty:
        twins[n : n + 1] = b"\0"[: len(twins) - n]
    for together in _changed(db, q, clean, dirty):
        for n in together:
            twins[n] = 1
    return bytes(twins)


def _neighbours(clean: "array[int]", at: int) -> Iterable[int]:
    return range(max(at - 1, 0), min(at + 1, len(clean)))


def _has_twin(db: sqlite3.Connection, q: SearchQuery, clean: "array[int]", at: int) -> bool:
    absent, value, _ = sort_key(db, q, clean[at])
    around = (*clean[max(at - 1, 0) : at], *clean[at + 1 : at + 2])
    return not absent and any(sort_key(db, q, n)[1] == value for n in around)


def _changed(
    db: sqlite3.Connection, q: SearchQuery, clean: "array[int]", dirty: frozenset[int]
) -> Iterable[list[int]]:
    """The existing changed rows by value, with unchanged neighbours that have the same value."""
    sql = f"SELECT n FROM {q.kind} WHERE NOT gone AND n IN (SELECT value FROM json_each(?))"
    alike: dict[str | int, list[int]] = defaultdict(list)
    for (n,) in db.execute(sql, (json.dumps(sorted(dirty)),)):
        absent, value, _ = sort_key(db, q, n)
        if not absent:
            alike[value].append(n)
    for value, numbers in alike.items():
        near = _neighbours(clean, position(db, q, clean, numbers[0]))
        numbers += [clean[at] for at in near if sort_key(db, q, clean[at])[1] == value]
        if len(numbers) > 1:
            yield numbers
