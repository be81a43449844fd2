"""Expressions that compute a value from a person: JMESPath with a few functions of our own.

`join(sep, a, b, ...)`, `concat(a, b, ...)`, `lower`, `upper`, `title`, `trim`, `ascii`,
`default(a, b, ...)`,
`if(condition, then, else)`, `empty(value)`, `first(list)`, `last(list)`, `split(text, sep)`,
`replace(text, old, new)`, `replace_first(text, old, new)`,
`regex_replace(text, pattern, new, group)`, `regex_group(text, pattern, group)`,
`words(text, separators)`, `position(text, part)`, `unique(list)`,
`substring(text, start, length)`, `before(text, sep)`, `after(text, sep)`, `local_part(mail)`,
`domain(mail)`, `switch(value, default, key, result, ...)`, `has_bit(number, bit)`, `text(value)`,
`active(value, ...)` and `inactive(value)`, which read words such as Yes or Suspended: the second is
for a column that says who is blocked, and as in Entra ID `soft_deleted(accountEnabled)`,
`proper_case(text, separators)`, `normalize_diacritics(text)` and `word(text, number, delimiters)`.
"""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

import jmespath
from jmespath import exceptions

from scim_tui.mapping.rules.compiled import Evaluate, compiled
from scim_tui.mapping.rules.functions import NAMES, arity, is_false
from scim_tui.mapping.rules.patterns import pattern
from scim_tui.mapping.rules.status_words import StatusUnknown
from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import suggestion

Tree = Mapping[str, Any]
"""An expression as JMESPath parses it."""
MAX_EXPRESSION = 4_000
EVALUATION_ERRORS = (exceptions.JMESPathError, RecursionError, TypeError, ValueError, OverflowError)
"""What evaluating raises when an expression does not fit a person."""


class BadExpression(UsageError):
    """An expression that cannot be compiled; `column` counts from 1."""

    def __init__(self, problem: str, hint: str = "", column: int = 1) -> None:
        super().__init__(problem, hint)
        self.column = column


class EvaluationFailed(UsageError):
    """An expression does not fit the person it was used on."""

    def __init__(self, reason: str, status: StatusUnknown | None = None) -> None:
        super().__init__(reason)
        self.status = status
        """The unknown status word, where that is the reason."""


class Expression:
    """A compiled expression. Raises `BadExpression`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._take(*_compile(text))

    def _take(self, tree: Tree, evaluate: Evaluate) -> None:
        self._tree, self.evaluate = tree, evaluate
        """The bare function; raises one of `EVALUATION_ERRORS`."""
        self.fields = frozenset(_fields(tree))
        """The columns or keys of a person that it uses."""
        self.sources = frozenset(_sources(tree))
        """Like `fields`, with the whole path to each value, only to be compared."""
        self.is_source = str(tree) in self.sources
        """Whether the expression is a plain field."""

    def rewritten(self, change: Callable[[Tree], Tree]) -> "Expression":
        """A copy with another tree, such as one with other names of columns."""
        tree = change(self._tree)
        if tree == self._tree:
            return self
        other = copy(self)
        other._take(tree, compiled(tree))
        return other

    def of(self, person: Mapping[str, Any]) -> object:
        """The value for one person, None for nothing. Raises `EvaluationFailed`."""
        try:
            value: object = self.evaluate(person)
        except EVALUATION_ERRORS as error:
            status = error if isinstance(error, StatusUnknown) else None
            raise EvaluationFailed(reason_of(error), status) from error
        return value

    def holds_for(self, person: Mapping[str, Any]) -> bool:
        """Whether the value counts as true in JMESPath: not null, false or empty."""
        return not is_false(self.of(person))


def reason_of(error: Exception) -> str:
    """Why an expression does not fit, without the value, which is personal."""
    if isinstance(error, exceptions.JMESPathTypeError):
        expected = " or ".join(error.expected_types)
        return f"{error.function_name}() takes {expected}, not {error.actual_type}."
    if isinstance(error, StatusUnknown):
        return "The status of this person is not known."
    return "The expression does not fit this person."


def _compile(text: str) -> tuple[Mapping[str, Any], Evaluate]:
    if len(text) > MAX_EXPRESSION:
        raise BadExpression(f"The expression is longer than {MAX_EXPRESSION:,} characters.")
    try:
        tree: dict[str, Any] = jmespath.compile(text).parsed
        for call in _calls(tree):
            _check_call(text, call)
        return tree, compiled(tree)
    except exceptions.EmptyExpressionError as error:
        raise BadExpression("The expression is empty.") from error
    except exceptions.LexerError as error:
        raise BadExpression(f"{error.message}.", column=error.lexer_position + 1) from error
    except exceptions.ParseError as error:
        column = (error.lex_position or 0) + 1
        raise BadExpression("The expression is not JMESPath.", _QUOTES, column) from error
    except RecursionError as error:
        raise BadExpression("The expression is nested too deep.") from error


def _check_call(text: str, call: Mapping[str, Any]) -> None:
    name, given = str(call["value"]), len(call["children"])
    column = text.find(f"{name}(") + 1
    if name not in NAMES:
        hint = suggestion(name, NAMES, f"There are {', '.join(sorted(NAMES))}.")
        raise BadExpression(f"There is no function {name}().", hint, column)
    wanted, more = arity(name)
    if given < wanted or (given > wanted and not more):
        many = f"{'at least ' if more else ''}{wanted}"
        raise BadExpression(f"{name}() takes {many} values, not {given}.", column=column)
    if name.startswith("regex_") and call["children"][1]["type"] == "literal":
        try:
            pattern(str(call["children"][1]["value"]))
        except UsageError as error:
            raise BadExpression(error.message, error.hint, column) from error


_QUOTES = "Column names with spaces or points need double quotes, texts need single quotes."


def _calls(tree: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inner = [call for child in _children(tree) for call in _calls(child)]
    return [tree, *inner] if tree["type"] == "function_expression" else inner


def _children(tree: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [child for child in tree.get("children", ()) if isinstance(child, dict)]


def _fields(tree: Mapping[str, Any]) -> set[str]:
    """Root fields: of `a.b` only `a`."""
    if tree["type"] == "field":
        return {str(tree["value"])}
    children = _children(tree)
    if tree["type"] in INWARD:
        return _fields(children[0]) if children else set()
    return set().union(*(_fields(child) for child in children))


def _sources(tree: Mapping[str, Any]) -> set[str]:
    """Each path to a value: of `a.b || c` both `a.b` and `c`."""
    if tree["type"] == "field" or tree["type"] in INWARD:
        return {str(tree)}
    return set().union(*(_sources(child) for child in _children(tree)))


INWARD = frozenset(
    {
        "subexpression",
        "pipe",
        "index_expression",
        "projection",
        "filter_projection",
        "value_projection",
        "flatten",
    }
)
"""Kinds of nodes whose first part reads the person, and the others its value."""
