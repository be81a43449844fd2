"""The expressions of Okta, as text: `user.email != null ? String.toLowerCase(user.email) : "x"`."""

import re

from scim_tui.mapping.idp_rules.tokens import (
    NOT_UNDERSTOOD,
    Token,
    TokenStream,
    check_depth,
    unescaped,
)
from scim_tui.mapping.rules.idp_expression import (
    Attribute,
    Constant,
    FunctionCall,
    Node,
    NotEvaluated,
)

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)*)"
    r"|\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<number>\d+)"
    r"|(?P<sign>==|!=|&&|\|\||\?:|[?:+!(),.]))"
)
_WORDS = {"and": "&&", "or": "||", "not": "!"}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("+",))
"""Operators that bind weakest first."""
_LIBRARIES = frozenset({"String", "Arrays", "Convert", "Iso3166Convert", "Time", "Groups"})


def parse_expression(text: str) -> Node:
    """Parse an expression. Raises `NotEvaluated` when it is not understood."""
    parser = _Parser(TokenStream(text, _TOKEN))
    node = parser.expression(0)
    parser.tokens.end()
    return node


class _Parser:
    def __init__(self, tokens: TokenStream) -> None:
        self.tokens = tokens

    def expression(self, depth: int) -> Node:
        """`condition ? value : value`, `value ?: value`, or an expression without a choice."""
        check_depth(depth)
        condition = self._operators(0, depth)
        if self.tokens.took("?:"):
            return FunctionCall("?:", (condition, self.expression(depth + 1)))
        if not self.tokens.took("?"):
            return condition
        then = self.expression(depth + 1)
        self.tokens.expect(":")
        return FunctionCall("?", (condition, then, self.expression(depth + 1)))

    def _operators(self, level: int, depth: int) -> Node:
        if level == len(_LEVELS):
            return self._term(depth)
        left = self._operators(level + 1, depth)
        while (operator := self._operator())[0] == "sign" and operator[1] in _LEVELS[level]:
            self.tokens.take()
            left = FunctionCall(operator[1], (left, self._operators(level + 1, depth)))
        return left

    def _operator(self) -> Token:
        """The next token; an operator that is a word, such as AND, as its sign."""
        kind, value = self.tokens.next()
        word = _WORDS.get(value.lower()) if kind == "name" else None
        return ("sign", word) if word else (kind, value)

    def _term(self, depth: int) -> Node:
        check_depth(depth)
        kind, value = self._operator()
        self.tokens.take()
        if (kind, value) == ("sign", "!"):
            return FunctionCall("!", (self._term(depth + 1),))
        if (kind, value) == ("sign", "("):
            node = self.expression(depth + 1)
            self.tokens.expect(")")
        elif kind in ("double", "single"):
            node = Constant(unescaped(value))
        elif kind == "number":
            node = Constant(int(value))
        elif kind == "name":
            node = self._named(value, depth)
        else:
            raise NotEvaluated(NOT_UNDERSTOOD)
        return self._methods(node, depth)

    def _named(self, name: str, depth: int) -> Node:
        if name.lower() in ("null", "true", "false"):
            return Constant(None if name.lower() == "null" else name.lower())
        if not self.tokens.took("("):
            return Attribute(name)
        owner, _, method = name.rpartition(".")
        arguments = self._arguments(depth)
        if owner and owner.split(".")[0] not in _LIBRARIES:
            # user.firstName.substring(0, 1): a method of a value
            return FunctionCall(f".{method}", (Attribute(owner), *arguments))
        return FunctionCall(name, arguments)

    def _methods(self, node: Node, depth: int) -> Node:
        while self.tokens.took("."):
            kind, name = self.tokens.take()
            if kind != "name" or "." in name:
                raise NotEvaluated(NOT_UNDERSTOOD)
            self.tokens.expect("(")
            node = FunctionCall(f".{name}", (node, *self._arguments(depth)))
        return node

    def _arguments(self, depth: int) -> tuple[Node, ...]:
        return self.tokens.arguments(lambda: self.expression(depth + 1))
