"""Mapping rules in TOML, one for each attribute of the directory.

    userName = { source = "login", note = "where it comes from" }
    "name.givenName" = { source = "firstName || first_name" }
    "emails.type" = { const = "work" }
    nickName = { source = "nick", when = "country == 'DE'" }

    [group]
    displayName = "name"

A text alone is a source. An empty value is left out, as Identity Center refuses empty texts;
`empty = "send"` sends it all the same. Rules above any section, or below `[user]`, are for users.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from scim_tui.mapping.base.errors import BadMapping
from scim_tui.mapping.rules.draft import Write, fitted, is_boolean, writer
from scim_tui.mapping.rules.expressions import BadExpression, Expression
from scim_tui.mapping.rules.status_words import as_written, read_word, says_blocked
from scim_tui.mapping.rules.targets import ResourceKind, Target, parse_target
from scim_tui.mapping.rules.toml_lines import TomlLines
from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import suggestion

MAX_CHARACTERS = 1024 * 1024
_KEYS = ("source", "const", "when", "empty", "note")
_EXAMPLE = 'Write rules such as: "name.givenName" = { source = "firstName" }'
OKTA = "okta"
_Path = tuple[str, ...]
Boolean = Callable[[object], object]
"""Converts a value to a boolean where that is possible. Raises `StatusUnknown`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one attribute gets its value."""

    target: Target
    line: int
    """Line of the file, from 1."""
    source: Expression | None = None
    const: object = None
    when: Expression | None = None
    send_empty: bool = False
    note: str = ""
    """A note of the author of the rule."""
    original: str = ""
    """The expression in the language of the IdP it was imported from."""
    unevaluated: str = ""
    """Why only the IdP can compute the value; empty: it is computed here."""
    write: Write = field(init=False, compare=False, repr=False)
    boolean: Boolean | None = field(init=False, compare=False, repr=False)
    """Converts a value to a boolean; None: the attribute takes no boolean."""
    says_active: bool = field(init=False, compare=False, repr=False)
    """Whether the rule fills `active`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "write", writer(self.target))
        object.__setattr__(self, "source", _inverted(self))
        object.__setattr__(self, "boolean", _boolean(self))
        object.__setattr__(self, "says_active", self.target.path == "active")
        object.__setattr__(self, "const", fitted(self.target, self.const))

    @property
    def fields(self) -> frozenset[str]:
        """All columns or keys that the rule uses."""
        sides = (self.source, self.when)
        return frozenset().union(*(side.fields for side in sides if side is not None))

    @property
    def text(self) -> str:
        """The source expression or the constant, as written."""
        if self.original:
            return self.original
        return self.source.text if self.source else f"(constant) {self.const}"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of a file."""

    name: str
    rules: tuple[Rule, ...]
    """Of users."""
    group_rules: tuple[Rule, ...] = ()
    format: str = "toml"
    """toml, entra or okta: the language the file was written in."""
    notes: tuple[str, ...] = ()
    """Notes of the importer."""
    idp: str = ""
    """The IdP of the rules, by the name of its preset; empty: not known."""
    unstable: bool = field(init=False, compare=False, repr=False)
    """Whether externalId of users is computed from the name or the address."""
    of_groups: tuple[Rule, ...] = field(init=False, compare=False, repr=False)
    """The rules for the request that creates a group: all but those for members."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "unstable", _is_unstable(self.rules))
        of_groups = tuple(rule for rule in self.group_rules if rule.target.root != "members")
        object.__setattr__(self, "of_groups", of_groups)

    @property
    def members(self) -> Rule | None:
        """The rule for the members of a group; None: the file lists them."""
        named = (rule for rule in self.group_rules if rule.target.root == "members")
        return next((rule for rule in named if rule.source and not rule.unevaluated), None)

    @property
    def fields(self) -> frozenset[str]:
        """All columns or keys that the rules of users use."""
        return frozenset().union(*(rule.fields for rule in self.rules))

    def finds_no_status(self, columns: Iterable[str]) -> bool:
        """Whether the rule of active uses columns, and the file has none of them."""
        wanted = {
            field.lower()
            for rule in self.rules
            if rule.says_active and rule.source
            for field in rule.source.fields
        }
        return bool(wanted) and not any(
            _name_and_root(column.lower()) & wanted for column in columns
        )


