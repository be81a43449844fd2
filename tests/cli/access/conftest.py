import pytest

from tests.fakes.memory_access import GROUP, USER, MemoryAccess


def person(user_id: str, *, active: bool = True, name: str = "") -> dict[str, object]:
    return {
        "id": user_id,
        "userName": f"{user_id}@x.org",
        "externalId": f"e-{user_id}",
        "displayName": name or user_id.title(),
        "active": active,
        "emails": [{"value": f"{user_id}@x.org", "primary": True}],
    }


@pytest.fixture
def provider() -> MemoryAccess:
    """Ana and Bob are in Crew; Bob is disabled; Cleo has an assignment of her own."""
    made = MemoryAccess(
        users=[person("ana"), person("bob", active=False), person("cleo"), person("dan")],
        groups=[
            {"id": "crew", "displayName": "Crew", "externalId": "g-crew"},
            {"id": "empty", "displayName": "=cmd|'x'!A1"},
        ],
        memberships=[("crew", "ana"), ("crew", "bob")],
    )
    made.give("crew", "AdminAccess", "111")
    made.give("crew", "Reader", "222", kind=GROUP)
    made.give("cleo", "Reader", "111", kind=USER)
    made.give("empty", "Reader", "222")
    made.give("gone", "Reader", "222", kind=USER)
    return made
