"""Going to a row by its beginning: the same place as looking at every row."""

from hypothesis import given
from hypothesis import strategies as st

from scim_tui.core.index.query import fold
from scim_tui.model.directory import UserRow
from scim_tui.tui.directory.sorted_rows import begins, place_among, place_of

NAMES = st.text(alphabet="aAbBéz ", max_size=4)


def user(name: str, active: bool | None = True) -> UserRow:
    return UserRow(name, name, "", "", "", "", "", active, "", "")


def ordered(names: list[str], *, down: bool = False) -> list[UserRow]:
    """As the index sorts: those without a value last, either way round."""
    named = sorted((name for name in names if name), key=fold, reverse=down)
    return [user(name) for name in (*named, *[""] * names.count(""))]


@given(st.lists(NAMES, min_size=1, max_size=12), NAMES.filter(bool), st.booleans())
def test_the_first_row_that_begins_with_it_is_found(
    names: list[str], typed: str, down: bool
) -> None:
    rows = ordered(names, down=down)
    sort = "-user_name" if down else "user_name"
    place = place_of(len(rows), rows.__getitem__, sort, typed)
    wanted = place_among(rows, "user_name", typed)
    if wanted is not None:
        assert fold(rows[place].user_name) == fold(rows[wanted].user_name)
        assert place == wanted
    else:
        assert not begins(rows[place], "user_name", typed)
        before = [row for row in rows[:place] if row.user_name]
        assert all((fold(row.user_name) > fold(typed)) is down for row in before)


def test_few_rows_are_looked_at() -> None:
    looked: list[int] = []

    def row(index: int) -> UserRow:
        looked.append(index)
        return user(f"p{index:07}")

    assert place_of(1_000_000, row, "user_name", "P0654321") == 654_321
    assert len(looked) <= 21


def test_whether_a_user_is_active_is_typed_as_it_is_shown() -> None:
    rows = [user("a", False), user("b", True), user("c", True), user("d", None)]
    assert place_of(4, rows.__getitem__, "active", "y") == 1
    assert place_of(4, [rows[1], rows[2], rows[0], rows[3]].__getitem__, "-active", "n") == 2


def test_rows_that_are_gone_count_as_the_end() -> None:
    assert place_of(3, lambda index: None, "user_name", "x") == 0
    assert place_of(0, lambda index: None, "user_name", "x") == 0
