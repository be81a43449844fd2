"""Expressions that take a value out of a person: JMESPath with a few functions of our own.

`join(sep, a, b, ...)`, `lower`, `upper`, `trim`, `default(a, b, ...)`, `first(list)`,
`split(text, sep)`, `replace(text, old, new)`, `switch(value, default, key, result, ...)`.
What is missing stays missing: each of them gives null for null.
"""

from collections.abc import Callable, Mapping
from typing import Any

import jmespath
from jmespath import exceptions, functions, visitor

from scim_tui.model.errors import UsageError

MAX_EXPRESSION = 4_000
_ANY: dict[str, list[str]] = {"types": []}
_MORE: dict[str, Any] = {"types": [], "variadic": True}
_TEXT = {"types": ["string"]}
_TEXT_OR_NULL = {"types": ["string", "null"]}
signature: Callable[..., Callable[[Any], Any]] = functions.signature


class _Functions(functions.Functions):  # type: ignore[misc]
    @signature(_TEXT, _MORE)
    def _func_join(self, separator: str, *values: object) -> str | None:
        flat: list[object] = []
        for value in values:
            flat.extend(value if isinstance(value, list) else [value])
        parts = [str(value) for value in flat if value is not None and value != ""]
        return separator.join(parts) if parts else None

    @signature(_TEXT_OR_NULL)
    def _func_lower(self, text: str | None) -> str | None:
        return text.lower() if text else text

    @signature(_TEXT_OR_NULL)
    def _func_upper(self, text: str | None) -> str | None:
        return text.upper() if text else text

    @signature(_TEXT_OR_NULL)
    def _func_trim(self, text: str | None) -> str | None:
        return text.strip() if text else text

    @signature(_MORE)
    def _func_default(self, *values: object) -> object:
        return next((value for value in values if value is not None and value != ""), None)

    @signature(_ANY)
    def _func_first(self, values: object) -> object:
        if isinstance(values, list):
            return values[0] if values else None
        return values

    @signature(_TEXT_OR_NULL, _TEXT)
    def _func_split(self, text: str | None, separator: str) -> list[str] | None:
        if not text:
            return None
        return text.split(separator) if separator else text.split()

    @signature(_TEXT_OR_NULL, _TEXT, _TEXT)
    def _func_replace(self, text: str | None, old: str, new: str) -> str | None:
        return text.replace(old, new) if text else text

    @signature(_ANY, _ANY, _MORE)
    def _func_switch(self, value: object, otherwise: object, *pairs: object) -> object:
        for key, result in zip(pairs[::2], pairs[1::2], strict=False):
            if type(key) is type(value) and key == value:
                return result
        return otherwise


_FUNCTIONS = _Functions()
NAMES = frozenset(_Functions.FUNCTION_TABLE)
"""Every function an expression may call."""


class BadExpression(UsageError):
    """An expression that cannot be compiled; `column` counts from 1."""

    def __init__(self, problem: str, hint: str = "", column: int = 1) -> None:
        super().__init__(problem, hint)
        self.column = column


class EvaluationFailed(UsageError):
    """An expression does not fit the person it was used on."""


class Expression:
    """A compiled expression. Raises `BadExpression`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tree = _compile(text)
        self._interpreter = visitor.TreeInterpreter(visitor.Options(custom_functions=_FUNCTIONS))
        self._field: str | None = self._tree["value"] if self._tree["type"] == "field" else None
        self.fields = frozenset(_fields(self._tree))
        """The columns or keys of a person it looks at, as far as they can be told."""

    def of(self, person: Mapping[str, Any]) -> object:
        """The value for one person, None for nothing. Raises `EvaluationFailed`."""
        if self._field is not None:
            return person.get(self._field)
        try:
            value: object = self._interpreter.visit(self._tree, person)
        except (exceptions.JMESPathError, RecursionError, TypeError, ValueError) as error:
            raise EvaluationFailed(_reason(error)) from error
        return value

    def holds_for(self, person: Mapping[str, Any]) -> bool:
        """Whether the value counts as true in JMESPath: not null, false or empty."""
        return self.of(person) not in (None, False, "", [], {})


def _reason(error: Exception) -> str:
    if isinstance(error, exceptions.JMESPathTypeError):
        expected = " or ".join(error.expected_types)
        return f"{error.function_name}() takes {expected}, not {error.actual_type}."
    return "The expression does not fit this person."


def _compile(text: str) -> dict[str, Any]:
    if len(text) > MAX_EXPRESSION:
        raise BadExpression(f"The expression is longer than {MAX_EXPRESSION:,} characters.")
    try:
        tree: dict[str, Any] = jmespath.compile(text).parsed
        called = sorted(_called(tree) - NAMES)
    except exceptions.EmptyExpressionError as error:
        raise BadExpression("The expression is empty.") from error
    except exceptions.LexerError as error:
        raise BadExpression(f"{error.message}.", column=error.lexer_position + 1) from error
    except exceptions.ParseError as error:
        column = (error.lex_position or 0) + 1
        raise BadExpression("The expression is not JMESPath.", _QUOTES, column) from error
    except RecursionError as error:
        raise BadExpression("The expression is nested too deep.") from error
    if called:
        column = text.find(f"{called[0]}(") + 1
        known = ", ".join(sorted(NAMES))
        raise BadExpression(f"There is no function {called[0]}().", f"There are {known}.", column)
    return tree


_QUOTES = "Column names with spaces or points need double quotes, texts need single quotes."


def _called(tree: Mapping[str, Any]) -> set[str]:
    own = {str(tree["value"])} if tree["type"] == "function_expression" else set()
    return own.union(*(_called(child) for child in _children(tree)))


def _children(tree: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [child for child in tree.get("children", ()) if isinstance(child, dict)]


def _fields(tree: Mapping[str, Any]) -> set[str]:
    """Root fields: of `a.b` only `a`."""
    if tree["type"] == "field":
        return {str(tree["value"])}
    children = _children(tree)
    if tree["type"] in {"subexpression", "pipe", "index_expression", "projection",
                        "filter_projection", "value_projection", "flatten"}:  # fmt: skip
        return _fields(children[0]) if children else set()
    return set().union(*(_fields(child) for child in children))
