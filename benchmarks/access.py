"""Access at hand: one person's, the report, findings, losses; and a proof against brute force."""

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.access_proof import prove
from benchmarks.beat import Beat
from benchmarks.measure import Samples
from benchmarks.report import Report, ms
from scim_tui.core.access import store
from scim_tui.core.access.api import Access, Cause, PersonChange
from scim_tui.core.directory.api import Directory
from scim_tui.core.index.api import Index
from scim_tui.core.index.memberships import finish_members, put_members
from scim_tui.core.index.passes import MEMBERS, Passes
from scim_tui.model.access import Assignment, AwsAccount, PermissionSet, PrincipalKind
from scim_tui.model.directory import GroupRow, Kind, Row, UserRow
from tests.fakes.memory_access import MemoryAccess

PERSON_MS, REPORT_SECONDS, STALL_MS = 20.0, 5.0, 50.0
_PAGE = 5_000
_ACCOUNTS, _SETS, _ASSIGNED = 200, 50, 10_000
_EACH = 10
"""Groups that each person is in."""


def run(report: Report, *, quick: bool) -> None:
    """Fill, ask, report; then compare with brute force over moto."""
    users, groups = (5_000, 500) if quick else (200_000, 20_000)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "index.sqlite"
        report.title(
            "Access",
            f"{users:,} people, {users * _EACH:,} memberships, {_ASSIGNED:,} assignments"
            f" in {_ACCOUNTS} accounts.",
        )
        _fill(file, users, groups)
        asyncio.run(_measure(report, file, users, 200 if quick else 2_000))
    asyncio.run(prove(report, quick=quick))


def _fill(file: Path, users: int, groups: int) -> None:
    index, chance = Index(file), random.Random(5)
    passes = Passes(index)
    rows: Iterator[Row]
    for kind, rows in ((Kind.USERS, _users(users)), (Kind.GROUPS, _groups(groups))):
        sweep = passes.begin(kind).id
        while page := list(islice(rows, _PAGE)):
            index.put(kind, page, sweep)
        index.finish(kind, sweep)
    sweep = passes.begin(MEMBERS).id
    for first in range(0, users, _PAGE):
        pairs = [
            (f"g{group}", f"u{user}")
            for user in range(first, min(first + _PAGE, users))
            for group in chance.sample(range(groups), _EACH)
        ]
        with index.connections.writing() as db:
            assert db is not None
            put_members(db, pairs, sweep)
    finish_members(index, sweep)
    _assign(index, passes, chance, users, groups)
    index.close()


def _assign(index: Index, passes: Passes, chance: random.Random, users: int, groups: int) -> None:
    sweep = passes.begin(store.ACCESS)
    sets = [PermissionSet(f"arn:{n}", f"set{n}", "", "PT1H", n % 10 == 0) for n in range(_SETS)]
    accounts = [f"{n:012}" for n in range(_ACCOUNTS)]
    store.put_sets(index, sweep, [(each, accounts) for each in sets])
    store.put_accounts(index, [AwsAccount(each, f"account {each}") for each in accounts])
    found = set[Assignment]()
    while len(found) < _ASSIGNED:
        direct = chance.random() < 0.1
        found.add(
            Assignment(
                chance.choice(accounts),
                chance.choice(sets).id,
                PrincipalKind.USER if direct else PrincipalKind.GROUP,
                f"u{chance.randrange(users)}" if direct else f"g{chance.randrange(groups)}",
            )
        )
    store.put_assignments(index, sweep, [], list(found))
    store.finish(index, sweep.id)


def _users(count: int) -> Iterator[Row]:
    for n in range(count):
        name = f"user{n}@corp.example"
        yield UserRow(
            f"u{n}", name, f"User {n}", "User", str(n), name, f"e{n}", n % 50 != 0, "", ""
        )


def _groups(count: int) -> Iterator[Row]:
    for n in range(count):
        yield GroupRow(f"g{n}", f"Group {n}", f"eg{n}", "", "")


async def _measure(report: Report, file: Path, users: int, asked: int) -> None:
    provider = MemoryAccess()
    directory = Directory(provider, file=file)
    access, chance = Access(provider, directory), random.Random(6)
    await directory.open()
    ids = [f"u{chance.randrange(users)}" for _ in range(asked)]
    samples = Samples([[]])
    beat = Beat()
    for each in ids:
        started = time.perf_counter()
        found = await access.of_user(each)
        samples.rounds[0].append(time.perf_counter() - started)
        assert all(one.user_id == each for one in found)
    stalls = await beat.stop()
    report.at_most("access of one person, p95", samples.p95 * 1000, PERSON_MS, " ms")
    table = [["one person (median)", ms(samples.median), *_waits(stalls)]]
    worst = stalls["own_ms"]
    for name, work in _works(access, directory, file.parent, ids):
        beat, started = Beat(), time.perf_counter()
        await work()
        took = time.perf_counter() - started
        stalls = await beat.stop()
        worst = max(worst, stalls["own_ms"])
        table.append([name, ms(took), *_waits(stalls)])
        if name.startswith("report"):
            report.at_most(f"{name} of {_ASSIGNED:,} assignments", took, REPORT_SECONDS, " s")
    report.table(["what", "took", "loop busy at most", "and with the machine"], table)
    report.at_most("the loop stalled by our own work", worst, STALL_MS, " ms")
    await directory.aclose()


def _waits(stalls: dict[str, float]) -> tuple[str, str]:
    """The longest wait of the loop: by its own work, and by the clock."""
    return ms(stalls["own_ms"] / 1000), ms(stalls["stall_ms"] / 1000)


def _works(
    access: Access, directory: Directory, folder: Path, ids: list[str]
) -> Iterator[tuple[str, Callable[[], Awaitable[object]]]]:
    for form in ("html", "csv", "json"):
        yield f"report .{form}", lambda form=form: access.report(folder / f"access.{form}")  # type: ignore[misc]
    yield "assignments", access.assignments
    yield "findings", access.findings
    changes = [PersonChange(each, Cause.RECREATED) for each in ids]
    yield f"losses of {len(changes):,} people", lambda: access.losses(changes)
    for text in ("has:access", "admin:yes", "account:7", "no:access active:yes"):
        yield f"search {text}", lambda text=text: directory.view(Kind.USERS, text)  # type: ignore[misc]
