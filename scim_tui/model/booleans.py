"""Reads booleans: strictly in what is sent to a directory, less strictly in answers of servers."""

_WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_SENT = {"true": True, "false": False}


def answered_boolean(value: object) -> bool | None:
    """A boolean, also as 1 and 0 or as a word in any case; None: it is neither, or absent."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _WORDS.get(value.strip().lower())
    if isinstance(value, int | float) and value in {0, 1}:
        return bool(value)
    return None


def as_boolean(value: object) -> bool | None:
    """A boolean, also written as a text in any case, as Entra ID does; None: neither."""
    if isinstance(value, bool):
        return value
    return _SENT.get(value.lower()) if isinstance(value, str) else None