def _name_and_root(column: str) -> set[str]:
    """A name, and the part before its point: `profile.status` may be a column of a CSV."""
    return {column, column.partition(".")[0]}


def _inverted(rule: Rule) -> Expression | None:
    """The source; inverted where its name means not active, such as suspended."""
    source = rule.source
    if source is None or rule.original or not source.is_source or rule.target.path != "active":
        return source
    return Expression(f"inactive({source.text})") if says_blocked(source.text) else source


def _boolean(rule: Rule) -> Boolean | None:
    """Words such as Yes are converted; the value of an expression of an IdP is sent as it is."""
    if not is_boolean(rule.target):
        return None
    source = rule.source
    if rule.target.path != "active" or source is None:
        return as_written
    if rule.original:
        return read_word if source.is_source else as_written
    return read_word


def _is_unstable(rules: tuple[Rule, ...]) -> bool:
    """Whether externalId is the plain field that is also the name or the address."""
    changing = [
        rule.source.sources
        for rule in rules
        if rule.target.path in ("userName", "emails.value")
        and rule.source
        and rule.source.is_source
    ]
    return any(
        rule.source.sources in changing
        for rule in rules
        if rule.target.path == "externalId" and rule.source
    )


def parse_rules(text: str, name: str) -> RuleSet:
    """The rules in a TOML text. Raises `BadMapping` naming file, line, rule and column."""
    if len(text) > MAX_CHARACTERS:
        raise BadMapping(name, 1, "Larger than 1 MB.", "Rules are short: is it the right file?")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(name, text, error) from error
    except RecursionError as error:
        raise BadMapping(name, 1, "Nested too deep.", _EXAMPLE) from error
    lines = TomlLines(text)
    groups = _section(document, ResourceKind.GROUP)
    users = [*_section(document, ResourceKind.USER), *_found(document, ())]
    rules = _read(name, lines, users, ResourceKind.USER)
    of_groups = _read(name, lines, groups, ResourceKind.GROUP)
    if not rules and not of_groups:
        raise BadMapping(name, 1, "There is no rule in the file.", _EXAMPLE)
    check_together(name, rules)
    check_together(name, of_groups)
    return RuleSet(name, rules, of_groups)


def _read(
    name: str, lines: TomlLines, found: list[tuple[_Path, object]], kind: ResourceKind
) -> tuple[Rule, ...]:
    rules = [_RuleReader(name, lines, path, kind).rule(body) for path, body in found]
    return tuple(sorted(rules, key=lambda rule: rule.line))


def _section(document: dict[str, Any], kind: ResourceKind) -> list[tuple[_Path, object]]:
    """Remove the rules below `[user]` or `[group]` from the document and return them."""
    table = document.pop(kind.value, {})
    if not isinstance(table, dict):
        return [((kind.value,), table)]
    return list(_found(table, (kind.value,)))


def _syntax(name: str, text: str, error: tomllib.TOMLDecodeError) -> BadMapping:
    """tomllib has the place in its message only: "... (at line 3, column 7)"."""
    problem, _, place = str(error).partition(" (at ")
    numbers = [int(word.strip(",)")) for word in place.split() if word.strip(",)").isdigit()]
    if len(numbers) == 2:
        return BadMapping(name, numbers[0], f"{problem}.", _EXAMPLE, column=numbers[1])
    return BadMapping(name, text.count("\n") + 1, f"{problem}.", _EXAMPLE)


def _found(table: Mapping[str, Any], above: _Path) -> Iterator[tuple[_Path, object]]:
    """The rules by their keys; `name.givenName = {...}` and `[name]` are nested tables."""
    for key, value in table.items():
        if isinstance(value, dict) and _is_table(value):
            yield from _found(value, (*above, key))
        else:
            yield (*above, key), value


