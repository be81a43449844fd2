"""Which rule of the directory an error text of CloudTrail means.

The texts: user guide, scim-logging-using-cloudtrail (common validation errors, and the samples of
refused requests) and the troubleshooting of Entra ID. An attribute is named with or without the
URN of its schema, and a list in the singular as well.
"""

import re

from scim_tui.model.constraints import CONSTRAINTS, SINGLE

_LIST = re.compile(r"List attribute ([\w:.]+) (?:exceeds )?allowed limit of 1\b")
_VALUE = re.compile(r"Value at '\*?([\w:.-]+?)\*?' failed to satisfy constraint: ([^;]*)")
_URN = re.compile(r"urn:[\w:.]*:\d\.\d:\w+[.:]")
_EMPTY = "text.empty"
_BY_TEXT = {constraint.message.casefold(): code for code, constraint in CONSTRAINTS.items()}
_SINGULAR = {"address": "addresses"} | {name.removesuffix("s"): name for name in SINGLE}


def constraint_of(message: str) -> str:
    """The code of the rule, or an empty text: then the message itself is all there is."""
    if code := _BY_TEXT.get(message.casefold().rstrip('." “”')):
        return code
    if found := _LIST.search(message):
        name = _URN.sub("", found[1])
        return _known(f"{_SINGULAR.get(name, name)}.single")
    codes = [_of_value(_URN.sub("", name), words) for name, words in _VALUE.findall(message)]
    # An empty text breaks the pattern, too; that it is empty is the cause.
    return _EMPTY if _EMPTY in codes else next((code for code in codes if code), "")


def _of_value(attribute: str, words: str) -> str:
    if "regular expression" in words:
        return _known(f"{attribute}.pattern") or "text.pattern"
    if "greater than or equal" in words:
        return _EMPTY
    return "text.length" if "less than or equal" in words else ""


def _known(code: str) -> str:
    return code if code in CONSTRAINTS else ""
