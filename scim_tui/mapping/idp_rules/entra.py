"""Rules of a synchronization schema of Entra ID, as `jobs/{id}/schema` of Graph returns it.

Source expressions are stored as a tree and as text; the text is parsed where the tree is not
complete. Rules that only Entra can evaluate are kept and marked.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from scim_tui.mapping.base.errors import BadMapping
from scim_tui.mapping.idp_rules.entra_functions import value_of
from scim_tui.mapping.idp_rules.entra_parser import parse_expression
from scim_tui.mapping.rules.expressions import BadExpression, Expression
from scim_tui.mapping.rules.idp_expression import (
    MAX_DEPTH,
    Attribute,
    Constant,
    FunctionCall,
    Node,
    NotEvaluated,
)
from scim_tui.mapping.rules.rules import Rule, RuleSet, check_together
from scim_tui.mapping.rules.targets import ResourceKind, parse_target
from scim_tui.model.errors import UsageError

_TARGET = re.compile(r'"targetAttributeName"\s*:')
_SOFT = "IsSoftDeleted follows accountEnabled here; Entra also sets it for the unassigned."
_PRIMARY = "Entra sends primary: true with the work address (Microsoft's SCIM reference)."


def is_schema(document: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON document is a synchronization schema."""
    return isinstance(document, dict) and isinstance(document.get("synchronizationRules"), list)


def rules_of_schema(document: Mapping[str, Any], text: str, name: str) -> RuleSet:
    """The rules of users and of groups. Raises `BadMapping` when there are none."""
    reading = _Reading(name, text)
    for mapping in _objects(document):
        reading.object(mapping)
    users, groups = (
        tuple(reading.rules[ResourceKind.USER]),
        tuple(reading.rules[ResourceKind.GROUP]),
    )
    if not users:
        raise BadMapping(name, 1, "The schema maps no users.", "Export the schema of the job.")
    check_together(name, users)
    check_together(name, groups)
    return RuleSet(name, users, groups, "entra", tuple(dict.fromkeys(reading.notes)))


def _objects(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for rule in _dicts(document.get("synchronizationRules")):
        yield from _dicts(rule.get("objectMappings"))


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


class _Reading:
    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._lines = iter(
            [text.count("\n", 0, match.start()) + 1 for match in _TARGET.finditer(text)]
        )
        self.rules: dict[ResourceKind, list[Rule]] = {ResourceKind.USER: [], ResourceKind.GROUP: []}
        self.notes: list[str] = []

    def object(self, mapping: Mapping[str, Any]) -> None:
        """Read the rules of one object mapping, if it is for users or groups."""
        source, target = str(mapping.get("sourceObjectName")), str(mapping.get("targetObjectName"))
        kind = ResourceKind.GROUP if source.lower() == "group" else ResourceKind.USER
        attributes = _dicts(mapping.get("attributeMappings"))
        lines = [next(self._lines, 1) for _ in attributes]
        if mapping.get("enabled") is False or (self.rules[kind] and attributes):
            self.notes.append(f"The mapping of {source} to {target} is left out: it is not in use.")
            return
        if scope := _scope(mapping):
            self.notes.append(f"The scoping filter of {source} is not applied: {scope}.")
        for line, attribute in zip(lines, attributes, strict=True):
            self._attribute(attribute, line, kind)
        self._primary(kind)

    def _attribute(self, mapping: Mapping[str, Any], line: int, kind: ResourceKind) -> None:
        written = str(mapping.get("targetAttributeName"))
        try:
            target = parse_target(written, kind)
        except UsageError:
            self.notes.append(f"{written} (line {line}) is nothing that Identity Center takes.")
            return
        source = mapping.get("source")
        source = source if isinstance(source, dict) else {}
        original = str(source.get("expression") or source.get("name") or "")
        if "issoftdeleted" in original.lower():
            self.notes.append(_SOFT)
        flow = mapping.get("flowType")
        note = "Only when the user is created." if flow == "ObjectAddOnly" else ""
        try:
            expression = Expression(_with_default(source, mapping.get("defaultValue")))
        except (NotEvaluated, BadExpression) as error:
            reason = f"{error}" if isinstance(error, NotEvaluated) else "It is not understood."
            rule = Rule(target, line, note=note, original=original, unevaluated=reason)
        else:
            rule = Rule(target, line, expression, note=note, original=original)
        self.rules[kind].append(rule)

    def _primary(self, kind: ResourceKind) -> None:
        paths = {rule.target.path: rule for rule in self.rules[kind]}
        if kind is ResourceKind.USER and "emails.value" in paths and "emails.primary" not in paths:
            mail = paths["emails.value"]
            written = mail.target.text.removesuffix("value") + "primary"
            rule = Rule(parse_target(written), mail.line, const=True, note=_PRIMARY)
            self.rules[kind].append(rule)


def _scope(mapping: Mapping[str, Any]) -> str:
    scope = mapping.get("scope")
    clauses = [
        f"{clause.get('sourceOperandName')} {clause.get('operatorName')}"
        for group in _dicts(scope.get("groups") if isinstance(scope, dict) else None)
        for clause in _dicts(group.get("clauses"))
    ]
    return ", ".join(clauses)


def _with_default(source: Mapping[str, Any], default: object) -> str:
    """The JMESPath of a source. Raises `NotEvaluated`."""
    given = default if isinstance(default, str) and default else None
    if not source:
        if given is None:
            raise NotEvaluated("The schema has no source for it.")
        return value_of(Constant(given))
    text = _source(source)
    return f"default({text}, {value_of(Constant(given))})" if given else text


def _source(source: Mapping[str, Any]) -> str:
    """The expression of the tree, or of the text where the tree is not complete."""
    text = source.get("expression")
    try:
        return value_of(_walked(source, 0))
    except _Incomplete:
        return value_of(parse_expression(str(text or "")))
    except NotEvaluated:
        if not isinstance(text, str) or "=" not in text:
            raise
        # A comparison has no type of its own in the tree.
        return value_of(parse_expression(text))


class _Incomplete(Exception):
    """The tree of an expression lacks parts that its text has."""


def _walked(source: Mapping[str, Any], depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise NotEvaluated("The expression is nested too deep.")
    kind, name = str(source.get("type")).lower(), source.get("name")
    if kind == "attribute" and isinstance(name, str) and name:
        return Attribute(name)
    if kind == "constant":
        return Constant(None if name is None else str(name))
    parameters = _dicts(source.get("parameters"))
    if kind != "function" or not isinstance(name, str) or not parameters:
        raise _Incomplete
    values = [one.get("value") for one in parameters]
    return FunctionCall(
        name,
        tuple(
            _walked(one, depth + 1) if isinstance(one, dict) else Constant(None) for one in values
        ),
    )
