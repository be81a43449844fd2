"""Tokens and calls with arguments, for the parsers of the expressions of all IdPs."""

import re
from collections.abc import Callable

from scim_tui.mapping.rules.idp_expression import MAX_DEPTH, Node, NotEvaluated

MAX_TEXT = 20_000
NOT_UNDERSTOOD = "The expression is not understood."
Token = tuple[str, str]
"""Kind and text."""
_END: Token = ("", "")


class TokenStream:
    """The tokens of one expression, read one after the other. Raises `NotEvaluated`."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        if len(text) > MAX_TEXT:
            raise NotEvaluated("The expression is too long.")
        self._tokens = list(_found(text, pattern))
        self._at = 0

    def next(self) -> Token:
        """The next token without reading it; empty at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def take(self) -> Token:
        """Read the next token."""
        token = self.next()
        self._at += 1
        return token

    def took(self, sign: str) -> bool:
        """Read the next token if it is this sign; returns whether it is."""
        taken = self.next() == ("sign", sign)
        self._at += taken
        return taken

    def expect(self, sign: str) -> None:
        """Read a sign that has to be next."""
        if not self.took(sign):
            raise NotEvaluated(NOT_UNDERSTOOD)

    def end(self) -> None:
        """Raise `NotEvaluated` unless all tokens are read."""
        if self.next() != _END:
            raise NotEvaluated(NOT_UNDERSTOOD)

    def arguments(self, argument: Callable[[], Node]) -> tuple[Node, ...]:
        """The arguments of a call; the opening parenthesis is read already."""
        if self.took(")"):
            return ()
        found = [argument()]
        while self.took(","):
            found.append(argument())
        self.expect(")")
        return tuple(found)


def _found(text: str, pattern: re.Pattern[str]) -> list[Token]:
    found: list[Token] = []
    at = 0
    while text[at:].strip():
        match = pattern.match(text, at)
        if not match or match.lastgroup is None:
            raise NotEvaluated(NOT_UNDERSTOOD)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def unescaped(text: str) -> str:
    """A text in quotes without its backslashes."""
    return re.sub(r"\\(.)", r"\1", text)


def check_depth(depth: int) -> None:
    """Raise `NotEvaluated` for an expression that is nested too deep."""
    if depth > MAX_DEPTH:
        raise NotEvaluated("The expression is nested too deep.")
