"""Bodies in another encoding than UTF-8, written anew in UTF-8, which everything else reads.

JSON is UTF-8 (RFC 8259), and a server that says otherwise often sends UTF-8 all the same. So what
is UTF-8 stays as it is; only for the rest the charset of the Content-Type counts.
"""

import json

from scim_tui.model.errors import Unreadable

_NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Codecs of Python that no server means."""


def as_utf8(body: bytes, charset: str | None, asked: str) -> bytes:
    """The body in UTF-8. Raises `Unreadable` when it is not written in the charset it names.

    A body that names none, and is no UTF-8, stays as it is: what cannot be read of it is shown as
    a replacement character.
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
