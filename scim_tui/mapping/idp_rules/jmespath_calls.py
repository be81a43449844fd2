"""Translates function calls of an IdP whose arguments keep their order in JMESPath."""

from collections.abc import Callable

from scim_tui.mapping.rules.idp_expression import CallArguments, FunctionCall, Node

Make = Callable[[CallArguments, FunctionCall], str]
"""The JMESPath of one call."""
Value = Callable[[Node], str]
"""The JMESPath of one argument."""


def plain(name: str, value: Value) -> Make:
    """Our function of the first argument; later ones, such as a culture, have no effect."""
    return lambda given, _: f"{name}({value(given[0])})"


def pair(name: str, value: Value) -> Make:
    """Our function of two arguments."""
    return lambda given, _: f"{name}({value(given[0])}, {value(given[1])})"


def three(name: str, value: Value) -> Make:
    """Our function of three arguments."""
    return lambda given, _: f"{name}({value(given[0])}, {value(given[1])}, {value(given[2])})"


def every(name: str, value: Value, first: str = "") -> Make:
    """Our function of all arguments, after a first argument of our own."""
    return lambda _, call: f"{name}({first}{', '.join(value(one) for one in call.arguments)})"
