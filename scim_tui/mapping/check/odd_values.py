"""Texts that the directory accepts and that are probably mistakes.

Characters that some releases refuse or that are invisible, and what spreadsheets and shells write
instead of a value: `System.String[]`, `1.12E+20`, `X'3c3a'`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scim_tui.model.constraints import ENTERPRISE

_CHARACTERS = r"<>;:%\t\n\r"
_UNSEEN = (
    "\u00a0\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0"
    "\U000e0100-\U000e01ef"
)
"""Letters, marks and blanks that draw nothing; format characters, such as U+200B, are refused."""
_TYPE = r"(?:System|Microsoft|Deserialized)(?:\.\w+)+(?:\[\])?|@\{.*\}|\[object \w+\]|#(?:N/A|REF!)"
_EXPONENT = r"[+-]?\d(?:[.,]\d+)?[Ee]\+\d{1,3}"
_HEX = r"X'[0-9A-Fa-f]*'"
_DISPUTED = re.compile(f"[{_CHARACTERS}]").search
_INVISIBLE = re.compile(f"[{_UNSEEN}]").search
_KINDS = (
    ("characters.invisible", _INVISIBLE),
    ("value.typeName", re.compile(_TYPE, re.DOTALL).fullmatch),
    ("value.exponent", re.compile(_EXPONENT).fullmatch),
    ("value.hex", re.compile(_HEX).fullmatch),
)
_URLS = frozenset({"profileUrl"})
"""Always with a colon."""


def odd_values(user: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Code, attribute and value of every text that is probably a mistake."""
    if not _may_be_odd("\x1f".join(_all_texts(user))):
        return
    for path, text in _texts("", user):
        if _DISPUTED(text) and path not in _URLS:
            yield "characters.disputed", path, text
        for code, found in _KINDS:
            if found(text):
                yield code, path, text


def _may_be_odd(texts: str) -> bool:
    """A quick check of all texts together, since odd texts are rare."""
    if _DISPUTED(texts) or (not texts.isascii() and _INVISIBLE(texts)):
        return True
    return (
        "E+" in texts
        or "e+" in texts
        or "X'" in texts
        or "System." in texts
        or "Microsoft." in texts
        or "Deserialized." in texts
        or "@{" in texts
        or "[object" in texts
        or "#N/A" in texts
        or "#REF!" in texts
    )


def _all_texts(user: Mapping[str, Any]) -> list[str]:
    """Like `_texts` without the names, and faster, since this runs for every person."""
    texts: list[str] = []
    for value in user.values():
        if type(value) is str:
            texts.append(value)
        elif type(value) is dict:
            texts.extend(map(str, value.values()))
        elif type(value) is list:
            for each in value:
                if type(each) is dict:
                    texts.extend(map(str, each.values()))
    return texts


def _texts(above: str, parts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in parts.items():
        path = f"{above}.{name}" if above else "enterprise" if name == ENTERPRISE else name
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, Mapping) and not above:
            yield from _texts(path, value)
        elif isinstance(value, list) and not above:
            for each in value:
                if isinstance(each, Mapping):
                    yield from _texts(path, each)