def _is_table(value: Mapping[str, Any]) -> bool:
    rules = any(isinstance(inner, dict) for inner in value.values())
    return rules and not set(_KEYS) & value.keys()


class _RuleReader:
    """Reads one rule; each error names its place."""

    def __init__(self, name: str, lines: TomlLines, path: _Path, kind: ResourceKind) -> None:
        self._name = name
        self._lines = lines
        self._path = path
        self._kind = kind
        self._written = ".".join(path[1:] if path[0] == kind.value and path[1:] else path)
        self._line = lines.of(path)

    def rule(self, body: object) -> Rule:
        """The rule, checked."""
        keys = {"source": body} if isinstance(body, str) else body
        target = self._target()
        if not isinstance(keys, dict) or not keys:
            raise self._wrong("A rule is a table or a text.", _EXAMPLE)
        self._check(keys)
        return Rule(
            target,
            self._line,
            self._expression(keys, "source"),
            keys.get("const"),
            self._expression(keys, "when"),
            keys.get("empty") == "send",
            keys.get("note", ""),
        )

    def _target(self) -> Target:
        try:
            return parse_target(self._written, self._kind)
        except UsageError as error:
            column = self._lines.column(self._line, self._path[-1])
            raise self._wrong(error.message, error.hint, column) from error

    def _check(self, keys: Mapping[str, object]) -> None:
        for key in keys:
            if key not in _KEYS:
                hint = suggestion(key, _KEYS, f"A rule has {', '.join(_KEYS)}.")
                column = self._lines.column(self._line, key)
                raise self._wrong(f"A rule has no key {key!r}.", hint, column)
        if ("source" in keys) == ("const" in keys):
            raise self._wrong("A rule has either source or const.", _EXAMPLE)
        if keys.get("empty", "omit") not in ("omit", "send"):
            raise self._wrong("empty is neither omit nor send.", 'Write empty = "omit".')
        if not isinstance(keys.get("note", ""), str):
            raise self._wrong("note is not a text.", 'Write note = "where it comes from".')
        if not _is_json(keys.get("const")):
            raise self._wrong("const is a date or a time.", "Write it as a text, in quotes.")

    def _expression(self, keys: Mapping[str, object], key: str) -> Expression | None:
        text = keys.get(key)
        if text is None:
            return None
        if not isinstance(text, str):
            raise self._wrong(f"{key} is not a text.", f'Write {key} = "an expression".')
        try:
            return Expression(text)
        except BadExpression as error:
            start = self._lines.column(self._line, f'"{text}"')
            column = start + error.column if start else None
            raise self._wrong(error.message, error.hint, column) from error

    def _wrong(self, problem: str, hint: str = "", column: int | None = None) -> BadMapping:
        return BadMapping(self._name, self._line, problem, hint, column=column, rule=self._written)


def _is_json(value: object) -> bool:
    if isinstance(value, dict):
        return all(_is_json(inner) for inner in value.values())
    if isinstance(value, list):
        return all(_is_json(inner) for inner in value)
    return not isinstance(value, date | datetime | time)


def check_together(name: str, rules: tuple[Rule, ...]) -> None:
    """Raise `BadMapping` where an attribute has two rules, or one as a whole and one for a part."""
    seen: dict[tuple[str, str], Rule] = {}
    for rule in rules:
        target = rule.target
        first = seen.setdefault((target.path, target.selector), rule)
        whole = seen.get((target.root, "")) if target.part else None
        other = whole or (first if first is not rule else None)
        if other:
            problem = f"The attribute has a rule already, on line {other.line}."
            raise BadMapping(name, rule.line, problem, "Remove one.", rule=target.text)
        if target.part:
            seen.setdefault((target.root, "by parts"), rule)
        elif by_parts := seen.get((target.root, "by parts")):
            problem = f"A part of the attribute has a rule already, on line {by_parts.line}."
            raise BadMapping(name, rule.line, problem, "Remove one.", rule=target.text)
