"""Matches the columns that rules name with the columns of a file, and finds missing ones.

A rule names a column in any case. `profile.login` and `emails[0].value` mean a value inside an
object, or in a flat file a column of that whole name; `phones` may mean the columns `phones.0.type`
and `phones.0.value` combined.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from scim_tui.mapping.rules.expressions import INWARD, Expression, Tree
from scim_tui.mapping.rules.rules import Rule, RuleSet
from scim_tui.model.nearest import nearest


@dataclass(frozen=True, slots=True)
class MissingColumn:
    """A rule names a column that the people do not have."""

    rule: Rule
    column: str
    near: str
    """The column with the most similar name; empty: none is similar."""

    @property
    def message(self) -> str:
        """The problem as a sentence, with the nearest column."""
        hint = f" Did you mean {self.near}?" if self.near else ""
        where = f"Rule {self.rule.target.text} (line {self.rule.line})"
        return f"{where}: there is no column {self.column}.{hint}"


def missing_columns(rules: RuleSet, columns: Collection[str]) -> tuple[MissingColumn, ...]:
    """Rules that cannot give any person a value, as none of their columns exists."""
    known = frozenset(columns)
    found = []
    for rule in rules.rules:
        if rule.source and rule.source.fields and not rule.source.fields & known:
            named = [(column, nearest(column, known)) for column in sorted(rule.source.fields)]
            column, near = next((pair for pair in named if pair[1]), named[0])
            found.append(MissingColumn(rule, column, near))
    return tuple(found)


def bound(rules: RuleSet, columns: Iterable[str]) -> RuleSet:
    """The rules of people with the columns spelled as their file has them."""
    people = Columns(columns)
    return replace(rules, rules=tuple(_bound(rule, people) for rule in rules.rules))


def bound_of_groups(rules: RuleSet, columns: Iterable[str]) -> RuleSet:
    """The rules of groups with the columns spelled as the file of groups has them."""
    groups = Columns(columns)
    return replace(rules, group_rules=tuple(_bound(rule, groups) for rule in rules.group_rules))


def _bound(rule: Rule, columns: "Columns") -> Rule:
    def spelled(one: Expression | None) -> Expression | None:
        return None if one is None else one.rewritten(columns.spelled)

    return replace(rule, source=spelled(rule.source), when=spelled(rule.when))


_Path = tuple[str, ...]
_INDEX = re.compile(r"\[(\d+)\]")


class Columns:
    """The columns of one file, searched by name in any case, as a whole or part by part."""

    def __init__(self, names: Iterable[str]) -> None:
        self._exact = frozenset(names)
        self._by_path: dict[_Path, str] = {}
        self._below: dict[str, dict[_Path, str]] = {}
        """Columns with a dot in their name, by the first step."""
        for name in dict.fromkeys(names):
            path = _path_of(name)
            self._by_path.setdefault(_folded(path), name)
            if len(path) > 1:
                self._below.setdefault(path[0].casefold(), {}).setdefault(path[1:], name)

    def spelled(self, tree: Tree) -> Tree:
        """The expression with each column spelled as in the file."""
        if tree["type"] == "field":
            return self._column(tree)
        if tree["type"] in INWARD:
            steps = _steps(tree)
            if steps and (column := self._by_path.get(_folded(steps))):
                return _field(column)
            first, *rest = tree["children"]
            return {**tree, "children": [self.spelled(first), *rest]}
        if tree["type"] == "expref":
            return tree
        inner = [self.spelled(one) if isinstance(one, dict) else one for one in tree["children"]]
        return {**tree, "children": inner}

    def _column(self, tree: Tree) -> Tree:
        name = str(tree["value"])
        below = self._below.get(name.casefold(), {})
        numbered = any(path[0].isdigit() for path in below)
        if numbered:  # a column `phones` beside `phones.0.value` holds how many there are
            return _put_together(below)
        if name in self._exact:
            return tree
        if column := self._by_path.get(_folded(_path_of(name))):
            return _field(column)
        return _put_together(below) if below else tree


def _path_of(name: str) -> _Path:
    """The parts of a dotted name: `emails[0].value` and `emails.0.value` are equal."""
    return tuple(_INDEX.sub(r".\1", name).split("."))


def _folded(path: _Path) -> _Path:
    return tuple(step.casefold() for step in path)


def _steps(tree: Tree) -> _Path:
    """The parts of a path into a person; empty: the expression is no plain path."""
    if tree["type"] in ("field", "index"):
        return (str(tree["value"]),)
    if tree["type"] not in ("subexpression", "index_expression"):
        return ()
    parts = [_steps(part) for part in tree["children"]]
    return tuple(step for part in parts for step in part) if all(parts) else ()


def _field(column: str) -> Tree:
    return {"type": "field", "children": [], "value": column}


def _put_together(columns: Mapping[_Path, str]) -> Tree:
    """An object or a list made of dotted columns; list entries without a value are left out."""
    inner: dict[str, dict[_Path, str]] = {}
    for path, column in columns.items():
        if not path:
            return _field(column)
        inner.setdefault(path[0], {})[path[1:]] = column
    parts = {step: _put_together(below) for step, below in inner.items()}
    if not all(step.isdigit() for step in parts):
        pairs = [
            {"type": "key_val_pair", "value": step, "children": [part]}
            for step, part in parts.items()
        ]
        return {"type": "multi_select_dict", "children": pairs}
    whole = {
        "type": "multi_select_list",
        "children": [parts[step] for step in sorted(parts, key=int)],
    }
    names = dict.fromkeys(path[1] for path in columns if len(path) > 1)
    return {
        "type": "filter_projection",
        "children": [whole, {"type": "identity", "children": []}, _any_of(list(names))],
    }


def _any_of(names: list[str]) -> Tree:
    """Whether one of these keys has a value; without keys, whether there is a value at all."""
    if not names:
        return {"type": "current", "children": []}
    first, *rest = names
    tree: dict[str, Any] = dict(_field(first))
    for name in rest:
        tree = {"type": "or_expression", "children": [tree, _field(name)]}
    return tree
