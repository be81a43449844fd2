"""Loading, filtering and sorting a directory; what stays when the line drops."""

import asyncio
import tempfile
from pathlib import Path
from typing import cast

import pytest

from scim_tui.core.directory.api import Directory, LoadPhase, LoadState
from scim_tui.core.index.query import Term, fold, parse
from scim_tui.core.workspace import Workspace
from scim_tui.model.directory import Kind, UserRow
from scim_tui.model.errors import NotFound, Unreachable, UsageError
from scim_tui.model.json_object import JsonObject
from scim_tui.model.unknown_values import UNKNOWN
from tests.core.gate import Gate
from tests.fakes.memory import MemoryProvider


def person(number: int, name: str, **more: object) -> JsonObject:
    given, _, family = name.partition(" ")
    return {
        "id": f"u{number}",
        "userName": f"{family.lower()}@corp.example",
        "displayName": name,
        "name": {"givenName": given, "familyName": family},
        "active": True,
        **more,
    }


PEOPLE = [
    person(1, "Zoë Ångström", active=False),
    person(2, "Ana Silva"),
    person(3, "Sílvio Anand"),
    person(4, "élodie martin"),
    person(5, "Bo 100%_x"),
]


@pytest.fixture
def provider() -> MemoryProvider:
    return MemoryProvider(users=PEOPLE, groups=[{"id": "g1", "displayName": "All"}], page_size=2)


@pytest.fixture
def directory(space: Workspace) -> Directory:
    return space.directory


async def ids(directory: Directory, text: str = "", sort: str = "") -> list[str]:
    view = await directory.view(Kind.USERS, text, sort)
    return [row.id for row in view.rows(0, len(view))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zoe", {"u1"}),
        ("ANGSTROM", {"u1"}),
        ("an sil", {"u2", "u3"}),
        ("silva ana", {"u2"}),
        ("!ana", {"u1", "u4", "u5"}),
        ("active:no", {"u1"}),
        ("active:yes an", {"u2", "u3"}),
        ("family:silva", {"u2"}),
        ("given:an", {"u2"}),
        ("100%_", {"u5"}),
        ("%", {"u5"}),
        ("'; DROP TABLE Users; --", set()),
        ("nobody:here", set()),
        ("!", {"u1", "u2", "u3", "u4", "u5"}),
    ],
)
async def test_words_are_found_in_any_order(
    directory: Directory, text: str, found: set[str]
) -> None:
    await directory.load(Kind.USERS)
    assert set(await ids(directory, text)) == found


async def test_sorting_knows_case_and_accents(directory: Directory) -> None:
    await directory.load(Kind.USERS)
    assert await ids(directory, sort="display_name") == ["u2", "u5", "u4", "u3", "u1"]
    assert await ids(directory, sort="-display_name") == ["u1", "u3", "u4", "u5", "u2"]
    with pytest.raises(UsageError, match="no column"):
        await ids(directory, sort="n; DROP TABLE Users")


async def test_a_view_gives_stretches(directory: Directory) -> None:
    await directory.load(Kind.USERS)
    view = await directory.view(Kind.USERS, sort="id")
    assert len(view) == 5
    assert [row.id for row in view.rows(3, 10)] == ["u4", "u5"]
    assert view.rows(9, 3) == []
    assert view.position("u4") == 3
    assert view.position("nobody") is None
    row = cast("UserRow", view.rows(0, 1)[0])
    assert row.display_name == "Zoë Ångström"
    assert row.active is False


@pytest.mark.parametrize(("soon", "most"), [(0.0, 5_000), (60.0, 5_000), (60.0, 2)])
async def test_batches_are_seen_before_the_end(
    directory: Directory,
    provider: MemoryProvider,
    monkeypatch: pytest.MonkeyPatch,
    soon: float,
    most: int,
) -> None:
    """Soon after they came, or when there are as many rows as are written together."""
    monkeypatch.setattr("scim_tui.core.directory.listing._SOON", soon)
    monkeypatch.setattr("scim_tui.core.directory.listing._MOST_WAITING", most)
    seen: list[tuple[LoadPhase, int, int]] = []

    def note(state: LoadState) -> None:
        seen.append((state.phase, state.loaded, directory.count(Kind.USERS)))

    await directory.load(Kind.USERS, note)
    loading = LoadPhase.LOADING
    between = [] if (soon, most) == (60.0, 5_000) else [(loading, 4, 4)]
    assert seen == [
        (loading, 0, 0),
        (loading, 2, 2),
        *between,
        (loading, 5, 5),
        (LoadPhase.READY, 5, 5),
    ]
    state = directory.state(Kind.USERS)
    assert state.as_of == provider.clock()
    assert state.total == 5


