"""Searches: the first rows that match at once, and all of them in their order.

With a text index, `index_clean` answers for the rows it holds as they are. Without one, and for
rows that changed since, rows are compared one by one: both ways give the same answer.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from array import array

from scim_tui.core.index_clean import Clean, in_order
from scim_tui.core.index_order import merged, numbers_of, without
from scim_tui.core.index_terms import Question, conditions, haystack_of
from scim_tui.core.index_text import is_usable
from scim_tui.model.directory import Kind


def find(db: sqlite3.Connection, q: Question) -> "array[int]":
    """The numbers of all rows that match, in order."""
    if not is_usable(db, q.kind):
        return _scan(db, q)
    dirty = _dirty(db, q.kind)
    found = without(Clean.of(db, q, changed=bool(dirty)).all(), dirty)
    return merged(db, q, found, _scan(db, q, dirty=True)) if dirty else found


def first(db: sqlite3.Connection, q: Question, count: int) -> tuple["array[int]", bool]:
    """The first `count` of what `find` gives, and whether they are all."""
    if not is_usable(db, q.kind):
        found = _scan(db, q)
        return found[:count], len(found) <= count
    dirty = _dirty(db, q.kind)
    some = Clean.of(db, q, changed=bool(dirty)).first(count + 1)
    if dirty:
        both = set(some) | set(_scan(db, q, dirty=True))
        some = in_order(db, q, both, count + 1)
    return array("I", some[:count]), len(some) <= count


def _scan(db: sqlite3.Connection, q: Question, *, dirty: bool = False) -> "array[int]":
    """Every row compared, or only those that changed since the text index was made."""
    where, values = conditions(q, haystack_of(q.kind))
    only = f" AND u.n IN (SELECT n FROM {q.kind}_dirty)" if dirty else ""
    sql = f"SELECT u.n FROM {q.kind} u WHERE NOT u.gone{only}{where} ORDER BY {q.order()}"
    return numbers_of(db.execute(sql, values))


def _dirty(db: sqlite3.Connection, kind: Kind) -> frozenset[int]:
    return frozenset(n for (n,) in db.execute(f"SELECT n FROM {kind}_dirty"))
