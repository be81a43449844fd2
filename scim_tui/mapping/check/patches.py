"""PATCH operations for differences, in the narrow form that Identity Center accepts.

One operation an attribute, each with a path; lists are replaced whole; roles cannot be patched
(SCIM developer guide, patchuser).
"""

from collections.abc import Iterable
from typing import Any

from scim_tui.mapping.check.changes import Difference

NOT_PATCHED = frozenset({"roles"})


def operations_of(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """The operations that remove these differences."""
    return [
        {"op": "replace" if one.now is not None else "add", "path": one.path, "value": one.after}
        for one in differences
        if one.path not in NOT_PATCHED
    ]


def not_patched(differences: Iterable[Difference]) -> tuple[str, ...]:
    """The attributes that differ and that a PATCH cannot change."""
    return tuple(one.path for one in differences if one.path in NOT_PATCHED)
