"""Which faults each run has: every one alone at every place, then several together by seed."""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.faults.points import Points
from benchmarks.faults.transport import Fault
from benchmarks.faults.world import Verdict, World

MEMORY = Path("/dev/shm")
"""Where the files of a run lie, if there is such a place: their fsyncs cost nothing there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The faults of one run."""

    name: str
    kills: frozenset[int] = frozenset()
    faults: tuple[tuple[int, Fault], ...] = ()
    pauses: bool = False
    """Whether the old token is switched off for a cycle before it goes."""


def plans(clean: Verdict, seeds: int, *, pauses: bool) -> Iterator[Plan]:
    """Each place to die, each request with each fault, then mixtures."""
    for place in range(clean.points):
        yield Plan(f"killed at {place}", frozenset({place}), pauses=pauses)
    for number in range(clean.requests):
        for fault in Fault:
            yield Plan(f"request {number}: {fault}", faults=((number, fault),), pauses=pauses)
    for seed in range(seeds):
        yield replace(mixture(seed, clean.points, clean.requests), pauses=pauses)


def mixture(seed: int, points: int, requests: int) -> Plan:
    """Several faults that follow from the seed."""
    dice = random.Random(seed)
    kills = frozenset(dice.randrange(points * 2) for _ in range(dice.randint(0, 4)))
    numbers = dice.sample(range(requests * 2), dice.randint(1, 6))
    return Plan(f"seed {seed}", kills, tuple((n, dice.choice(list(Fault))) for n in numbers))


def run_plan(plan: Plan) -> Verdict:
    """One run in a folder of its own."""
    parent = MEMORY if MEMORY.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="scim-tui-faults-", dir=parent))
    try:
        return asyncio.run(_run(plan, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _run(plan: Plan, folder: Path) -> Verdict:
    world = World(folder, Points(plan.kills), dict(plan.faults), plan.name, pauses=plan.pauses)
    await world.begin()
    return await world.run()


def run_all(seeds: int, workers: int = 2) -> list[Verdict]:
    """Every plan with and without the pause, after a run of each that tells how long it is."""
    found = [run_plan(Plan("no fault", pauses=pauses)) for pauses in (False, True)]
    if stuck := [clean for clean in found if not clean.done]:
        raise AssertionError(f"without a fault: {stuck}")
    chosen = [
        plan
        for clean, pauses in zip(found, (False, True), strict=True)
        for plan in plans(clean, seeds // 2, pauses=pauses)
    ]
    with ProcessPoolExecutor(workers) as pool:
        return [*found, *pool.map(run_plan, chosen, chunksize=8)]
