"""Search with the text index gives what comparing every row gives, in the same order."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim_tui.core.index import fast_search as index_clean
from scim_tui.core.index import text_index as index_text
from scim_tui.core.index.api import Index
from scim_tui.core.index.findings import count_findings
from scim_tui.core.index.passes import Passes
from scim_tui.core.index.query import fold
from scim_tui.model.directory import Kind, UserRow
from scim_tui.model.errors import UsageError
from scim_tui.model.unknown_values import UNKNOWN

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LETTERS = "abAB éÉßñДджЖ漢字ا한\u0301'\"%_\n\N{GRINNING FACE}\0"
WORDS = st.text(LETTERS, max_size=6)
TYPED = st.text([sign for sign in LETTERS if sign not in '\n\0" '], min_size=1, max_size=4)
ROWS = st.lists(
    st.tuples(WORDS, WORDS, WORDS, st.sampled_from([True, False, None])), min_size=1, max_size=12
)

FACTS = [
    "active:yes",
    "-active:no",
    "active:un",
    "missing:email",
    "-missing:email",
    "id:1",
    "duplicate:email",
    "-duplicate:name",
]


def user(number: int, name: str, display: str, email: str, active: bool | None) -> UserRow:
    return UserRow(f"id{number}", name, display, "", "", email, "", active, "", "")


@contextmanager
def index_of(rows: list[UserRow], *, built: bool) -> Iterator[Index]:
    index = Index(now=lambda: NOW)
    sweep = Passes(index).begin("Users").id
    index.put(Kind.USERS, rows, sweep)
    index.finish(Kind.USERS, sweep)
    if built:
        index.build(Kind.USERS)
    with closing(index):
        yield index


def naive(rows: list[UserRow], words: list[tuple[bool, str]]) -> set[str]:
    def text(row: UserRow) -> str:
        return fold("\n".join((row.id, *row[1:7])))

    return {
        row.id
        for row in rows
        if all((fold(word) in text(row)) is not negated for negated, word in words if fold(word))
    }


def ids(index: Index, text: str, sort: str = "") -> list[str]:
    return [row.id for row in index.rows(Kind.USERS, index.find(Kind.USERS, text, sort))]


@settings(max_examples=40, deadline=None)
@given(
    made=ROWS,
    changed=ROWS,
    words=st.lists(st.tuples(st.booleans(), TYPED), max_size=3),
    facts=st.lists(st.sampled_from(FACTS), max_size=2),
    sort=st.sampled_from(["", "user_name", "display_name", "email", "active", "id"]),
    down=st.booleans(),
    few=st.sampled_from([0, 2, 5_000]),
)
def test_both_ways_give_the_same_as_plain_python(
    made: list[tuple[str, str, str, bool | None]],
    changed: list[tuple[str, str, str, bool | None]],
    words: list[tuple[bool, str]],
    facts: list[str],
    sort: str,
    down: bool,
    few: int,
) -> None:
    words = [(negated, word) for negated, word in words if word[0] not in "-!" and ":" not in word]
    text = " ".join([*facts, *(("-" if negated else "") + word for negated, word in words)])
    order = ("-" if down else "") + (sort or "user_name")
    rows = [user(number, *each) for number, each in enumerate(made)]
    later = [user(number, *each) for number, each in enumerate(changed, len(made) // 2)]
    now = list({row.id: row for row in (*rows, *later)}.values())
    with pytest.MonkeyPatch.context() as patch, index_of(rows, built=True) as fast:
        patch.setattr(index_clean, "_FEW", few)
        patch.setattr(index_clean, "_AHEAD", 1)
        patch.setattr(index_clean, "_STEP", 2)
        patch.setattr(index_clean, "_MOST_STEPS", 1)
        patch.setattr(index_clean, "_STRETCH", 3)
        fast.put(Kind.USERS, later)
        found = ids(fast, text, order)
        some, whole = fast.first(Kind.USERS, text, order, 3)
        firsts = [row.id for row in fast.rows(Kind.USERS, some)]
        with index_of(rows, built=False) as slow:
            slow.put(Kind.USERS, later)
            assert found == ids(slow, text, order)
    assert set(found) == naive(now, words) if not facts else set(found) <= naive(now, words)
    assert (firsts, whole) == (found[:3], len(found) <= 3)


def test_a_row_that_lost_its_name_is_last_in_descending_order_too() -> None:
    rows = [user(number, name, "", "", True) for number, name in enumerate(["A", "AA", "A", "A"])]
    with index_of(rows, built=True) as index:
        index.put(Kind.USERS, [user(number, "", "", "", True) for number in (2, 3)])
        assert ids(index, "active:yes", "-user_name") == ["id1", "id0", "id3", "id2"]


PEOPLE = [
    UserRow(
        "u1",
        "ana",
        "Ana Silva",
        "Ana",
        "Silva",
        "ana@corp.example",
        "e1",
        True,
        "2026-01-01T00:00:00Z",
        "2026-10-31T00:00:00Z",
    ),
    UserRow(
        "u2",
        "bo",
        "Bo  Lee",
        "Bo",
        "Lee",
        "",
        "e2",
        False,
        "2026-10-30T00:00:00+02:00",
        "2026-10-01T00:00:00Z",
    ),
    UserRow("u3", "cy", "ANA silva", "", "", "Ana@Corp.example", "", None, "", ""),
]


@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("silva -cy", "u1"),
        ("!silva", "u2"),
        ('"ana silva"', "u1 u3"),
        ('-"ana silva"', "u2"),
        ("active:false", "u2"),
        ("active:unknown", "u3"),
        ("-active:unknown", "u1 u2"),
        ("missing:email", "u2"),
        ("missing:external_id", "u3"),
        ("missing:given_name ana", "u3"),
        ("duplicate:email", "u1 u3"),
        ("duplicate:name", "u1 u3"),
        ("-duplicate:name", "u2"),
        ("duplicate:external_id", ""),
        ("changed:<7d", "u1"),
        ("changed:>7d", "u2"),
        ("created:>2026-06-01", "u2"),
        ("-created:>2026-06-01", "u1 u3"),
        ("mail:corp", "u1 u3"),
        ("id:u2", "u2"),
        ("external:e", "u1 u2"),
    ],
)
def test_fields_of_a_filter_line(text: str, found: str, built: bool) -> None:
    with index_of(PEOPLE, built=built) as index:
        assert sorted(ids(index, text)) == found.split()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("missing:emial", "Did you mean missing:email?"),
        ("duplicate:zzz", "Use one of"),
        ("changed:<7y", "Write changed:<7d"),
        ("empty:members", "Look among the groups"),
        ("group:platform", "List the memberships first"),
        ("missing:group", "List the memberships first"),
        (" ".join(map(str, range(101))), "Use 100 at most."),
    ],
)
def test_what_cannot_be_answered_is_reported(text: str, hint: str) -> None:
    with index_of(PEOPLE, built=False) as index, pytest.raises(UsageError) as raised:
        index.find(Kind.USERS, text, "")
    assert hint in raised.value.hint


@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("".join(map(str, range(2_000))), []),
        ("silva " * 2_000, ["u1", "u3"]),
        (" ".join(f"-{number:04}" for number in range(100)), ["u1", "u2", "u3"]),
    ],
    ids=["a long word", "a word again and again", "many words"],
)
def test_a_long_text_is_a_search_as_well(text: str, found: list[str], built: bool) -> None:
    with index_of(PEOPLE, built=built) as index:
        assert ids(index, text, "id") == found
        some, _ = index.first(Kind.USERS, text, "", 60)
        assert {row.id for row in index.rows(Kind.USERS, some)} == set(found)


def test_with_many_changes_every_row_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_text, "MOST_DIRTY", 1)
    with index_of(PEOPLE, built=True) as index:
        index.put(Kind.USERS, [row._replace(display_name="New") for row in PEOPLE])
        assert ids(index, "new") == ["u1", "u2", "u3"]
        assert not index.fresh(Kind.USERS)
        index.build(Kind.USERS)
        assert ids(index, "new", "-id") == ["u3", "u2", "u1"]


@pytest.mark.parametrize("built", [True, False])
def test_findings_are_counted_the_same_with_and_without_the_text_index(built: bool) -> None:
    with index_of(PEOPLE, built=built) as index, index.connections.reading() as db:
        assert db is not None
        found = count_findings(db, frozenset({Kind.USERS}), members=False)
    counts = {code: each.count for code, each in found.items() if each.kind is Kind.USERS}
    assert counts == {
        "emails.missing": 1,
        "displayName.required": 0,
        "name.givenName.required": 1,
        "name.familyName.required": 1,
        "emails.unique": 2,
        "externalId.unique": 0,
        "users.same_name": 1,
        "users.inactive": 1,
        "users.no_group": UNKNOWN,
    }


def test_who_was_removed_before_the_text_index_was_made_is_in_no_search() -> None:
    with index_of(PEOPLE, built=False) as index:
        sweep = Passes(index).begin("Users").id
        index.put(Kind.USERS, PEOPLE[:2], sweep)
        index.finish(Kind.USERS, sweep)
        index.build(Kind.USERS)
        assert ids(index, "active:unknown") == []
        assert ids(index, "-active:yes") == ["u2"]
        assert ids(index, "missing:external_id") == []
        assert ids(index, "-missing:email", "changed") == ["u1"]


@pytest.mark.parametrize("built", [True, False])
def test_a_namesake_counts_where_the_idp_does_not_know_one_of_the_two(built: bool) -> None:
    first = PEOPLE[0]._replace(display_name="Ana Diaz", external_id="00u1")
    again = PEOPLE[1]._replace(display_name="ana diaz", external_id="")
    other = PEOPLE[2]._replace(display_name="Bo Ek", external_id="")
    with index_of([first, again, other], built=built) as index:
        with index.connections.reading() as db:
            assert db is not None
            found = count_findings(db, frozenset({Kind.USERS}), members=False)["users.same_name"]
        assert found.count == 1
        assert ids(index, found.query) == [again.id]
