"""Normalises names of columns and keys, so that two spellings of one name are equal."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def folded_name(name: str) -> str:
    """A name without case, accents and signs: "Prénom" and "PRENOM" are one, "E-Mail" is email."""
    whole = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in whole if char.isalnum())
