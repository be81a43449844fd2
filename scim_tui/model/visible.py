"""Characters that draw nothing, or would steer a terminal, and how to spell them out."""

import re

ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffc\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control, format and bidirectional characters, and halves of pairs."""


def reveal(text: str) -> str:
    """Spell odd characters out, as \\x1b or \\u202e."""
    if text.isascii() and text.isprintable():
        return text
    return ODD.sub(lambda found: ascii(found.group())[1:-1], text)
