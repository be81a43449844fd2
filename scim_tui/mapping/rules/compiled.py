"""Compiles a JMESPath tree to Python functions, which take a fraction of the interpreter's time.

The meaning is the interpreter's, node by node; a kind of node that rules hardly use is left
to the interpreter.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jmespath import visitor

from scim_tui.mapping.rules.functions import FUNCTIONS, is_false

Node = Mapping[str, Any]
Json = Any
"""Whatever a person holds."""
Evaluate = Callable[[Json], Json]
_INTERPRETER = visitor.TreeInterpreter(visitor.Options(custom_functions=FUNCTIONS))
_EQUAL = visitor.TreeInterpreter.COMPARATOR_FUNC["eq"]


def compiled(node: Node) -> Evaluate:
    """The function that evaluates a tree."""
    make = _MAKERS.get(node["type"])
    return make(node) if make else lambda value: _INTERPRETER.visit(node, value)


def _field(node: Node) -> Evaluate:
    key = node["value"]

    def field(value: Json) -> Json:
        try:
            return value.get(key)
        except AttributeError:
            return None

    return field


def _chain(node: Node) -> Evaluate:
    """`a.b`, `a[0]` and `a | b`: each part is applied to the value of the one before."""
    parts = [compiled(child) for child in node["children"]]
    if len(parts) == 2:
        first, second = parts
        return lambda value: second(first(value))

    def chain(value: Json) -> Json:
        for part in parts:
            value = part(value)
        return value

    return chain


def _or(node: Node) -> Evaluate:
    parts = [compiled(child) for child in _alternatives(node)]
    last = parts.pop()

    def either(value: Json) -> Json:
        for part in parts:
            found = part(value)
            if found or not is_false(found):
                return found
        return last(value)

    return either


def _alternatives(node: Node) -> list[Node]:
    """`a || b || c` as a list; its tree is nested on the left."""
    rest: list[Node] = []
    while node["type"] == "or_expression":
        node, right = node["children"]
        rest.append(right)
    return [node, *reversed(rest)]


def _and(node: Node) -> Evaluate:
    left, right = (compiled(child) for child in node["children"])

    def both(value: Json) -> Json:
        found = left(value)
        return found if is_false(found) else right(value)

    return both


def _not(node: Node) -> Evaluate:
    inner = compiled(node["children"][0])
    return lambda value: is_false(inner(value))


def _literal(node: Node) -> Evaluate:
    literal = node["value"]
    return lambda _: literal


def _same(_: Node) -> Evaluate:
    return lambda value: value


def _index(node: Node) -> Evaluate:
    place = node["value"]

    def index(value: Json) -> Json:
        if not isinstance(value, list):
            return None
        try:
            return value[place]
        except IndexError:
            return None

    return index


def _comparison(node: Node) -> Evaluate:
    if node["value"] not in ("eq", "ne"):
        return lambda value: _INTERPRETER.visit(node, value)
    left, right = (compiled(child) for child in node["children"])
    if node["value"] == "eq":
        return lambda value: _EQUAL(left(value), right(value))
    return lambda value: not _EQUAL(left(value), right(value))


def _call(node: Node) -> Evaluate:
    name = node["value"]
    arguments = [compiled(child) for child in node["children"]]
    call = FUNCTIONS.call_function
    return lambda value: call(name, [argument(value) for argument in arguments])


def _flatten(node: Node) -> Evaluate:
    inner = compiled(node["children"][0])

    def flatten(value: Json) -> Json:
        found = inner(value)
        if not isinstance(found, list):
            return None
        flat: list[Any] = []
        for one in found:
            flat.extend(one if isinstance(one, list) else [one])
        return flat

    return flatten


def _projection(node: Node) -> Evaluate:
    inner, each = (compiled(child) for child in node["children"][:2])
    keeps = compiled(node["children"][2]) if len(node["children"]) > 2 else None

    def projection(value: Json) -> Json:
        found = inner(value)
        if not isinstance(found, list):
            return None
        kept = (one for one in found if keeps is None or not is_false(keeps(one)))
        return [result for one in kept if (result := each(one)) is not None]

    return projection


_MAKERS: dict[str, Callable[[Node], Evaluate]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "literal": _literal,
    "current": _same,
    "identity": _same,
    "index": _index,
    "comparator": _comparison,
    "function_expression": _call,
    "flatten": _flatten,
    "projection": _projection,
    "filter_projection": _projection,
}
