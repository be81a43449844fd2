"""Finds the rule of the directory that an error text of CloudTrail is about."""

import re

from scim_tui.model.constraints import CONSTRAINTS

_LIST = re.compile(r"List attribute (\w+) (?:exceeds )?allowed limit of 1")
_VALUE = re.compile(r"Value at '([\w.]+)' failed to satisfy constraint: (.*)")
_BY_TEXT = {constraint.message.casefold(): code for code, constraint in CONSTRAINTS.items()}


def constraint_of(message: str) -> str:
    """The code of the rule; empty: no known rule, so that only the message can be shown."""
    if code := _BY_TEXT.get(message.casefold().rstrip(".")):
        return code
    if found := _LIST.search(message):
        return _known(f"{found[1]}.single")
    if found := _VALUE.search(message):
        return _of_value(found[1], found[2])
    return ""


def _of_value(attribute: str, words: str) -> str:
    if "regular expression" in words:
        return _known(f"{attribute}.pattern") or "text.pattern"
    if "greater than or equal" in words:
        return "text.empty"
    return "text.length" if "less than or equal" in words else ""


def _known(code: str) -> str:
    return code if code in CONSTRAINTS else ""
