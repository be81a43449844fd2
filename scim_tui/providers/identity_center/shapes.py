"""Reads parts of AWS answers, and tolerates other types; names differ from SCIM's."""

from collections.abc import Mapping
from typing import Any

_NOTHING: Mapping[str, Any] = {}
_ID_OF_ITEMS = {
    "Events": "EventId",
    "GroupMemberships": "GroupId",
    "Groups": "GroupId",
    "Instances": "InstanceArn",
    "Users": "UserId",
    "events": "arn",
}
"""What names each item of a list. Without it the item was changed on the way."""
_ID_OF_ANSWER = {
    "DescribeGroup": "GroupId",
    "DescribeIdentityStore": "IdentityStoreId",
    "DescribeInstance": "InstanceArn",
    "DescribeUser": "UserId",
    "GetCallerIdentity": "Account",
}
"""What AWS says of the thing in every answer (service models, required members)."""


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


def lacking(answer: Mapping[str, Any], operation: str, given: Mapping[str, object]) -> str:
    """What the answer about one thing has not that it must have; empty: nothing is missing.

    botocore reads JSON that was cut as an answer with nothing in it.
    """
    name = _ID_OF_ANSWER.get(operation)
    if name is None:
        return ""
    found, wanted = words(answer, name), given.get(name)
    if not found:
        return f"it has no {name}"
    by_id = isinstance(wanted, str) and not wanted.startswith("arn:")
    return f"it is about another {name}" if by_id and found != wanted else ""


def _is_item(item: object, name: str | None) -> bool:
    """Whether an item has what names it; an id or an ARN stands for itself."""
    if isinstance(item, str):
        return bool(item) and name is None
    return isinstance(item, dict) and (not name or bool(words(item, name)))


def lacking_items(answer: Mapping[str, Any], items: str) -> str:
    """What a page of a listing has not that it must have; empty: nothing is missing.

    A page without its list is no empty page.
    """
    found, name = answer.get(items), _ID_OF_ITEMS.get(items)
    if not isinstance(found, list):
        return f"it has no {items}"
    whole = all(_is_item(each, name) for each in found)
    return "" if whole else f"something in {items} has no {name or 'members'}"
