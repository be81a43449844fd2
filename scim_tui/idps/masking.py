"""Masks a secret in the output of other programs: all of it, parts, and the usual encodings."""

import base64
from urllib.parse import quote

from pydantic import SecretStr

from scim_tui.model.escaping import reveal

MASK = "********"
PIECE = 8
"""So many characters of a secret in a row are masked."""


def masked(text: str, secret: SecretStr, *, most: int = 2000) -> str:
    """The text without any part of the secret, safe for a terminal, cut to `most` characters."""
    covered = bytearray(len(text))
    for form in _forms(secret.get_secret_value()):
        _cover(text, form, covered)
    parts: list[str] = []
    for place, sign in enumerate(text):
        if not covered[place]:
            parts.append(sign)
        elif place == 0 or not covered[place - 1]:
            parts.append(MASK)
    clean = "\n".join(reveal(line) for line in "".join(parts).splitlines())
    return clean if len(clean) <= most else clean[:most] + " .."


def _cover(text: str, form: str, covered: bytearray) -> None:
    size = min(PIECE, len(form))
    pieces = {form[at : at + size] for at in range(len(form) - size + 1)}
    for at in range(len(text) - size + 1):
        if text[at : at + size] in pieces:
            covered[at : at + size] = b"\1" * size


def _forms(secret: str) -> set[str]:
    raw = secret.encode()
    forms = {secret, quote(secret, safe=""), raw.hex(), secret[::-1]}
    # A base64 of a longer text that holds the secret begins at one of three places in it.
    for skip in range(3):
        whole = base64.b64encode(bytes(skip) + raw).decode()
        inner = whole[4 * bool(skip) : len(whole) - 4]
        forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {form for form in forms if form}
