"""The rows of a directory at hand: loading, searching as one types, sorting, paging in a table."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from uuid import UUID

from benchmarks.measure import Samples, Subject, interleaved
from benchmarks.people import users
from benchmarks.report import Report, ms
from benchmarks.tables import page_downs
from scim_tui.core.index import Index
from scim_tui.model.directory import Kind, UserRow
from scim_tui.scim.wire import user_row

_PAGE = 100
_TYPED = ("oliver", "zoë m", "smith !oliver", "!a user:b", "nobody at all")
"""Each is searched for letter by letter."""
_SORTS = ("user_name", "-display_name", "changed")


def run(report: Report, *, quick: bool) -> None:
    """Fill, type, sort, page."""
    sizes = (1_000,) if quick else (20_000, 200_000)
    keys = sum(map(len, _TYPED))
    report.title(
        "Directory at hand: the index and the table",
        f"Loaded in pages of {_PAGE}; {keys} keystrokes, each a search over all rows,"
        " sorted by userName.",
    )
    rows = [_index(size, 1 if quick else 3) for size in sizes]
    sorts = [f"sort {field}" for field in _SORTS]
    report.table(["rows", "load", "rows/s", "key p50", "key p95", *sorts], rows)
    asyncio.run(page_downs(report, (1_000,) if quick else (10_000, 200_000), 5 if quick else 30))


def filled(size: int) -> tuple[Index, float]:
    """An index with this many users, and how long it took to load them."""
    index, everybody, taken = Index(), _rows(size), 0.0
    while page := list(islice(everybody, _PAGE)):
        start = time.perf_counter()
        index.put(Kind.USERS, page, 1)
        taken += time.perf_counter() - start
    start = time.perf_counter()
    index.finish(Kind.USERS, 1)
    return index, taken + time.perf_counter() - start


def _rows(size: int) -> Iterator[UserRow]:
    for place, user in enumerate(islice(users(), size)):
        meta = {"created": "2026-01-01T00:00:00Z", "lastModified": f"2026-02-{place % 28 + 1:02}"}
        # Ids in no order, as servers make them.
        row = user_row({**user, "id": str(UUID(int=hash((place, size)) % 2**128)), "meta": meta})
        assert row is not None
        yield row


def _index(size: int, rounds: int) -> list[str]:
    index, load = filled(size)
    with closing(index):
        keys = _keystrokes(index, rounds)
        sorts = interleaved({name: Subject(_sorting(index, name)) for name in _SORTS}, rounds)
    return [
        f"{size:,}",
        ms(load),
        f"{size / load:,.0f}",
        ms(keys.median),
        ms(keys.p95),
        *(ms(samples.median) for samples in sorts.values()),
    ]


def _sorting(index: Index, name: str) -> Callable[[], object]:
    return lambda: index.find(Kind.USERS, "", name)


def _keystrokes(index: Index, rounds: int) -> Samples:
    found = Samples()
    for _ in range(rounds):
        taken = []
        for text in _TYPED:
            for end in range(1, len(text) + 1):
                start = time.perf_counter()
                index.find(Kind.USERS, text[:end], "")
                taken.append(time.perf_counter() - start)
        found.rounds.append(taken)
    return found
