"""Escapes characters that are invisible or that would control a terminal."""

import re
import unicodedata
from collections.abc import Callable

ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffc\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control, format and bidirectional characters, and lone surrogates."""
MOST_MARKS = 4
"""Combining marks allowed on one character; no script needs more in a name."""

_JOINING = "\u1160-\u11ff\ud7b0-\ud7ff"
"""Vowels and final consonants of Hangul, which combine with the character before them."""
_CROWD = re.compile(
    # Marks are no letters, so only a run of what is neither a letter nor a common sign has many.
    rf"(?:[^\w\s\x00-\x7f\u2010-\u205f\u2190-\u2bff]|[{_JOINING}]){{{MOST_MARKS + 1},}}"
)


def reveal(text: str, keep: str = "") -> str:
    """Spell odd characters out, as \\x1b or \\u202e, and leave a few marks on each sign.

    Those in `keep`, such as line breaks, stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    return ODD.sub(
        lambda found: found[0] if found[0] in keep else ascii(found[0])[1:-1], few_marks(text)
    )


def is_crowded(text: str) -> bool:
    """Whether a character may have too many marks; a fast check for `few_marks`."""
    return not text.isascii() and _CROWD.search(text) is not None


def few_marks(
    text: str, spell: Callable[[str], str] = lambda _: "\N{REPLACEMENT CHARACTER}"
) -> str:
    """The text with at most `MOST_MARKS` marks on a character; `spell` replaces the others."""
    if not is_crowded(text):
        return text
    return _CROWD.sub(lambda found: _thinned(found.group(), spell), text)


def _thinned(run: str, spell: Callable[[str], str]) -> str:
    kept: list[str] = []
    marks = ""
    for sign in run:
        if _is_mark(sign):
            marks += sign
            continue
        kept += [_few(marks, spell), sign]
        marks = ""
    return "".join([*kept, _few(marks, spell)])


def _few(marks: str, spell: Callable[[str], str]) -> str:
    rest = marks[MOST_MARKS:]
    return marks[:MOST_MARKS] + (spell(rest) if rest else "")


def _is_mark(sign: str) -> bool:
    joins = "\u1160" <= sign <= "\u11ff" or "\ud7b0" <= sign <= "\ud7ff"
    return joins or unicodedata.category(sign)[0] == "M"
