"""Estimates how many ways a regular expression can match one text, before it is used.

Python's matcher tries all ways, one after the other. A repetition has more than one way where what
it repeats may begin with the same character as what follows it: `a?a`, but not `-?\\d`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

Chars = frozenset[str]
_NONE: Chars = frozenset()
MOST = 10**9
"""Ways are counted up to here."""
_OPEN = 999
"""A repetition of more times counts as one without a limit."""
_TOKEN = re.compile(
    r"(?P<skip>\(\?#[^)]*\)|\(\?[aiLmsu]+\)|\^|\\[AbB])"
    r"|(?P<look>\(\?<?[=!])"
    r"|(?P<reference>\(\?P=\w+\)|\\[1-9]\d?)"
    r"|(?P<group>\(\?(?:P?<\w+>|:|>|[aimsu-]+:|\(\w+\))|\()"
    r"|(?P<close>\))|(?P<either>\|)|(?P<end>\$|\\Z)"
    r"|(?P<repeat>(?:[*+?]|\{(?P<low>\d*)(?P<comma>,?)(?P<high>\d*)\})[?+]?)"
    r"|(?P<atom>\[\^?\]?(?:\\.|[^\]\\])*\]|\\x..|\\u....|\\U........|\\N\{[^}]*\}|\\0\d*|\\.|.)",
    re.DOTALL,
)
_SAMPLE = "".join(map(chr, range(128))) + "éÉßıİſ\u212a中日٣\u00a0\u2028\u3000😀"
"""Characters that stand for all others where two classes of characters are compared."""


@dataclass(frozen=True, slots=True)
class PatternCost:
    """The cost of trying a pattern at one place of a text."""

    ways: int = 1
    """Ways to match of the repetitions with a limit."""
    ambiguous: int = 0
    """Repetitions without a limit that share characters with what follows them."""
    plain: bool = False
    """Whether there are other repetitions without a limit."""
    nested: bool = False
    """Whether a repetition without a limit repeats what can match in more than one way."""

    def __and__(self, other: "PatternCost") -> "PatternCost":
        return PatternCost(
            min(self.ways * other.ways, MOST),
            self.ambiguous + other.ambiguous,
            self.plain or other.plain,
            self.nested or other.nested,
        )


@dataclass(frozen=True, slots=True)
class _One:
    """One character, or none for what has no width."""

    first: Chars
    empty: bool = False
    width: int = 1

    def cost(self, _: Chars) -> PatternCost:
        return PatternCost()


@dataclass(frozen=True, slots=True)
class _Row:
    """Several parts in sequence."""

    parts: Sequence["_Node"]

    @property
    def first(self) -> Chars:
        return reduce(_before, reversed(self.parts), _NONE)

    @property
    def empty(self) -> bool:
        return all(part.empty for part in self.parts)

    @property
    def width(self) -> int:
        return min(sum(part.width for part in self.parts), MOST)

    def cost(self, after: Chars) -> PatternCost:
        whole = PatternCost()
        for part in reversed(self.parts):
            whole &= part.cost(after)
            after = _before(after, part)
        return whole


def _before(after: Chars, part: "_Node") -> Chars:
    """The characters that a text may continue with before this part."""
    return part.first | after if part.empty else part.first


@dataclass(frozen=True, slots=True)
class _Either:
    """Alternatives."""

    parts: Sequence["_Node"]

    @property
    def first(self) -> Chars:
        return frozenset().union(*(part.first for part in self.parts))

    @property
    def empty(self) -> bool:
        return any(part.empty for part in self.parts)

    @property
    def width(self) -> int:
        return max(part.width for part in self.parts)

    def cost(self, after: Chars) -> PatternCost:
        costs = [part.cost(after) for part in self.parts]
        begins = [_before(after, part) for part in self.parts]
        distinct = sum(map(len, begins)) == len(frozenset().union(*begins))
        ways = [cost.ways for cost in costs]
        return PatternCost(
            min(max(ways) if distinct else sum(ways), MOST),
            max(cost.ambiguous for cost in costs),
            any(cost.plain for cost in costs),
            any(cost.nested for cost in costs),
        )


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A repetition; `high` None: without a limit."""

    part: "_Node"
    low: int
    high: int | None

    @property
    def first(self) -> Chars:
        return self.part.first

    @property
    def empty(self) -> bool:
        return self.low == 0 or self.part.empty

    @property
    def width(self) -> int:
        return min(self.part.width * (self.high or 1), MOST)

    def cost(self, after: Chars) -> PatternCost:
        again = self.part.first | after if self.high != 1 else after
        inner = self.part.cost(again)
        shared = self.part.empty or bool(self.part.first & after)
        if self.high is None:
            nested = inner.nested or inner.ways > 1 or inner.ambiguous > 0 or self.part.empty
            return PatternCost(1, int(shared), not shared or inner.plain, nested)
        ends = self.high - self.low + 1 if shared else 1
        ways = min(inner.ways, MOST) ** min(self.high, 64) if inner.ways > 1 else 1
        times = inner.ambiguous * self.high
        return PatternCost(min(ways * ends, MOST), times, inner.plain, inner.nested)


