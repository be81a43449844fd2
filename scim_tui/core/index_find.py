"""Searches: the first rows that match at once, and all of them in their order.

With a text index, texts are walked in the wanted order until enough is found; what few rows can
match is looked up first instead. Without one, and for rows that changed since, rows are compared
one by one: both ways give the same answer.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator

from scim_tui.core.index_order import (
    AT_ONCE,
    length,
    merged,
    numbers_of,
    present,
    stored_order,
    turned,
    turned_matches,
    without,
)
from scim_tui.core.index_terms import Question, conditions, haystack_of
from scim_tui.core.index_text import is_usable
from scim_tui.model.directory import Kind

_FEW = 5_000
"""Matches that are sorted rather than found by walking."""
_AHEAD = 5_000
"""Rows walked before it is asked whether few match at all."""
_STEP = 500
_LAST = "\U0010ffff"


def find(db: sqlite3.Connection, q: Question) -> "array[int]":
    """The numbers of all rows that match, in order."""
    if not is_usable(db, q.kind):
        return _scan(db, q)
    dirty = _dirty(db, q.kind)
    found = without(_usual(db, q) if q.usual else _unusual(db, q), dirty)
    return merged(db, q, found, _scan(db, q, dirty=True)) if dirty else found


def first(db: sqlite3.Connection, q: Question, count: int) -> tuple["array[int]", bool]:
    """The first `count` of what `find` gives, and whether they are all."""
    if not is_usable(db, q.kind):
        found = _scan(db, q)
        return found[:count], len(found) <= count
    dirty = _dirty(db, q.kind)
    some = _first_usual(db, q, count + 1) if q.usual else _first_unusual(db, q, count + 1)
    if dirty:
        both = set(some) | set(_scan(db, q, dirty=True))
        some = _sorted(db, q, both, count + 1)
    return array("q", some[:count]), len(some) <= count


def _scan(db: sqlite3.Connection, q: Question, *, dirty: bool = False) -> "array[int]":
    """Every row compared, or only those that changed since the text index was made."""
    where, values = conditions(q, haystack_of(q.kind))
    only = f" AND u.n IN (SELECT n FROM {q.kind}_dirty)" if dirty else ""
    sql = f"SELECT u.n FROM {q.kind} u WHERE NOT u.gone{only}{where} ORDER BY {q.order()}"
    return numbers_of(db.execute(sql, values))


def _dirty(db: sqlite3.Connection, kind: Kind) -> frozenset[int]:
    return frozenset(n for (n,) in db.execute(f"SELECT n FROM {kind}_dirty"))


# The text index, in its own order.


def _texts(q: Question, more: str = "", *, grams: bool = True) -> tuple[str, list[object]]:
    """FROM and WHERE over the texts `t`, through the trigrams where a word has three letters."""
    where, values = conditions(q, "t.haystack")
    match = _match(q) if grams else ""
    joined = f"{q.kind}_grams(?) g CROSS JOIN {q.kind}_text t ON t.r = g.rowid"
    source = joined if match else f"{q.kind}_text t"
    if q.needs_rows:
        source += f" CROSS JOIN {q.kind} u ON u.n = t.n"
    clean = f" AND t.n NOT IN (SELECT n FROM {q.kind}_dirty)"
    given: list[object] = [match] if match else []
    return f" FROM {source} WHERE 1{more}{where}{clean}", [*given, *values]


def _place(q: Question) -> str:
    return "g.rowid" if _match(q) else "t.r"


def _match(q: Question) -> str:
    """The trigrams that must be there; empty: no word has three letters."""
    words = [t.text for t in q.terms if not t.field and not t.negated and len(t.text) > 2]
    grams = {word[at : at + 3] for word in words for at in range(len(word) - 2)}
    quoted = ('"' + gram.replace('"', '""') + '"' for gram in sorted(grams) if "\0" not in gram)
    return " AND ".join(quoted)


def _usual(db: sqlite3.Connection, q: Question) -> "array[int]":
    if not q.terms:
        numbers = array("q", stored_order(db, q.kind, ""))
        return turned(db, q, numbers) if q.down else numbers
    few = _few(db, q) if not _match(q) else None
    if few is not None:
        return array("q", _sorted(db, q, few, len(few)))
    source, values = _texts(q)
    numbers = numbers_of(db.execute(f"SELECT t.n{source} ORDER BY {_place(q)}", values))
    return turned_matches(db, q, numbers) if q.down else numbers


def _first_usual(db: sqlite3.Connection, q: Question, count: int) -> list[int]:
    if not q.terms:
        return _walk(db, q, count)
    found = _walk(db, q, count, _AHEAD)
    if len(found) >= count:
        return found
    few = _few(db, q)
    return _walk(db, q, count) if few is None else _sorted(db, q, few, count)


def _walk(db: sqlite3.Connection, q: Question, count: int, ahead: int = 0) -> list[int]:
    """The first matches in the order of the texts; with `ahead`, among so many rows only."""
    place = _place(q)
    if not q.down:
        more = f" AND {place} <= {ahead}" if ahead else ""
        return _limited(db, q, more, f"{place}", count)
    last, whole = present(db, q), length(db, q.kind)
    low = f" AND {place} > {last - ahead}" if ahead else ""
    found = _limited(db, q, f" AND {place} <= {last}{low}", f"{place} DESC", count)
    if len(found) < count and last < whole and not ahead:
        found += _limited(db, q, f" AND {place} > {last}", f"{place} DESC", count - len(found))
    return found


def _limited(db: sqlite3.Connection, q: Question, more: str, order: str, count: int) -> list[int]:
    source, values = _texts(q, more)
    sql = f"SELECT t.n{source} ORDER BY {order} LIMIT {count}"
    return [n for (n,) in db.execute(sql, values)]


def _few(db: sqlite3.Connection, q: Question) -> list[int] | None:
    """All that match, in no order, where few can; None: many may."""
    if _match(q):
        source, values = _texts(q)
    elif (places := _few_places(db, q)) is not None:
        source, values = _texts(q, " AND t.r IN (SELECT value FROM json_each(?))")
        values = [json.dumps(places), *values]
    elif q.needs_rows:
        where, values = conditions(q, haystack_of(q.kind))
        clean = f" AND u.n NOT IN (SELECT n FROM {q.kind}_dirty)"
        source = f" FROM {q.kind} u WHERE NOT u.gone{where}{clean}"
    else:
        return None
    n = "u.n" if source.startswith(f" FROM {q.kind} u") else "t.n"
    found = db.execute(f"SELECT {n}{source} LIMIT {_FEW + 1}", values).fetchall()
    return None if len(found) > _FEW else [n for (n,) in found]


def _few_places(db: sqlite3.Connection, q: Question) -> list[int] | None:
    """Where a word of one or two letters can be, by the trigrams it begins; None: in many."""
    for term in q.terms:
        if not term.field and not term.negated and "\0" not in term.text:
            table = _vocabulary(db, q.kind)
            sql = f"SELECT doc FROM {table} WHERE term >= ? AND term <= ? LIMIT {_FEW + 1}"
            found = db.execute(sql, (term.text, term.text + _LAST)).fetchall()
            if len(found) <= _FEW:
                return sorted({r for (r,) in found})
    return None


def _vocabulary(db: sqlite3.Connection, kind: Kind) -> str:
    name = f"temp.{kind}_words"
    db.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name}"
        f" USING fts5vocab('main', '{kind}_grams', 'instance')"
    )
    return name


# Other orders.


def _unusual(db: sqlite3.Connection, q: Question) -> "array[int]":
    order = stored_order(db, q.kind, q.field)
    numbers = stored_order(db, q.kind, "")
    if q.terms:
        few = _few(db, q)
        if few is not None:
            return array("q", _sorted(db, q, few, len(few)))
        order = _only_matching(db, q, order)
    found = array("q")
    for start in range(0, len(order), AT_ONCE):
        found.extend([numbers[r - 1] for r in order[start : start + AT_ONCE]])
    if not q.down:
        return found
    return turned_matches(db, q, found) if q.terms else turned(db, q, found)


def _only_matching(db: sqlite3.Connection, q: Question, order: "array[int]") -> "array[int]":
    source, values = _texts(q)
    wanted = bytearray(length(db, q.kind) + 1)
    found = db.execute(f"SELECT t.r{source}", values)
    while some := found.fetchmany(AT_ONCE):
        for (r,) in some:
            wanted[r] = 1
    kept = array("I")
    for start in range(0, len(order), AT_ONCE):
        kept.extend([r for r in order[start : start + AT_ONCE] if wanted[r]])
    return kept


def _first_unusual(db: sqlite3.Connection, q: Question, count: int) -> list[int]:
    few = _few(db, q) if q.terms else None
    if few is not None:
        return _sorted(db, q, few, count)
    found: list[int] = []
    for places in _steps(db, q):
        source, values = _texts(q, " AND t.r IN (SELECT value FROM json_each(?))", grams=False)
        values.insert(0, json.dumps(list(places)))
        by_place = dict(db.execute(f"SELECT t.r, t.n{source}", values).fetchall())
        found += [by_place[r] for r in places if r in by_place]
        if len(found) >= count:
            break
    return found[:count]


def _steps(db: sqlite3.Connection, q: Question) -> Iterator["array[int]"]:
    """Places in the wanted order, a few at a time."""
    order = stored_order(db, q.kind, q.field)
    if q.down:
        order = turned(db, q, order)
    for start in range(0, len(order), _STEP):
        yield order[start : start + _STEP]


def _sorted(db: sqlite3.Connection, q: Question, numbers: Iterable[int], count: int) -> list[int]:
    sql = (f"SELECT u.n FROM {q.kind} u WHERE u.n IN (SELECT value FROM json_each(?))"
           f" ORDER BY {q.order()} LIMIT {count}")  # fmt: skip
    return [n for (n,) in db.execute(sql, (json.dumps(list(numbers)),))]
