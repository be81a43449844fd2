"""Converts bodies in other encodings to UTF-8.

JSON is UTF-8 (RFC 8259), and a server that declares another charset often sends UTF-8 anyway. So
valid UTF-8 stays as it is; only other bodies are decoded by the charset of the Content-Type.
"""

import json

from scim_tui.model.errors import Unreadable

_NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Codecs of Python that are no encodings of a body."""


def as_utf8(body: bytes, charset: str | None, asked: str) -> bytes:
    """The body in UTF-8. Raises `Unreadable` when it is not in the declared charset.

    A body without a declared charset that is not UTF-8 stays as it is; its invalid bytes are later
    shown as replacement characters.
    """
    wide = json.detect_encoding(body)
    if not wide.startswith("utf-8"):
        return _decoded(body, wide) or body
    if body.isascii() or _decoded(body, "utf-8") is not None or not charset:
        return body
    if charset.replace("_", "-").lower() in {"utf-8", "utf8"}:
        return body
    found = _decoded(body, charset)
    if found is None:
        raise Unreadable(
            f"{asked} was answered with text that is not in its encoding, {charset[:40]!r}.",
            "Tell the operator of the service: SCIM is written in UTF-8.",
        )
    return found


def _decoded(body: bytes, charset: str) -> bytes | None:
    if charset.replace("-", "_").lower() in _NO_TEXT:
        return None
    try:
        return body.decode(charset).encode()
    except (LookupError, ValueError):
        return None
