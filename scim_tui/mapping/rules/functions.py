"""Our own functions for expressions, in addition to those of JMESPath.

Each of them returns null for null. A condition is true as it is
everywhere in JMESPath: not null, not false and not empty.
"""

import unicodedata
from collections.abc import Callable
from typing import Any

from jmespath import functions

from scim_tui.mapping.rules.entra_texts import proper_case, without_diacritics, word
from scim_tui.mapping.rules.patterns import extracted, substituted
from scim_tui.mapping.rules.status_words import (
    StatusUnknown,
    joined_status,
    status_of,
    status_of_blocked,
)

MAX_RESULT = 1024 * 1024
"""Characters; so that a rule that repeats texts in texts does not fill the memory."""
_ANY: dict[str, list[str]] = {"types": []}
_MORE: dict[str, Any] = {"types": [], "variadic": True}
_TEXT = {"types": ["string"]}
_MAYBE = {"types": ["string", "null"]}
_TEXTS: dict[str, Any] = {"types": ["string"], "variadic": True}
_NUMBER = {"types": ["number"]}
_NUMBERS: dict[str, Any] = {"types": ["number"], "variadic": True}
_signature: Callable[..., Callable[[Any], Any]] = functions.signature
_ASCII = str.maketrans(
    {
        "ß": "ss",
        "ẞ": "SS",
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
    }
)


def is_false(value: object) -> bool:
    """Whether a value counts as false in JMESPath; a zero does not."""
    return not value and (value is None or isinstance(value, bool | str | list | dict))


def is_empty(value: object) -> bool:
    """Whether a value is null, or an empty text, list or object."""
    return not value and (value is None or isinstance(value, str | list | dict))


