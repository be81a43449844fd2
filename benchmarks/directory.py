"""The directory at hand: kept rows, letters typed, sorts, listing beside peers, memory, disk."""

import asyncio
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from itertools import islice
from pathlib import Path
from uuid import UUID

import orjson

from benchmarks.directory_screen import Stalls
from benchmarks.listing import listings
from benchmarks.measure import Samples, Subject, interleaved
from benchmarks.opening import openings
from benchmarks.people import users
from benchmarks.report import Report, ms, times
from benchmarks.tables import keys_down
from scim_tui.core.directory.api import Directory
from scim_tui.core.index.api import Index
from scim_tui.core.index.passes import Passes
from scim_tui.model.directory import Kind, UserRow
from scim_tui.scim.wire import user_row
from tests.fakes.memory import MemoryProvider

_PAGE = 500
_MOST_LISTED = 200_000
_TYPED = ("olive", "smith", "zoe m", "1.cor", "qxjzw", "-zzq", "jq", "@corp")
"""Each is searched for letter by letter: common, rare, and nobody at all."""
_FILTERS = ("missing:email", "active:yes", "active:no", "duplicate:email", "-a", "changed:<7d")
_SORTS = ("user_name", "-display_name", "changed", "email")
_CHANGED = 500
_OPEN = """
import asyncio, sys
from pathlib import Path
from scim_tui.core.directory.api import Directory
from scim_tui.model.directory import Kind
from tests.fakes.memory import MemoryProvider
async def main():
    directory = Directory(MemoryProvider(), file=Path(sys.argv[1]))
    view = await directory.first_rows(Kind.USERS)
    assert len(view.rows(0, 60)) == 60
    if len(sys.argv) > 2:
        view = await directory.view(Kind.USERS)
        view.rows(len(view) // 2, 60)
        print(next(l for l in open("/proc/self/status") if "VmRSS" in l).split()[1])
    await directory.aclose()
asyncio.run(main())
"""


def run(report: Report, *, quick: bool, size: int = 0) -> None:
    """Fill, type, sort, open, list, page."""
    sizes = (1_000, 5_000) if quick else (1_000, size or 200_000)
    with tempfile.TemporaryDirectory() as folder:
        files = {size: Path(folder) / f"{size}.sqlite" for size in sizes}
        report.title(
            "Directory at hand: the index",
            f"Rows written in pages of {_PAGE}; then the text index is built behind.",
        )
        rows = [_fill(report, file, each) for each, file in files.items()]
        report.table(["users", "fill", "users/s", "build", "on disk", "of raw JSON"], rows)
        _searches(report, files[sizes[-1]], sizes[-1], 1 if quick else 3)
        _opens(report, files, 3 if quick else 7)
        openings(report, files, 2 if quick else 5)
        _screen(report, files[sizes[-1]], sizes[-1])
        _changed(report, files[sizes[-1]], sizes[-1], 2 if quick else 5)
    listings(report, 1_000 if quick else 20_000, 3 if quick else 5)
    asyncio.run(keys_down(report, (1_000,) if quick else (10_000, sizes[-1]), 5 if quick else 30))


def filled(size: int) -> tuple[Index, float]:
    """An index with this many users, and how long it took to put them there."""
    index = Index()
    return index, _put(index, size)[0]


def people(size: int) -> Iterator[dict[str, object]]:
    """Users as a server tells them; ids in no order."""
    chance = random.Random(3)
    for place, user in enumerate(islice(users(), size)):
        day = f"2026-02-{place % 28 + 1:02}T{place % 24:02}:00:00Z"
        meta = {"created": "2026-01-01T00:00:00Z", "lastModified": day}
        yield {**user, "id": str(UUID(int=chance.getrandbits(128))), "meta": meta}


def _put(index: Index, size: int) -> tuple[float, int]:
    everybody, taken, raw = people(size), 0.0, 0
    sweep = Passes(index).begin(Kind.USERS).id
    while page := list(islice(everybody, _PAGE)):
        raw += sum(len(orjson.dumps(user)) for user in page)
        rows: list[UserRow] = [row for user in page if (row := user_row(user))]
        start = time.perf_counter()
        index.put(Kind.USERS, rows, sweep)
        taken += time.perf_counter() - start
    start = time.perf_counter()
    index.finish(Kind.USERS, sweep)
    return taken + time.perf_counter() - start, raw


def _fill(report: Report, file: Path, size: int) -> list[str]:
    with closing(Index(file)) as index:
        load, raw = _put(index, size)
        start = time.perf_counter()
        index.build(Kind.USERS)
        build = time.perf_counter() - start
    share = file.stat().st_size / raw
    report.at_most(f"index of {size:,} users over their raw JSON", share, 1.5)
    return [
        f"{size:,}",
        ms(load),
        f"{size / load:,.0f}",
        ms(build),
        f"{file.stat().st_size / 1e6:,.0f} MB",
        times(share),
    ]


