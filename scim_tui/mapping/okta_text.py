"""The expressions of Okta, as text: `user.email != null ? String.toLowerCase(user.email) : "x"`."""

import re

from scim_tui.mapping.foreign import MAX_DEPTH, Attribute, Call, Constant, Node, NotEvaluated

MAX_TEXT = 20_000
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)*)"
    r"|\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<number>\d+)"
    r"|(?P<sign>==|!=|&&|\|\||[?:+!(),.]))"
)
_WORDS = {"and": "&&", "or": "||", "not": "!"}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("+",))
"""Operators that bind weakest first."""
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
        kind, value = match.lastgroup, match[match.lastgroup]
        if kind == "name" and value.lower() in _WORDS:
            kind, value = "sign", _WORDS[value.lower()]
        found.append((kind, value))
        at = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def expression(self, depth: int) -> Node:
        """`condition ? value : value`, or what is no choice."""
        if depth > MAX_DEPTH:
            raise NotEvaluated("The expression is nested too deep.")
        condition = self._operators(0, depth)
        if not self._took("?"):
            return condition
        then = self.expression(depth + 1)
        self.expect("sign", ":")
        return Call("?", (condition, then, self.expression(depth + 1)))

    def expect(self, kind: str, value: str) -> None:
        if self._next() != (kind, value):
            raise NotEvaluated("The expression is not understood.")
        self._at += 1

    def _operators(self, level: int, depth: int) -> Node:
        if level == len(_LEVELS):
            return self._term(depth)
        left = self._operators(level + 1, depth)
        while self._next()[0] == "sign" and self._next()[1] in _LEVELS[level]:
            operator = self._next()[1]
            self._at += 1
            left = Call(operator, (left, self._operators(level + 1, depth)))
        return left

    def _term(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise NotEvaluated("The expression is nested too deep.")
        kind, value = self._next()
        self._at += 1
        if (kind, value) == ("sign", "!"):
            return Call("!", (self._term(depth + 1),))
        if (kind, value) == ("sign", "("):
            node = self.expression(depth + 1)
            self.expect("sign", ")")
        elif kind in ("double", "single"):
            node = Constant(re.sub(r"\\(.)", r"\1", value))
        elif kind == "number":
            node = Constant(int(value))
        elif kind == "name":
            node = self._named(value, depth)
        else:
            raise NotEvaluated("The expression is not understood.")
        return self._methods(node, depth)

    def _named(self, name: str, depth: int) -> Node:
        if name.lower() in ("null", "true", "false"):
            return Constant(None if name.lower() == "null" else name.lower())
        if not self._took("("):
            return Attribute(name)
        owner, _, method = name.rpartition(".")
        arguments = self._arguments(depth)
        if owner and owner.split(".")[0] not in _LIBRARIES:
            # user.firstName.substring(0, 1): a method of a value
            return Call(f".{method}", (Attribute(owner), *arguments))
        return Call(name, arguments)

    def _methods(self, node: Node, depth: int) -> Node:
        while self._took("."):
            kind, name = self._next()
            self._at += 1
            if kind != "name" or "." in name:
                raise NotEvaluated("The expression is not understood.")
            self.expect("sign", "(")
            node = Call(f".{name}", (node, *self._arguments(depth)))
        return node

    def _arguments(self, depth: int) -> tuple[Node, ...]:
        if self._took(")"):
            return ()
        arguments = [self.expression(depth + 1)]
        while self._took(","):
            arguments.append(self.expression(depth + 1))
        self.expect("sign", ")")
        return tuple(arguments)

    def _next(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _took(self, sign: str) -> bool:
        taken = self._next() == ("sign", sign)
        self._at += taken
        return taken


_LIBRARIES = frozenset({"String", "Arrays", "Convert", "Iso3166Convert", "Time", "Groups"})
