"""The syntax tree of the expressions of IdPs, and its simple parts as JMESPath."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_DEPTH = 32
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class NotEvaluated(Exception):
    """Only the IdP can evaluate an expression; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of the person, by its name in the IdP."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A text or a number; None: nothing was given."""

    value: str | int | None


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function or an operator with its arguments."""

    name: str
    arguments: Sequence["Node"]


Node = Attribute | Constant | FunctionCall


def quoted_name(name: str) -> str:
    """A name as JMESPath."""
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def quoted(value: str | int | None) -> str:
    """A constant as JMESPath."""
    if isinstance(value, str) and "'" not in value and "\\" not in value:
        return f"'{value}'"
    return "`" + json.dumps(value, ensure_ascii=False).replace("`", "\\`") + "`"


def integer(node: Node) -> int:
    """A constant as a number. Raises `NotEvaluated` for anything else."""
    value = node.value if isinstance(node, Constant) else None
    try:
        return int(value) if value is not None else 0
    except ValueError as error:
        raise NotEvaluated(f"{value} is not a number.") from error


class CallArguments:
    """The arguments of one call by index. Raises `NotEvaluated` where there are too few."""

    def __init__(self, call: FunctionCall) -> None:
        self._call = call

    def __getitem__(self, place: int) -> Node:
        if place < len(self._call.arguments):
            return self._call.arguments[place]
        raise NotEvaluated(f"{self._call.name} has {len(self._call.arguments)} arguments only.")

    def number(self, place: int) -> int:
        """A constant number."""
        node = self[place]
        if not isinstance(node, Constant) or node.value is None:
            raise NotEvaluated(f"{self._call.name} counts with a value that is not a constant.")
        return integer(node)

    def text(self, place: int) -> str:
        """A constant text; empty where the argument is missing."""
        if place >= len(self._call.arguments):
            return ""
        node = self[place]
        if not isinstance(node, Constant):
            raise NotEvaluated(f"{self._call.name} takes a text that is not a constant.")
        return "" if node.value is None else str(node.value)