class Functions(functions.Functions):  # type: ignore[misc]
    """The table of functions."""

    @_signature(_TEXT, _MORE)
    def _func_join(self, separator: str, *values: object) -> str | None:
        parts = [str(value) for value in _flat(values) if value is not None and value != ""]
        return _bounded(separator.join(parts)) if parts else None

    @_signature(_MORE)
    def _func_concat(self, *values: object) -> str | None:
        """Like `join` without a separator; of empty texts it makes an empty text."""
        parts = [str(value) for value in _flat(values) if value is not None]
        return _bounded("".join(parts)) if parts else None

    @_signature(_MAYBE)
    def _func_lower(self, text: str | None) -> str | None:
        return text.lower() if text else text

    @_signature(_MAYBE)
    def _func_upper(self, text: str | None) -> str | None:
        return text.upper() if text else text

    @_signature(_MAYBE)
    def _func_title(self, text: str | None) -> str | None:
        return text.title() if text else text

    @_signature(_MAYBE)
    def _func_trim(self, text: str | None) -> str | None:
        return text.strip() if text else text

    @_signature(_MAYBE, _TEXT)
    def _func_proper_case(self, text: str | None, separators: str) -> str | None:
        """As PCase of Entra ID."""
        return proper_case(text, separators) if text else text

    @_signature(_MAYBE)
    def _func_normalize_diacritics(self, text: str | None) -> str | None:
        """As NormalizeDiacritics of Entra ID, by its table."""
        return text if not text or text.isascii() else without_diacritics(text)

    @_signature(_MAYBE, _NUMBER, _TEXT)
    def _func_word(self, text: str | None, number: float, delimiters: str) -> str | None:
        """As Word of Entra ID, counted from 1."""
        return word(text, int(number), delimiters) if text else text

    @_signature(_MAYBE)
    def _func_ascii(self, text: str | None) -> str | None:
        if not text or text.isascii():
            return text
        parts = unicodedata.normalize("NFD", text.translate(_ASCII))
        return "".join(part for part in parts if not unicodedata.combining(part))

    @_signature(_MORE)
    def _func_default(self, *values: object) -> object:
        return next((value for value in values if value is not None and value != ""), None)

    @_signature(_ANY, _ANY, _ANY)
    def _func_if(self, condition: object, then: object, otherwise: object) -> object:
        return otherwise if is_false(condition) else then

    @_signature(_ANY)
    def _func_empty(self, value: object) -> bool:
        return is_empty(value)

    @_signature(_ANY)
    def _func_text(self, value: object) -> str:
        """As Entra ID writes values; the one function that makes an empty text of nothing."""
        if isinstance(value, bool):
            return "True" if value else "False"
        return "" if value is None else str(value)

    @_signature(_ANY)
    def _func_first(self, values: object) -> object:
        if isinstance(values, list):
            return values[0] if values else None
        return values

    @_signature(_ANY)
    def _func_last(self, values: object) -> object:
        if isinstance(values, list):
            return values[-1] if values else None
        return values

    @_signature(_MAYBE, _TEXT)
    def _func_split(self, text: str | None, separator: str) -> list[str] | None:
        if not text:
            return None
        return text.split(separator) if separator else text.split()

    @_signature(_MAYBE, _TEXT, _TEXT)
    def _func_replace(self, text: str | None, old: str, new: str) -> str | None:
        if not text:
            return text
        if len(text) + text.count(old) * len(new) > MAX_RESULT:
            raise ValueError(_TOO_LONG)
        return text.replace(old, new)

    @_signature(_MAYBE, _TEXT, _TEXT)
    def _func_replace_first(self, text: str | None, old: str, new: str) -> str | None:
        return text.replace(old, new, 1) if text and old else text

    @_signature(_MAYBE, _TEXT, _TEXTS)
    def _func_regex_replace(self, text: str | None, wanted: str, *new: str) -> str | None:
        """Replace each match, or one group of it."""
        return substituted(text, wanted, *new[:2]) if text else text

    @_signature(_MAYBE, _TEXTS)
    def _func_regex_group(self, text: str | None, *wanted: str) -> str | None:
        """The first match, or one group of it."""
        return extracted(text, *wanted[:2]) if text else None

    @_signature(_MAYBE, _TEXT)
    def _func_words(self, text: str | None, separators: str) -> list[str] | None:
        if not text:
            return None
        first = separators[:1] or " "
        for other in separators[1:]:
            text = text.replace(other, first)
        return text.split(first)

    @_signature(_MAYBE, _TEXT)
    def _func_position(self, text: str | None, part: str) -> int:
        """Counted from 1, as Entra ID does; 0: it is not there."""
        return (text or "").find(part) + 1

    @_signature(_ANY)
    def _func_unique(self, values: object) -> object:
        if not isinstance(values, list):
            return values
        return [one for place, one in enumerate(values) if one not in values[:place]]

    @_signature(_MAYBE, _NUMBERS)
    def _func_substring(self, text: str | None, start: float, *length: float) -> str | None:
        if text is None:
            return None
        begin = max(int(start), 0)
        return text[begin : begin + max(int(length[0]), 0) if length else None]

    @_signature(_MAYBE, _TEXT)
    def _func_before(self, text: str | None, separator: str) -> str | None:
        return text.partition(separator)[0] if text and separator else text

    @_signature(_MAYBE, _TEXT)
    def _func_after(self, text: str | None, separator: str) -> str | None:
        return text.partition(separator)[2] if text and separator else text

    @_signature(_MAYBE)
    def _func_local_part(self, address: str | None) -> str | None:
        return address.rpartition("@")[0] or address if address else address

    @_signature(_MAYBE)
    def _func_domain(self, address: str | None) -> str | None:
        return address.rpartition("@")[2] if address and "@" in address else None

    @_signature(_ANY, _ANY, _MORE)
    def _func_switch(self, value: object, otherwise: object, *pairs: object) -> object:
        for key, result in zip(pairs[::2], pairs[1::2], strict=False):
            if type(key) is type(value) and key == value:
                return result
        return otherwise

    @_signature(_MORE)
    def _func_active(self, *values: object) -> bool | None:
        """Reads status words of exports; one value that means not active decides."""
        return joined_status(values)

    @_signature(_ANY)
    def _func_inactive(self, value: object) -> bool | None:
        """Whether an account is active, by a column such as suspended."""
        return status_of_blocked(value)

    @_signature(_ANY)
    def _func_soft_deleted(self, enabled: object) -> str:
        """IsSoftDeleted of Entra ID by accountEnabled, which has to be known."""
        active = status_of(enabled)
        if active is None:
            raise StatusUnknown(None)
        return "False" if active else "True"

    @_signature(_ANY, _NUMBER)
    def _func_has_bit(self, number: object, bit: float) -> bool | None:
        if number is None or number == "":
            return None
        return bool(int(str(number)) & int(bit))


FUNCTIONS = Functions()
NAMES = frozenset(Functions.FUNCTION_TABLE)
"""Every function an expression may call."""
_TOO_LONG = "the text becomes too long"


def arity(name: str) -> tuple[int, bool]:
    """How many arguments a function takes, and whether it takes more."""
    wanted = Functions.FUNCTION_TABLE[name]["signature"]
    return len(wanted), bool(wanted) and bool(wanted[-1].get("variadic"))


def _flat(values: tuple[object, ...]) -> list[object]:
    flat: list[object] = []
    for value in values:
        flat.extend(value if isinstance(value, list) else [value])
    return flat


def _bounded(text: str) -> str:
    if len(text) > MAX_RESULT:
        raise ValueError(_TOO_LONG)
    return text
