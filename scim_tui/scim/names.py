"""Finds the attributes of a row in whatever case a server writes their names.

Names are case-insensitive (RFC 7643 2.1), but almost every server writes them as the RFC does. So
the keys of an object are examined once and cached: the same keys again cost one look-up.
"""

from collections.abc import Mapping
from typing import Any

_NAMES = (
    "id",
    "userName",
    "displayName",
    "externalId",
    "active",
    "name",
    "givenName",
    "familyName",
    "emails",
    "value",
    "primary",
    "meta",
    "created",
    "lastModified",
    "members",
    "groups",
    "$ref",
    "display",
    "type",
    "Resources",
    "totalResults",
    "startIndex",
    "itemsPerPage",
    "nextCursor",
    "detail",
    "status",
    "scimType",
    "exceptionRequestId",
    "pagination",
    "cursor",
    "index",
    "schemas",
    "patch",
    "bulk",
    "filter",
    "sort",
    "etag",
    "supported",
    "maxResults",
    "maxPageSize",
    "authenticationSchemes",
    "endpoint",
    "schema",
    "schemaExtensions",
)
_EXACT = frozenset(_NAMES)
_BY_LOWER = {name.lower(): name for name in _NAMES}
_MOST_SHAPES = 1024
_MOST_KEYS = 200
"""A larger object is not cached, so that no server can fill the memory."""

_shapes: dict[tuple[str, ...], dict[str, str]] = {}


def canonical(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object with the names above in the case of the RFC; unchanged if they are already.

    A name in the right case wins over the same name in another.
    """
    shape = tuple(found)
    renames = _shapes.get(shape)
    if renames is None:
        renames = _remember(shape)
    if not renames:
        return found
    return {renames.get(key, key): value for key, value in found.items() if renames.get(key) != ""}


def _remember(shape: tuple[str, ...]) -> dict[str, str]:
    """Which keys to rename; to an empty text if the right name exists as well."""
    renames: dict[str, str] = {}
    taken = set(_EXACT.intersection(shape))
    for key in shape:
        name = _BY_LOWER.get(key.lower())
        if name is None or key in _EXACT:
            continue
        renames[key] = "" if name in taken else name
        taken.add(name)
    if len(_shapes) >= _MOST_SHAPES:
        _shapes.clear()
    if len(shape) <= _MOST_KEYS:
        _shapes[shape] = renames
    return renames
