"""Reads parts of AWS answers, and tolerates other types; names differ from SCIM's."""

from collections.abc import Mapping
from typing import Any

_NOTHING: Mapping[str, Any] = {}


def part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A structure; an empty one when it is absent or something else."""
    found = whole.get(name)
    return found if isinstance(found, dict) else _NOTHING


def parts(whole: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The structures of a list."""
    found = whole.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def words(whole: Mapping[str, Any], name: str) -> str:
    """A text; empty when it is absent or something else."""
    found = whole.get(name)
    return found if isinstance(found, str) else ""