def _searches(report: Report, file: Path, size: int, rounds: int) -> None:
    directory = Directory(MemoryProvider(), file=file)
    keys, filters, sorts, stalls = asyncio.run(_typed_and_sorted(directory, rounds))
    report.title(
        f"Keystrokes and sorts at {size:,}", "First rows of a search or filter; whole sorts."
    )
    rows = [["keystroke", ms(keys.median), ms(keys.p95), ms(max(keys.all))]]
    rows += [[f"sort {name}", ms(s.median), ms(s.p95), ms(max(s.all))] for name, s in sorts.items()]
    rows += [
        [f"filter {name}", ms(s.median), ms(s.p95), ms(max(s.all))] for name, s in filters.items()
    ]
    rows += [[f"loop stalled, {name}", "", "", ms(max(each))] for name, each in stalls.items()]
    report.table(["", "median", "p95", "most"], rows)
    most = 50 if size > 200_000 else 20
    report.at_most(f"keystroke at {size:,}, p95", keys.p95 * 1e3, most, " ms")
    slowest = max(s.median for s in sorts.values())
    report.at_most(f"sort at {size:,}", slowest * 1e3, 1_500, " ms")
    report.at_most("loop stalled while typing", max(stalls["typing"]) * 1e3, 50, " ms")
    report.at_most("loop stalled while sorting", max(stalls["sorting"]) * 1e3, 50, " ms")


async def _typed_and_sorted(
    directory: Directory, rounds: int
) -> tuple[Samples, dict[str, Samples], dict[str, Samples], dict[str, list[float]]]:
    keys, sorts = Samples(), {name: Samples() for name in _SORTS}
    filters = {name: Samples() for name in _FILTERS}
    await directory.first_rows(Kind.USERS)
    gc.freeze()  # as the app does
    stalls: dict[str, list[float]] = {"nothing going on": [], "typing": [], "sorting": []}
    async with _ticking(stalls["nothing going on"]):
        await asyncio.sleep(1)
    async with _ticking(stalls["typing"]):
        for _ in range(rounds):
            keys.rounds.append(
                [
                    await _first(directory, text[:end])
                    for text in _TYPED
                    for end in range(1, len(text) + 1)
                ]
            )
    for name in _FILTERS * rounds:
        filters[name].rounds.append([await _first(directory, name)])
    async with _ticking(stalls["sorting"]):
        for name in _SORTS * rounds:
            start = time.perf_counter()
            await directory.view(Kind.USERS, "", name)
            sorts[name].rounds.append([time.perf_counter() - start])
    await directory.aclose()
    return keys, filters, sorts, stalls


async def _first(directory: Directory, text: str) -> float:
    start = time.perf_counter()
    view = await directory.first_rows(Kind.USERS, text)
    view.rows(0, 60)
    return time.perf_counter() - start


@asynccontextmanager
async def _ticking(stalls: list[float]) -> AsyncIterator[None]:
    ticker = asyncio.create_task(_tick(stalls))
    try:
        yield
    finally:
        ticker.cancel()


async def _tick(stalls: list[float]) -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        stalls.append(time.perf_counter() - start - 0.001)


def _opens(report: Report, files: dict[int, Path], rounds: int) -> None:
    small, large = files
    found = interleaved(
        {f"{size:,}": Subject(_opening(file)) for size, file in files.items()}, rounds
    )
    memory = {size: int(_opening(file, "whole")()) / 1024 for size, file in files.items()}
    report.title("A kept directory opened", "Process start to the first rows; then all of them.")
    rows = [
        [f"{size:,}", ms(found[f"{size:,}"].median), f"{memory[size]:.0f} MB"] for size in files
    ]
    report.table(["users", "first rows", "resident"], rows)
    ratio = found[f"{large:,}"].over(found[f"{small:,}"])
    report.at_most(f"first rows of {large:,} kept users over {small:,}", ratio, 1.3)
    report.at_most("memory more than with 1,000", memory[large] - memory[small], 60, " MB")


def _changed(report: Report, file: Path, size: int, rounds: int) -> None:
    """Filters while some rows are others than when the text index was made."""
    found = {name: Samples() for name in _FILTERS}
    with closing(Index(file)) as index:
        numbers = index.find(Kind.USERS, "", "changed")[:_CHANGED]
        rows = [row for row in index.rows(Kind.USERS, numbers) if isinstance(row, UserRow)]
        twin = rows[0].email
        index.put(Kind.USERS, [row._replace(email=twin) for row in rows])
        for name in _FILTERS * rounds:
            start = time.perf_counter()
            index.find(Kind.USERS, name, "")
            found[name].rounds.append([time.perf_counter() - start])
    report.title(
        f"All rows of a filter, {len(rows)} of {size:,} changed", "Since the text index was made."
    )
    rows_told = [[name, ms(each.median), ms(max(each.all))] for name, each in found.items()]
    report.table(["filter", "median", "most"], rows_told)


def _screen(report: Report, file: Path, size: int) -> None:
    """What the real app does with it; a listing only where it takes no minutes."""
    more = ["list"] if size <= _MOST_LISTED else []
    report.title(
        f"Directory screen: {size:,} users",
        "Stall: the longest that the loop of the real app waited, beyond its beat of 1 ms.",
        "Own: the longest work of its thread without a turn. At rest: what the machine does to it.",
    )
    found: Stalls = json.loads(_child("-m", "benchmarks.directory_screen", str(file), *more))
    rows = [
        [what, f"{one['stall_ms']:.0f} ms", f"{one['own_ms']:.0f} ms"]
        for what, one in found.items()
    ]
    report.table(["while", "stall", "own"], rows)
    worst = max(one["stall_ms"] for one in found.values())
    report.at_most(f"stall of the app's loop at {size:,}", worst, 50, " ms")


def _child(*more: str) -> str:
    command = [sys.executable, *more]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class _opening:
    def __init__(self, file: Path, *more: str) -> None:
        self._more = ["-c", _OPEN, str(file), *more]

    def __call__(self) -> str:
        return _child(*self._more)
