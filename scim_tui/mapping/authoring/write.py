"""Writes rules as TOML, so that an imported mapping can be read, kept and changed."""

import json
import re
from collections.abc import Iterator

from scim_tui.mapping.rules.rules import Rule, RuleSet
from scim_tui.model.escaping import ODD

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_of(rules: RuleSet) -> str:
    """The TOML of rules; what only the IdP can evaluate becomes a comment."""
    lines = [f"# From {plain(rules.name)}.", *(f"# {plain(note)}" for note in rules.notes), ""]
    lines += [line for rule in rules.rules for line in _lines(rule)]
    if rules.group_rules:
        lines += ["", "[group]", *(line for rule in rules.group_rules for line in _lines(rule))]
    return "\n".join(lines) + "\n"


def toml_line(target: str, keys: dict[str, object]) -> str:
    """One rule."""
    key = target if _BARE.fullmatch(target) else toml_value(target)
    return f"{key} = {{ {', '.join(f'{name} = {toml_value(keys[name])}' for name in keys)} }}"


def toml_value(value: object) -> str:
    """A value as TOML: as in JSON, with odd characters as escapes.

    Lone surrogates, which are no text, are dropped.
    """
    if isinstance(value, dict):
        inner = (f"{toml_value(key)} = {toml_value(one)}" for key, one in value.items())
        return f"{{ {', '.join(inner)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "ignore").decode()
    return ODD.sub(lambda found: f"\\U{ord(found.group()):08x}", whole)


def plain(text: str) -> str:
    """A text for a comment, which must not have control characters."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _lines(rule: Rule) -> Iterator[str]:
    if rule.original and rule.source and rule.original != rule.source.text:
        yield f"# {plain(rule.original)}"
    if rule.unevaluated:
        yield f"# {toml_value(rule.target.text)}: not evaluated: {plain(rule.original)}"
        yield f"#   {plain(rule.unevaluated)}"
        return
    keys: dict[str, object] = {}
    if rule.source:
        keys["source"] = rule.source.text
    else:
        keys["const"] = rule.const
    if rule.when:
        keys["when"] = rule.when.text
    if rule.send_empty:
        keys["empty"] = "send"
    if rule.note:
        keys["note"] = rule.note
    yield toml_line(rule.target.text, keys)
