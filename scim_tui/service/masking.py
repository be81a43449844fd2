"""Masks what is personal in a request before it is kept, and takes out what is secret.

What is not known to be harmless is masked: an attribute of a schema that is not known here may be
a name. A mask keeps the form of a value (lengths, white space, punctuation, control characters),
since that is what a directory refuses: letters become x or X, digits 9. Pure.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

SECRET = "(secret)"  # noqa: S105 - what stands in the place of one

_HARMLESS = frozenset(
    {
        *("schemas", "op", "resourcetype", "type", "primary", "active", "locale", "timezone"),
        *("preferredlanguage", "usertype", "created", "lastmodified", "version"),
        *("attributes", "excludedattributes", "count", "startindex", "cursor", "sortorder"),
    }
)
_IDS = frozenset({"id", "members.value", "members.$ref", "manager.value", "manager.$ref"})
_PLAIN = re.compile(r"[\w:./+-]{0,128}", re.ASCII)
_ID = re.compile(r"[0-9A-Fa-f-]{8,64}")
_TRUTH = re.compile("true|false", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z$][\w$:.-]{0,200}", re.ASCII)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NAMES_SECRET = re.compile(
    "password|passwd|passphrase|secret|token|authorization|credential|apikey|privatekey|bearer"
)
_LOOKS_SECRET = re.compile(
    r"(?i:\bbearer\s+)[^\s\"]+|\beyJ[\w-]{6,}\.[\w-]+\.?[\w-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END|\Z)",
    re.DOTALL,
)
Scrub = Callable[[str], str]


def mask_text(text: str) -> str:
    """The text with its letters and digits replaced, in its form."""
    return "".join(map(_mask_sign, text))


def _mask_sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind in {"Lu", "Lt"}:
        return "X"
    if kind[0] in "LM":
        return "x"
    return "9" if kind[0] == "N" else sign


class Masking:
    """What becomes of one request; `own` is the secret it came with."""

    def __init__(self, *, full: bool, own: str = "") -> None:
        self._full, self._own = full, own

    def body(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """A JSON value with its attributes masked. Raises `RecursionError` when it is too deep."""
        return self._value(value, "")

    def path(self, path: str) -> str:
        """A path, in which a part that is no id may be a name."""
        parts = path.split("/")
        kind = [self._key(part) for part in parts[1:2]]
        return "/".join([parts[0], *kind, *(self._leaf(part, "id") for part in parts[2:])])

    def query(self, query: str) -> str:
        """The parameters of a query."""
        pairs = [
            (self._key(name), self._parameter(name, value))
            for name, value in parse_qsl(query, keep_blank_values=True)
        ]
        return urlencode(pairs)

    def _parameter(self, name: str, value: str) -> str:
        if _is_secret(name):
            return SECRET
        if name.lower() == "filter":
            return self._scrub(value) if self._full else self._quoted(value)
        return str(self._leaf(value, name))

    def _value(self, value: Any, attribute: str) -> Any:  # noqa: ANN401 - any JSON
        if _is_secret(attribute) and value is not None:
            return SECRET
        if isinstance(value, dict):
            return self._object(value, attribute)
        if isinstance(value, list):
            return [self._value(each, attribute) for each in value]
        return self._leaf(value, attribute)

    def _object(self, found: dict[str, Any], attribute: str) -> dict[str, Any]:
        """Of a PATCH operation, `path` says which attribute the `value` is of (RFC 7644 3.5.2)."""
        names = {key.lower(): key for key in found}
        is_operation = attribute.lower() == "operations"
        path = found.get(names.get("path", ""), "") if is_operation else ""
        masked: dict[str, Any] = {}
        for key, value in found.items():
            if is_operation and key.lower() == "value":
                of = _last_part(path) if isinstance(path, str) else ""
                masked[key] = self._value(value, of)
            elif is_operation and key.lower() == "path" and isinstance(value, str):
                masked[key] = self._key(value)
            else:
                masked[self._key(key)] = self._value(value, _below(attribute, key))
        return masked

    def _leaf(self, value: Any, attribute: str) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, str):
            clean = self._scrub(value)
            return clean if self._full or _is_harmless(value, attribute) else _masked(clean)
        if self._full or isinstance(value, (bool, type(None))):
            return value
        return int("9" * min(len(str(value)), 15))

    def _key(self, key: str) -> str:
        """The name of an attribute, or a path with a filter in it; anything else is masked."""
        clean = self._scrub(key)
        if self._full or _NAME.fullmatch(key):
            return clean
        found = self._quoted(clean)
        return found if '"' in found else _masked(found)

    def _quoted(self, text: str) -> str:
        """A filter with its values masked; without a value in quotes all of it."""
        clean = self._scrub(text)
        masked = _QUOTED.sub(lambda found: f'"{self._in_quotes(found[1])}"', clean)
        outside = _QUOTED.sub("", clean)
        return masked if outside != clean and outside.count('"') == 0 else _masked(clean)

    def _in_quotes(self, text: str) -> str:
        """A type such as "work" in a path is no name."""
        known = {"work", "home", "other", "mobile", "fax", "pager", "user", "group"}
        return text if text.lower() in known or _ID.fullmatch(text) else mask_text(text)

    def _scrub(self, text: str) -> str:
        if self._own and self._own in text:
            text = text.replace(self._own, SECRET)
        return _LOOKS_SECRET.sub(SECRET, text)


def _masked(text: str) -> str:
    """Masked, but for what stands in the place of a secret."""
    return SECRET.join(map(mask_text, text.split(SECRET)))


def _is_secret(attribute: str) -> bool:
    return bool(_NAMES_SECRET.search(re.sub(r"[^a-z]", "", attribute.lower())))


def _is_harmless(value: str, attribute: str) -> bool:
    if _TRUTH.fullmatch(value):
        return True
    name = attribute.lower()
    if name in _IDS:
        return bool(_ID.fullmatch(value))
    return name.rpartition(".")[2] in _HARMLESS and bool(_PLAIN.fullmatch(value))


def _below(attribute: str, key: str) -> str:
    """The attribute of a part; that of a value depends on what it belongs to."""
    in_what = _last_part(attribute).rpartition(".")[2]
    return f"{in_what}.{key}" if key.lower() in {"value", "$ref"} else key


def _last_part(path: str) -> str:
    """The attribute that a path ends with, without its filter and its schema."""
    plain = re.sub(r"\[.*\]", "", path, flags=re.DOTALL)
    return plain.rpartition(":")[2] if ":" in plain else plain
