"""The expressions of Entra ID, as text: `IIF([country]="US", Join(" ", [a], [b]), "x")`."""

import re
from collections.abc import Callable

from scim_tui.mapping.idp_rules.tokens import NOT_UNDERSTOOD, TokenStream, check_depth, unescaped
from scim_tui.mapping.rules.idp_expression import (
    Attribute,
    Constant,
    FunctionCall,
    Node,
    NotEvaluated,
)

_TOKEN = re.compile(
    r"\s*(?:\[(?P<attribute>[^\]]+)\]|\"(?P<text>(?:[^\"\\]|\\.)*)\"|(?P<number>-?\d+)"
    r"|(?P<name>\w+)\s*\(|(?P<word>True|False)\b|(?P<sign><>|[=&(),]))",
    re.IGNORECASE,
)
_LEAVES: dict[str, Callable[[str], Node]] = {
    "attribute": lambda value: Attribute(value.strip()),
    "text": lambda value: Constant(unescaped(value)),
    "number": lambda value: Constant(int(value)),
    "word": Constant,
}


def parse_expression(text: str) -> Node:
    """Parse an expression. Raises `NotEvaluated` when it is not understood."""
    tokens = TokenStream(text, _TOKEN)
    node = _expression(tokens, 0)
    tokens.end()
    return node


def _expression(tokens: TokenStream, depth: int) -> Node:
    check_depth(depth)
    left = _term(tokens, depth)
    while tokens.next() in (("sign", "="), ("sign", "<>"), ("sign", "&")):
        operator = tokens.take()[1]
        left = FunctionCall(operator, (left, _term(tokens, depth)))
    return left


def _term(tokens: TokenStream, depth: int) -> Node:
    if tokens.next() in (("sign", ","), ("sign", ")")):
        return Constant(None)
    kind, value = tokens.take()
    if kind == "name":
        return FunctionCall(value, tokens.arguments(lambda: _expression(tokens, depth + 1)))
    if (kind, value) == ("sign", "("):
        inner = _expression(tokens, depth + 1)
        tokens.expect(")")
        return inner
    if kind not in _LEAVES:
        raise NotEvaluated(NOT_UNDERSTOOD)
    return _LEAVES[kind](value)