@dataclass(frozen=True, slots=True)
class _Look:
    """A look ahead or behind: it has no width, and anything may follow it."""

    part: "_Node"
    everything: Chars
    first: Chars = frozenset()
    empty: bool = True

    @property
    def width(self) -> int:
        return self.part.width

    def cost(self, _: Chars) -> PatternCost:
        return self.part.cost(self.everything)


_Node = _Look | _One | _Row | _Either | _Repeat


def cost_of(pattern: str, flags: int) -> tuple[PatternCost, int]:
    """The cost of a pattern that compiles, and the characters that one way may look at."""
    tree = _Reading(pattern, flags).tree()
    return tree.cost(_NONE), tree.width


def _repeated(part: _Node, token: re.Match[str]) -> _Repeat:
    sign = token[0][0]
    if sign != "{":
        return _Repeat(part, int(sign == "+"), 1 if sign == "?" else None)
    low = int(token["low"] or 0)
    high = int(token["high"]) if token["high"] else None if token["comma"] else low
    return _Repeat(part, low, None if high is not None and low < high > _OPEN else high)


class _Reading:
    def __init__(self, pattern: str, flags: int) -> None:
        self._tokens = _TOKEN.finditer(pattern)
        self._flags = flags
        spelled = re.findall(r"\\(?:x(..)|u(....)|U(........))", pattern)
        codes = (int("".join(digits), 16) for digits in spelled)
        extra = "".join(chr(code) for code in codes if code < 0x110000)
        self._sample = frozenset(_SAMPLE + pattern + extra)
        self._known: dict[str, Chars] = {}

    def tree(self) -> _Node:
        """The tree of the pattern up to its end, or up to the end of a group."""
        rows: list[list[_Node]] = [[]]
        for token in self._tokens:
            kind = token.lastgroup or ""
            if kind == "close":
                break
            if kind == "either":
                rows.append([])
            elif kind == "repeat" and rows[-1]:
                rows[-1].append(_repeated(rows[-1].pop(), token))
            elif kind != "skip":
                rows[-1].append(self._node(kind, token[0]))
        return _Row(rows[0]) if len(rows) == 1 else _Either([_Row(row) for row in rows])

    def _node(self, kind: str, text: str) -> _Node:
        if kind == "group":
            return self.tree()
        if kind == "look":
            return _Look(self.tree(), self._sample)
        if kind == "reference":
            return _One(self._sample, empty=True)
        if kind == "end":
            return _One(frozenset("\n"), width=0)
        return _One(self._chars(text))

    def _chars(self, atom: str) -> Chars:
        """The characters of the sample that an atom stands for; all, where there is none."""
        if atom not in self._known:
            match = re.compile(atom, self._flags).fullmatch
            self._known[atom] = frozenset(filter(match, self._sample)) or self._sample
        return self._known[atom]