async def test_a_listing_expects_as_many_as_the_one_before(provider: MemoryProvider) -> None:
    directory = Directory(provider)
    expected: list[object] = []
    for _ in range(2):
        await directory.load(Kind.USERS, lambda state: expected.append(state.expected))
    first, second = expected[: len(expected) // 2], expected[len(expected) // 2 :]
    assert set(first) == {UNKNOWN}
    assert set(second) == {5}
    state = await directory.load(Kind.USERS, filter='displayName eq "Ana Silva"')
    assert state.expected is UNKNOWN, "a part of them is no measure of the whole"
    await directory.aclose()


async def test_a_dropped_connection_keeps_the_rows_and_is_reported(
    directory: Directory, provider: MemoryProvider
) -> None:
    await directory.load(Kind.USERS)
    provider.down = Unreachable("No answer.")
    state = await directory.load(Kind.USERS)
    assert state.phase is LoadPhase.FAILED
    assert isinstance(state.error, Unreachable)
    assert state.as_of == provider.clock()
    assert len(await directory.view(Kind.USERS)) == 5
    provider.down = None
    state = await directory.load(Kind.USERS)
    assert (state.phase, state.error) == (LoadPhase.READY, None)


async def test_the_removed_go_at_the_end_of_a_full_pass_only(
    directory: Directory, provider: MemoryProvider
) -> None:
    await directory.load(Kind.USERS)
    before = await directory.view(Kind.USERS, sort="id")
    del provider.resources[Kind.USERS]["u3"]
    provider.fail_next(Unreachable("No answer."), "users")
    await directory.load(Kind.USERS)
    assert "u3" in await ids(directory)
    await directory.load(Kind.USERS)
    assert "u3" not in await ids(directory)
    assert [row.id for row in before.rows(0, 5)] == ["u1", "u2", "u3", "u4", "u5"]


async def test_the_changed_and_the_returned_are_shown_as_they_are_now(
    directory: Directory, provider: MemoryProvider
) -> None:
    await directory.load(Kind.USERS)
    kept = provider.resources[Kind.USERS].pop("u3")
    await directory.load(Kind.USERS)
    provider.resources[Kind.USERS]["u3"] = {**kept, "displayName": "New Name"}
    await directory.load(Kind.USERS)
    assert await ids(directory, "new name") == ["u3"]


async def test_users_and_groups_may_be_loaded_at_once(directory: Directory) -> None:
    await asyncio.gather(directory.load(Kind.USERS), directory.load(Kind.GROUPS))
    assert (directory.count(Kind.USERS), directory.count(Kind.GROUPS)) == (5, 1)


async def test_a_load_can_be_cancelled(directory: Directory, provider: MemoryProvider) -> None:
    provider.delay = gate = Gate()
    task = asyncio.create_task(directory.load(Kind.USERS))
    await gate.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert directory.state(Kind.USERS).phase is LoadPhase.STOPPED


async def test_people_are_found_by_name_or_id(directory: Directory) -> None:
    assert await directory.find(Kind.USERS, "silva@corp.example") == "u2"
    assert await directory.find(Kind.USERS, "u3") == "u3"
    assert await directory.find(Kind.GROUPS, "All") == "g1"
    with pytest.raises(NotFound, match="nobody"):
        await directory.find(Kind.USERS, "nobody")
    with pytest.raises(NotFound):
        await directory.find(Kind.USERS, 'x" or userName pr or userName eq "')


def test_nothing_of_the_rows_is_left_in_a_named_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    directory = Directory(MemoryProvider())
    assert directory.count(Kind.USERS) == 0
    asyncio.run(directory.load(Kind.USERS))
    assert list(tmp_path.rglob("index*")) == []
    asyncio.run(directory.aclose())


def test_words_of_a_filter_line() -> None:
    fields = UserRow._fields
    assert parse("Zoë !bot active:NO", fields) == (
        Term("", "zoe"),
        Term("", "bot", negated=True),
        Term("active", "no"),
    )
    assert parse("urn:x mail:a", fields) == (Term("", "urn:x"), Term("email", "a"))
    assert fold("ÅNGSTRÖM ß") == "angstrom ss"
