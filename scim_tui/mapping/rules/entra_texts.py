"""Text functions of Entra ID, as Microsoft documents them.

"Reference for writing expressions for attribute mappings in Microsoft Entra Application
Provisioning": NormalizeDiacritics by its table, PCase, and Word.
"""

import re
import unicodedata
from functools import cache

_TABLE = {
    "a": "ä à â ã å á ą ă ā ā́ ā̀ ā̂ ā̃ ǟ ā̈ ǡ a̱ å̄",
    "ae": "æ ǣ",
    "c": "ç č ć c̄ c̱",
    "d": "ď d̄ ḏ",
    "e": "ë è é ê ę ě ė ē ḗ ḕ ē̂ ē̃ ê̄ e̱ ë̄ e̊̄",
    "g": "ğ ḡ g̱",
    "i": "ï î ì í ı ī ī́ ī̀ ī̂ ī̃ i̱",
    "l": "ľ ł l̄ ḹ ḻ",
    "n": "ñ ń ň n̄ ṉ",
    "o": "ö ò ő õ ô ó ō ṓ ṑ ō̂ ō̃ ȫ ō̈ ǭ ȭ ȱ o̱",
    "oe": "ø ø̄ œ̄",
    "r": "ř r̄ ṟ ṝ",
    "ss": "ß",
    "s": "š ś ș ş s̄ s̱",
    "t": "ť ț t̄ ṯ",
    "u": "ü ù û ú ů ű ū ū́ ū̀ ū̂ ū̃ u̇̄ ǖ ṻ ṳ̄ u̱",
    "y": "ÿ ý ȳ ȳ́ ȳ̀ ȳ̃ y̱",
    "z": "ź ž ż z̄ ẕ",
}
"""The lower-case letters of that page; its capitals are the same, with İ in addition."""


@cache
def _plain_letters() -> dict[str, str]:
    found = {"İ": "I"}
    for plain, letters in _TABLE.items():
        for letter in unicodedata.normalize("NFC", letters).split():
            found[letter] = plain
            found.setdefault(letter.upper(), plain.upper())
    return found


_LETTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*")
"""A letter with its combining marks, as in NFD."""


def without_diacritics(text: str) -> str:
    """The letters of the table without their marks, and everything else as it is."""
    return _LETTER.sub(_plain, text)


def _plain(found: re.Match[str]) -> str:
    letter = found[0]
    return _plain_letters().get(unicodedata.normalize("NFC", letter), letter)


_INSIDE = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Cs", "Co"})
"""Unicode categories that .NET's ToTitleCase, which PCase uses, takes as part of a word."""


def proper_case(text: str, separators: str) -> str:
    """Each word with a capital first, and small letters behind it.

    Without separators words begin at a letter, and an apostrophe inside one does not end it.
    """
    done, begins = [], True
    for char in text.lower():
        done.append(_capital(char) if begins and (separators or char.isalpha()) else char)
        if separators:
            begins = char in separators
        else:
            begins = not char.isalpha() and (begins or not _goes_on(char))
    return "".join(done)


def _goes_on(char: str) -> bool:
    return char == "'" or unicodedata.category(char) in _INSIDE


def _capital(char: str) -> str:
    capital = char.title()
    return capital if len(capital) == 1 else char


def word(text: str, number: int, delimiters: str) -> str:
    """The word of this number, from 1; empty: there is none. Delimiters are single characters."""
    cut = re.split(f"[{re.escape(delimiters)}]", text) if delimiters else [text]
    words = [each for each in cut if each]
    return words[number - 1] if 0 < number <= len(words) else ""
