"""The expressions of Entra ID, as text: `IIF([country]="US", Join(" ", [a], [b]), "x")`."""

import re
from collections.abc import Callable

from scim_tui.mapping.foreign import MAX_DEPTH, Attribute, Call, Constant, Node, NotEvaluated

MAX_TEXT = 20_000
_TOKEN = re.compile(
    r"\s*(?:\[(?P<attribute>[^\]]+)\]|\"(?P<text>(?:[^\"\\]|\\.)*)\"|(?P<number>-?\d+)"
    r"|(?P<name>\w+)\s*\(|(?P<word>True|False)\b|(?P<sign><>|[=&(),]))",
    re.IGNORECASE,
)
_Token = tuple[str, str]


def parse_expression(text: str) -> Node:
    """The expression that a text stands for. Raises `NotEvaluated` when it is not understood."""
    if len(text) > MAX_TEXT:
        raise NotEvaluated("The expression is too long.")
    parser = _Parser(_tokens(text))
    node = parser.expression(0)
    parser.expect("", "")
    return node


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            raise NotEvaluated("The expression is not understood.")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


_LEAVES: dict[str, Callable[[str], Node]] = {
    "attribute": lambda value: Attribute(value.strip()),
    "text": lambda value: Constant(re.sub(r"\\(.)", r"\1", value)),
    "number": lambda value: Constant(int(value)),
    "word": Constant,
}


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def expression(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise NotEvaluated("The expression is nested too deep.")
        left = self._term(depth)
        while self._next()[0] == "sign" and self._next()[1] in ("=", "<>", "&"):
            operator = self._take()[1]
            left = Call(operator, (left, self._term(depth)))
        return left

    def expect(self, kind: str, value: str) -> None:
        if self._next() != (kind, value):
            raise NotEvaluated("The expression is not understood.")
        self._at += 1

    def _term(self, depth: int) -> Node:
        kind, value = self._next()
        if (kind, value) in (("sign", ","), ("sign", ")")):
            return Constant(None)
        self._at += 1
        if kind == "name":
            return Call(value, self._arguments(depth))
        if (kind, value) == ("sign", "("):
            inner = self.expression(depth + 1)
            self.expect("sign", ")")
            return inner
        if kind not in _LEAVES:
            raise NotEvaluated("The expression is not understood.")
        return _LEAVES[kind](value)

    def _arguments(self, depth: int) -> tuple[Node, ...]:
        if self._next() == ("sign", ")"):
            self._at += 1
            return ()
        arguments = [self.expression(depth + 1)]
        while self._next() == ("sign", ","):
            self._at += 1
            arguments.append(self.expression(depth + 1))
        self.expect("sign", ")")
        return tuple(arguments)

    def _next(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self) -> _Token:
        token = self._next()
        self._at += 1
        return token
