from typing import Any

import pytest

from scim_tui.mapping.check.changes import ChangeKind, compare
from scim_tui.model.directory import UserRow


def row(id: str = "1", **more: str | bool | None) -> UserRow:
    plain = UserRow(id, "ada@x", "Ada L", "Ada", "L", "ada@x", "e1", True, "", "")
    return UserRow(**(plain._asdict() | more))


def user(**more: object) -> dict[str, Any]:
    plain = {
        "userName": "ada@x",
        "displayName": "Ada L",
        "externalId": "e1",
        "active": True,
        "name": {"givenName": "Ada", "familyName": "L"},
        "emails": [{"value": "Ada@X", "primary": True}],
    }
    return plain | more


@pytest.mark.parametrize(
    ("rows", "changed", "kind", "user_id", "paths"),
    [
        ([], {}, ChangeKind.CREATE, "", []),
        ([row()], {}, ChangeKind.UNCHANGED, "1", []),
        ([row(active=None)], {}, ChangeKind.UNCHANGED, "1", []),
        ([row()], {"displayName": "Ada M"}, ChangeKind.UPDATE, "1", ["displayName"]),
        ([row()], {"active": "false"}, ChangeKind.DEACTIVATE, "1", ["active"]),
        ([row(external_id="")], {}, ChangeKind.UPDATE, "1", ["externalId"]),
        ([row(user_name="old@x")], {}, ChangeKind.UPDATE, "1", ["userName"]),
        ([row("2", external_id="e2"), row()], {}, ChangeKind.CONFLICT, "1", []),
        (
            [row("9", user_name="hand", external_id="")],
            {},
            ChangeKind.UPDATE,
            "9",
            ["userName", "externalId"],
        ),
        (
            [row("9", user_name="hand", external_id="other")],
            {},
            ChangeKind.CONFLICT,
            "9",
            [],
        ),
    ],
)
def test_a_person_is_recognised_by_external_id_then_user_name_then_address(
    rows: list[UserRow],
    changed: dict[str, object],
    kind: ChangeKind,
    user_id: str,
    paths: list[str],
) -> None:
    change = compare(user(**changed), rows)
    assert (change.kind, change.user_id) == (kind, user_id)
    assert [difference.path for difference in change.differences] == paths
