"""Searches: the first matching rows, which are found fast, and all of them in order.

With a text index, `fast_search` searches the rows that did not change since it was built. Changed
rows, and all rows if there is no text index, are compared one by one, with the same result.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import sqlite3
from array import array

from scim_tui.core.index.duplicates import twins_asked
from scim_tui.core.index.fast_search import FastSearch, in_order
from scim_tui.core.index.order import chosen, merged, numbers_of, without
from scim_tui.core.index.sql import SearchQuery, conditions, haystack_of
from scim_tui.core.index.text_index import dirty, is_usable


def find(db: sqlite3.Connection, q: SearchQuery) -> "array[int]":
    """The numbers of all rows that match, in order."""
    if not is_usable(db, q.kind):
        return _scan(db, q)
    changed = dirty(db, q.kind)
    twins = twins_asked(db, q, changed)
    found = without(FastSearch.of(db, q, twins).all(), changed)
    return merged(db, q, found, _changed(db, q, twins)) if changed else found


def first(db: sqlite3.Connection, q: SearchQuery, count: int) -> tuple["array[int]", bool]:
    """The first `count` of what `find` gives, and whether they are all."""
    if not is_usable(db, q.kind):
        found = _scan(db, q)
        return found[:count], len(found) <= count
    changed = dirty(db, q.kind)
    twins = twins_asked(db, q, changed)
    some = FastSearch.of(db, q, twins).first(count + 1)
    if changed:
        both = set(some) | set(_changed(db, q, twins))
        some = in_order(db, q, both, count + 1)
    return array("I", some[:count]), len(some) <= count


def _changed(db: sqlite3.Connection, q: SearchQuery, twins: bytes | None) -> "array[int]":
    """The matches among rows that changed since the text index was built, compared one by one."""
    found = _scan(
        db, q.without_terms_on("duplicate"), f" AND u.n IN (SELECT n FROM {q.kind}_dirty)"
    )
    return found if twins is None else chosen(found, twins)


def _scan(db: sqlite3.Connection, q: SearchQuery, only: str = "") -> "array[int]":
    """All matching rows, found by comparing every row."""
    where, values = conditions(q, haystack_of(q.kind))
    sql = f"SELECT u.n FROM {q.kind} u WHERE NOT u.gone{only}{where} ORDER BY {q.order()}"
    return numbers_of(db.execute(sql, values))
