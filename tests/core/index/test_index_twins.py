"""Who has the same value as another is told rightly, whatever changed since the text index."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from scim_tui.core.index.api import Index
from scim_tui.core.index.findings import count_findings
from scim_tui.core.index.passes import Passes
from scim_tui.core.index.query import fold
from scim_tui.model.directory import Kind, UserRow
from tests.core.index.test_index_find import ids, index_of, user

MAILS = st.sampled_from(["", "a@x", "A@X", "b@x", "c@x", "é@x"])
GONE = st.sets(st.integers(0, 15), max_size=6)
Mails = list[str]


def people(mails: Mails, first: int = 0) -> list[UserRow]:
    return [
        user(number, f"name{number}", "", mail, True) for number, mail in enumerate(mails, first)
    ]


def relisted(index: Index, rows: list[UserRow]) -> None:
    sweep = Passes(index).begin("Users").id
    index.put(Kind.USERS, rows, sweep)
    index.finish(Kind.USERS, sweep)


def alike(rows: list[UserRow]) -> set[str]:
    counts = Counter(fold(row.email) for row in rows if row.email)
    return {row.id for row in rows if counts[fold(row.email)] > 1}


@settings(max_examples=150, deadline=None)
@given(
    made=st.lists(MAILS, min_size=1, max_size=12),
    changed=st.lists(MAILS, max_size=8),
    gone=GONE,
    back=st.booleans(),
)
def test_twins_are_those_of_plain_python(
    made: Mails, changed: Mails, gone: set[int], back: bool
) -> None:
    before, later = people(made), people(changed, len(made) // 2)
    there = {row.id: row for row in (*before, *later) if int(row.id[2:]) not in gone}
    now = list(there.values())
    with index_of(before, built=True) as index:
        relisted(index, now)
        if back:
            relisted(index, now := [*now, user(99, "late", "", "a@x", True)])
        wanted = alike(now)
        assert set(ids(index, "duplicate:email", "email")) == wanted
        assert set(ids(index, "-duplicate:email")) == {row.id for row in now} - wanted
        assert set(ids(index, "name1 duplicate:email active:yes", "-email")) == {
            each for each in wanted if "name1" in there.get(each, now[-1]).user_name
        }
        with index.connections.reading() as db:
            assert db is not None
            found = count_findings(db, frozenset({Kind.USERS}), members=False)
    assert found["emails.unique"].count == len(wanted)


def test_one_change_takes_a_twin_and_gives_another() -> None:
    rows = people(["a@x", "a@x", "b@x"])
    with index_of(rows, built=True) as index:
        index.put(Kind.USERS, [rows[1]._replace(email="B@x")])
        assert ids(index, "duplicate:email") == ["id1", "id2"]
