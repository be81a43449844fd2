"""Searches the rows that did not change since the text index was built.

Texts are read in the requested order until enough match. If only few rows can match, those are
looked up first and then sorted. Conditions on flags (`bitmasks`) are answered without texts.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce

from scim_tui.core.index.access_terms import Condition
from scim_tui.core.index.bitmasks import both, is_flag, mask_of
from scim_tui.core.index.order import (
    chosen,
    length,
    present,
    reversed_all,
    reversed_some,
    stored_order,
)
from scim_tui.core.index.sql import SearchQuery, conditions, haystack_of
from scim_tui.model.directory import Kind

_FEW = 5_000
"""Up to this many matches are looked up all at once and sorted."""
_AHEAD = 5_000
"""Rows read in order before checking whether only few rows match."""
_STEP = 500
_MOST_STEPS = 8
"""Reads from the stored order of a field; after that all texts are read in their own order."""
_STRETCH = 16_384
"""Texts that are read by one statement."""
_MOST_GRAMS = 64
"""Trigrams of a long word that are looked up; the texts found are compared anyway."""
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class FastSearch:
    """One search."""

    db: sqlite3.Connection
    asked: SearchQuery
    q: SearchQuery
    """The query without the terms that `mask` answers."""
    mask: bytes | None
    """For each row number, 1 where the terms on flags match; None: there are no such terms."""

    @classmethod
    def of(cls, db: sqlite3.Connection, asked: SearchQuery, twins: bytes | None) -> "FastSearch":
        """The search for a query; `twins` is the mask for its `duplicate:` terms."""
        asked = asked.without_terms_on("duplicate")
        flags = tuple(term for term in asked.terms if is_flag(asked.kind, term))
        rest = tuple(term for term in asked.terms if term not in flags)
        masks = [twins] if twins is not None else []
        masks += [mask_of(db, asked.kind, flags)] if flags else []
        mask = reduce(both, masks) if masks else None
        return cls(db, asked, replace(asked, terms=rest), mask)

    def all(self) -> "array[int]":
        """The numbers of all matching rows, in order; numbers of changed rows may be among them."""
        few = self._few() if self._is_filtered and not _match(self.q) else None
        if few is not None:
            return array("I", in_order(self.db, self.asked, few, len(few)))
        found = self._in_order()
        return found if self.mask is None else chosen(found, self.mask)

    def first(self, count: int) -> list[int]:
        """The first numbers that `all` gives."""
        if self._is_filtered and not self._is_fast_in_order():
            ahead = self._read_texts(count, _AHEAD) if self.q.usual and self.q.terms else []
            if len(ahead) >= count:
                return ahead
            few = self._few()
            if few is not None:
                return in_order(self.db, self.asked, few, count)
        walks = self.q.usual and self.q.terms
        return self._read_texts(count) if walks else self._first_stored(count)

    @property
    def _is_filtered(self) -> bool:
        return bool(self.asked.terms) or self.mask is not None

    def _is_fast_in_order(self) -> bool:
        """Whether reading the texts in order is fast: trigrams lead to every match."""
        q = self.q
        return q.usual and self.mask is None and bool(_match(q)) and not q.needs_rows

    # All of them.

    def _in_order(self) -> "array[int]":
        """The matches by their text; a changed row is at its old position."""
        if self.q.terms and self.q.usual:
            found = array("I")
            for some in self._matches():
                found.extend(some)
            return reversed_some(self.db, self.q, found) if self.q.down else found
        found = stored_order(self.db, self.q.kind, self.q.field)
        if self.q.down:
            found = reversed_all(self.db, self.q, found)
        return chosen(found, self._matching()) if self.q.terms else found

    def _matching(self) -> bytearray:
        """For each row number, 1 where the text matches."""
        wanted = bytearray()
        for some in self._matches():
            wanted = wanted.ljust(max(some) + 1, b"\0")
            for n in some:
                wanted[n] = 1
        return wanted

    def _matches(self) -> Iterator["array[int]"]:
        """Numbers of matching texts in the usual order, concatenated by SQLite.

        Fetching a row releases and takes the interpreter's lock, which takes seconds for a million.
        """
        place, whole = self._place(), length(self.db, self.q.kind)
        for first in range(0, whole, _STRETCH):
            source, values = self._texts(
                f" AND {place} > {first} AND {place} <= {first + _STRETCH}"
            )
            found = self.db.execute(f"SELECT group_concat(n) FROM (SELECT t.n{source})", values)
            numbers = found.fetchone()[0]
            if numbers is not None:
                yield array("I", map(int, str(numbers).split(",")))

    def _masked(self, numbers: Iterable[int]) -> list[int]:
        mask = self.mask
        if mask is None:
            return list(numbers)
        return [n for n in numbers if n < len(mask) and mask[n]]

    # The first ones.

    def _read_texts(self, count: int, ahead: int = 0) -> list[int]:
        """The first matches in the order of the texts; with `ahead`, among that many rows only."""
        place = self._place()
        if not self.q.down:
            return self._some(f" AND {place} <= {ahead}" if ahead else "", place, count)
        last, whole = present(self.db, self.q), length(self.db, self.q.kind)
        low = f" AND {place} > {last - ahead}" if ahead else ""
        found = self._some(f" AND {place} <= {last}{low}", f"{place} DESC", count)
        if len(found) < count and last < whole and not ahead:
            found += self._some(f" AND {place} > {last}", f"{place} DESC", count - len(found))
        return found

    def _some(self, more: str, order: str, count: int) -> list[int]:
        source, values = self._texts(more)
        limit = f" LIMIT {count}" if self.mask is None else ""
        found = self.db.execute(f"SELECT t.n{source} ORDER BY {order}{limit}", values)
        numbers: list[int] = []
        while len(numbers) < count and (some := found.fetchmany(_STEP)):
            numbers += self._masked(n for (n,) in some)
        found.close()
        return numbers[:count]

    def _first_stored(self, count: int) -> list[int]:
        """From the stored order of the field, some at a time, unless that takes too many steps."""
        order = stored_order(self.db, self.q.kind, self.q.field)
        if self.q.down:
            order = reversed_all(self.db, self.q, order)
        found: list[int] = []
        for start in range(0, len(order), _STEP):
            if self.q.terms and start >= _STEP * _MOST_STEPS:
                return self.all()[:count].tolist()
            found += self._standing(self._masked(order[start : start + _STEP]))
            if len(found) >= count:
                break
        return found[:count]

    def _standing(self, numbers: list[int]) -> list[int]:
        """The numbers among these whose rows match and did not change, in the same order."""
        if not numbers:
            return []
        where, values = conditions(self.q, haystack_of(self.q.kind))
        among = "WHERE NOT u.gone AND u.n IN (SELECT value FROM json_each(?))"
        sql = f"SELECT u.n FROM {self.q.kind} u {among}"
        given = [json.dumps(numbers), *values]
        kept = {n for (n,) in self.db.execute(f"{sql}{where}{self._clean('u')}", given)}
        return [n for n in numbers if n in kept]

    # Where few match.

    def _few(self) -> list[int] | None:
        """All matches, unordered, if they are few; None: there may be many."""
        if self.mask is not None and self.mask.count(1) <= _FEW:
            return self._standing(_numbers_of(self.mask))
        if _match(self.q):
            return self._found(*self._texts())
        places = _few_places(self.db, self.q)
        if places is not None:
            source, values = self._texts(" AND t.r IN (SELECT value FROM json_each(?))")
            return self._found(source, [json.dumps(places), *values])
        if self.q.needs_rows:
            where, values = conditions(self.asked, haystack_of(self.q.kind))
            sql = f" FROM {self.q.kind} u WHERE NOT u.gone{where}{self._clean('u')}"
            found = self.db.execute(f"SELECT u.n{sql} LIMIT {_FEW + 1}", values).fetchall()
            return None if len(found) > _FEW else self._masked(n for (n,) in found)
        return None

    def _found(self, source: str, values: list[object]) -> list[int] | None:
        found = self.db.execute(f"SELECT t.n{source} LIMIT {_FEW + 1}", values).fetchall()
        return None if len(found) > _FEW else self._masked(n for (n,) in found)

    # SQL.

    def _texts(self, more: str = "") -> Condition:
        """FROM and WHERE over the texts `t`, by trigrams where a word has three letters."""
        q = self.q
        where, values = conditions(q, "t.haystack")
        match = _match(q)
        joined = f"{q.kind}_grams(?) g CROSS JOIN {q.kind}_text t ON t.r = g.rowid"
        source = joined if match else f"{q.kind}_text t"
        if q.needs_rows:
            source += f" CROSS JOIN {q.kind} u ON u.n = t.n"
        given: list[object] = [match] if match else []
        return f" FROM {source} WHERE 1{more}{where}{self._clean('t')}", [*given, *values]

    def _clean(self, table: str) -> str:
        return f" AND {table}.n NOT IN (SELECT n FROM {self.q.kind}_dirty)"

    def _place(self) -> str:
        return "g.rowid" if _match(self.q) else "t.r"


def _match(q: SearchQuery) -> str:
    """The FTS5 query for the trigrams of all words; empty: no word has three letters."""
    words = [t.text for t in q.terms if not t.field and not t.negated and len(t.text) > 2]
    grams = {word[at : at + 3] for word in words for at in range(len(word) - 2)}
    quoted = ['"' + gram.replace('"', '""') + '"' for gram in sorted(grams) if "\0" not in gram]
    return " AND ".join(quoted[:_MOST_GRAMS])


def _few_places(db: sqlite3.Connection, q: SearchQuery) -> list[int] | None:
    """Where a word of one or two letters occurs, by trigrams that begin with it; None: too many."""
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


def _numbers_of(mask: bytes) -> list[int]:
    numbers, at = [], mask.find(1)
    while at >= 0:
        numbers.append(at)
        at = mask.find(1, at + 1)
    return numbers


def in_order(
    db: sqlite3.Connection, q: SearchQuery, numbers: Iterable[int], count: int
) -> list[int]:
    """The first of these numbers in the wanted order."""
    sql = (
        f"SELECT u.n FROM {q.kind} u WHERE u.n IN (SELECT value FROM json_each(?))"
        f" ORDER BY {q.order()} LIMIT {count}"
    )
    return [n for (n,) in db.execute(sql, (json.dumps(list(numbers)),))]
