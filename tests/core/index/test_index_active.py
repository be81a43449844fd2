"""The filter on `active`, as it is typed letter by letter."""

from collections.abc import Iterator

import pytest

from scim_tui.core.index.api import Index
from scim_tui.model.directory import Kind, UserRow


def user(name: str, active: bool | None) -> UserRow:
    blank: dict[str, str] = dict.fromkeys(UserRow._fields, "")
    return UserRow(**{**blank, "id": name, "user_name": name, "active": active})  # type: ignore[arg-type]


@pytest.fixture
def index() -> Iterator[Index]:
    made = Index()
    rows = [user("on", True), user("off", False), user("unknown", None)]
    made.put(Kind.USERS, rows, 1)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("active:y", {"on"}),
        ("active:ye", {"on"}),
        ("active:yes", {"on"}),
        ("active:n", {"off"}),
        ("active:no", {"off"}),
        ("active:x", set()),
        ("active:unknown", {"unknown"}),
        ("active:un", {"unknown"}),
        ("!active:n", {"on", "unknown"}),
        ("active:t", set()),
        ("active:", set()),
    ],
)
def test_every_letter_on_the_way_is_a_filter(index: Index, text: str, found: set[str]) -> None:
    numbers = index.find(Kind.USERS, text, "")
    assert {row.id for row in index.rows(Kind.USERS, numbers)} == found
