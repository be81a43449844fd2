"""Searches among the rows that the text index holds as they are.

Texts are walked in the wanted order until enough is found; what few rows can match is looked up
first instead. Facts are a mask of bytes, one for each text, and cost next to nothing.
"""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from scim_tui.core.index_facts import is_fact, mask_of
from scim_tui.core.index_order import (
    AT_ONCE,
    chosen,
    length,
    present,
    stored_order,
    turned,
    turned_matches,
)
from scim_tui.core.index_terms import Condition, Question, conditions, haystack_of
from scim_tui.model.directory import Kind

_FEW = 5_000
"""Matches that are sorted rather than found by walking."""
_AHEAD = 5_000
"""Rows walked before it is asked whether few match at all."""
_STEP = 500
_MOST_STEPS = 20
"""Looked up one by one in an order of their own, before all are looked at in a row."""
_LAST = "\U0010ffff"
_AMONG = " AND t.r IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Clean:
    """One search."""

    db: sqlite3.Connection
    asked: Question
    q: Question
    """What the facts leave to be asked."""
    mask: bytes | None
    """For each text, whether the facts hold; None: none is asked for."""

    @classmethod
    def of(cls, db: sqlite3.Connection, asked: Question) -> "Clean":
        """The search for the answer to this."""
        facts = tuple(term for term in asked.terms if is_fact(asked.kind, term))
        rest = tuple(term for term in asked.terms if term not in facts)
        mask = mask_of(db, asked.kind, facts) if facts else None
        return cls(db, asked, replace(asked, terms=rest), mask)

    def all(self) -> "array[int]":
        """The numbers of all that match, in order; those of changed rows may be among them."""
        few = self._few() if not _match(self.q) else None
        if few is not None:
            return array("q", in_order(self.db, self.asked, few, len(few)))
        found = self._in_usual_order() if self.q.usual else self._in_stored_order()
        if not self.q.down:
            return found
        turn = turned_matches if self.asked.terms else turned
        return turn(self.db, self.q, found)

    def first(self, count: int) -> list[int]:
        """The first numbers that `all` gives."""
        if self.asked.terms and not self._is_soon_found():
            ahead = self._walk(count, _AHEAD) if self.q.usual else []
            if len(ahead) >= count:
                return ahead
            few = self._few()
            if few is not None:
                return in_order(self.db, self.asked, few, count)
        return self._walk(count) if self.q.usual else self._first_stored(count)

    def _is_soon_found(self) -> bool:
        """Whether walking the texts ends soon: every match is found through its trigrams."""
        q = self.q
        return q.usual and self.mask is None and bool(_match(q)) and not q.needs_rows

    # All of them.

    def _in_usual_order(self) -> "array[int]":
        if self.q.terms:
            source, values = self._texts()
            sql = f"SELECT t.n, t.r{source} ORDER BY {self._place()}"
            return self._kept(self.db.execute(sql, values))
        order = array("q")
        numbers = stored_order(self.db, self.q.kind, "")
        for start in range(0, len(numbers), AT_ONCE):
            order.extend(numbers[start : start + AT_ONCE].tolist())
        return order if self.mask is None else chosen(order, self.mask)

    def _in_stored_order(self) -> "array[int]":
        order = stored_order(self.db, self.q.kind, self.q.field)
        mask = self._whole_mask()
        if mask is not None:
            order = chosen(order, mask, by_place=True)
        numbers, found = stored_order(self.db, self.q.kind, ""), array("q")
        for start in range(0, len(order), AT_ONCE):
            found.extend([numbers[r - 1] for r in order[start : start + AT_ONCE]])
        return found

    def _whole_mask(self) -> bytes | None:
        """The mask of all that is asked."""
        if not self.q.terms:
            return self.mask
        source, values = self._texts()
        wanted = bytearray(length(self.db, self.q.kind))
        found = self.db.execute(f"SELECT t.r{source}", values)
        while some := found.fetchmany(AT_ONCE):
            for (r,) in some:
                wanted[r - 1] = 1
        if self.mask is None:
            return bytes(wanted)
        both = int.from_bytes(wanted, "little") & int.from_bytes(self.mask, "little")
        return both.to_bytes(len(wanted), "little")

    def _kept(self, found: sqlite3.Cursor) -> "array[int]":
        """Numbers of those rows (number, place) for which the facts hold."""
        numbers = array("q")
        while some := found.fetchmany(AT_ONCE):
            numbers.extend(self._masked(some))
        return numbers

    def _masked(self, found: Iterable[tuple[int, int]]) -> list[int]:
        mask = self.mask
        if mask is None:
            return [n for n, _ in found]
        return [n for n, r in found if mask[r - 1]]

    # The first ones.

    def _walk(self, count: int, ahead: int = 0) -> list[int]:
        """The first matches in the order of the texts; with `ahead`, among so many rows only."""
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
        found = self.db.execute(f"SELECT t.n, t.r{source} ORDER BY {order}{limit}", values)
        numbers: list[int] = []
        while len(numbers) < count and (some := found.fetchmany(_STEP)):
            numbers += self._masked(some)
        found.close()
        return numbers[:count]

    def _first_stored(self, count: int) -> list[int]:
        found: list[int] = []
        steps = self._steps()
        for places in islice(steps, None if not self.q.terms else _MOST_STEPS):
            wanted = [r for r in places if self.mask is None or self.mask[r - 1]]
            source, values = self._texts(_AMONG, grams=False)
            by_place = dict(
                self.db.execute(f"SELECT t.r, t.n{source}", [json.dumps(wanted), *values])
            )
            found += [by_place[r] for r in wanted if r in by_place]
            if len(found) >= count:
                return found[:count]
        return found if next(steps, None) is None else self.all()[:count].tolist()

    def _steps(self) -> Iterator["array[int]"]:
        """Places in the wanted order, a few at a time."""
        order = stored_order(self.db, self.q.kind, self.q.field)
        if self.q.down:
            order = turned(self.db, self.q, order)
        for start in range(0, len(order), _STEP):
            yield order[start : start + _STEP]

    # Where few match.

    def _few(self) -> list[int] | None:
        """All that match, in no order, where few can; None: many may."""
        if self.mask is not None and self.mask.count(1) <= _FEW:
            return self._found(*self._among(_places_of(self.mask)))
        if _match(self.q):
            return self._found(*self._texts())
        places = _few_places(self.db, self.q)
        if places is not None:
            return self._found(*self._among(places))
        if self.q.needs_rows:
            where, values = conditions(self.asked, haystack_of(self.q.kind))
            sql = f" FROM {self.q.kind} u WHERE NOT u.gone{where}{self._clean('u')}"
            found = self.db.execute(f"SELECT u.n{sql} LIMIT {_FEW + 1}", values).fetchall()
            return None if len(found) > _FEW else [n for (n,) in found]
        return None

    def _among(self, places: list[int]) -> Condition:
        source, values = self._texts(_AMONG, grams=False)
        return source, [json.dumps(places), *values]

    def _found(self, source: str, values: list[object]) -> list[int] | None:
        sql = f"SELECT t.n, t.r{source} LIMIT {_FEW + 1}"
        found = self.db.execute(sql, values).fetchall()
        return None if len(found) > _FEW else self._masked(found)

    # SQL.

    def _texts(self, more: str = "", *, grams: bool = True) -> Condition:
        """FROM and WHERE over the texts `t`, through trigrams where a word has three letters."""
        q = self.q
        where, values = conditions(q, "t.haystack")
        match = _match(q) if grams else ""
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


def _match(q: Question) -> str:
    """The trigrams that must be there; empty: no word has three letters."""
    words = [t.text for t in q.terms if not t.field and not t.negated and len(t.text) > 2]
    grams = {word[at : at + 3] for word in words for at in range(len(word) - 2)}
    quoted = ('"' + gram.replace('"', '""') + '"' for gram in sorted(grams) if "\0" not in gram)
    return " AND ".join(quoted)


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


def _places_of(mask: bytes) -> list[int]:
    places, at = [], mask.find(1)
    while at >= 0:
        places.append(at + 1)
        at = mask.find(1, at + 1)
    return places


def in_order(db: sqlite3.Connection, q: Question, numbers: Iterable[int], count: int) -> list[int]:
    """The first of these numbers in the wanted order."""
    sql = (f"SELECT u.n FROM {q.kind} u WHERE u.n IN (SELECT value FROM json_each(?))"
           f" ORDER BY {q.order()} LIMIT {count}")  # fmt: skip
    return [n for (n,) in db.execute(sql, (json.dumps(list(numbers)),))]
