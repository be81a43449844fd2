"""The results of a preview are read in threads, while the next comparison already goes on."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scim_tui.core.mapping import group_compare, results
from scim_tui.core.mapping.spool import Spool
from scim_tui.model.directory import Kind
from scim_tui.model.errors import UsageError
from tests.core.mapping.test_mapping_compare import compared, person, user
from tests.patience import DEADLINE

PEOPLE = 40


@contextmanager
def threads_that_change_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


async def test_a_search_reads_the_results_it_began_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [person(f"p{n}", str(n)) for n in range(PEOPLE)]
    users = [user(f"left{n}", str(1_000 + n)) for n in range(PEOPLE)]
    preview, provider = await compared(tmp_path, people, users)
    reading, go_on = threading.Event(), threading.Event()

    def slowly(items: range) -> Iterator[int]:
        reading.set()
        assert go_on.wait(DEADLINE)
        yield from items

    monkeypatch.setattr(results, "giving_way", slowly)
    searching = asyncio.create_task(asyncio.to_thread(preview.selection.select, text="left"))
    assert await asyncio.to_thread(reading.wait, DEADLINE)
    for n in range(PEOPLE - 1):
        del provider.resources[Kind.USERS][f"u-left{n}"]
    await preview.compare()
    go_on.set()
    assert len(await searching) == PEOPLE
    assert list(preview.selection.select(text="left")) == [PEOPLE]


async def test_a_cancelled_comparison_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview, provider = await compared(
        tmp_path, [person("a", "1")], [user("a", "1"), user("gone", "9")]
    )
    provider.resources[Kind.USERS].clear()

    async def never(*_: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(group_compare.GroupComparer, "compare", never)
    with pytest.raises(asyncio.CancelledError):
        await preview.compare()
    assert [str(preview.selection.change_kind(n)) for n in range(2)] == ["unchanged", "deactivate"]
    assert preview.result(1).label == "gone@x"
    with pytest.raises(UsageError, match="no person 3"):
        preview.result(2)


def test_values_are_read_in_a_thread_while_others_are_added() -> None:
    spool, faults = Spool(), list[BaseException]()
    value = {"names": ["x" * 40] * 40}
    added = threading.Event()

    def read() -> None:
        try:
            while not added.is_set():
                count = len(spool)
                assert spool.stretch(max(0, count - 5), count) == [value] * min(5, count)
                assert not count or spool[count - 1] == value
        except BaseException as error:
            faults.append(error)

    with threads_that_change_often():
        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for _ in range(3_000):
            spool.add(value)
        added.set()
        for reader in readers:
            reader.join(DEADLINE)
    assert not faults
    assert spool.stretch(0, len(spool)) == [value] * 3_000


def test_values_that_are_not_there_are_not_made_up() -> None:
    spool = Spool()
    spool.add("one")
    for first, end in ((0, 2), (1, 2), (-1, 1), (2, 1)):
        with pytest.raises(IndexError):
            spool.stretch(first, end)
    with pytest.raises(IndexError):
        spool[1]
