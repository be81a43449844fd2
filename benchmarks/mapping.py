"""The mapping preview: people a second, memory at a million, and how long the loop has to wait.

Measured in a process of its own for each figure. The floor beside it is what it takes to read the
same people with `json` and to write them as `orjson` does.
"""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

from benchmarks.report import Report
from scim_tui.core.mapping.api import MappingPreview, Totals

RULES = """
userName = "login"
externalId = "id"
displayName = "displayName"
"name.givenName" = "firstName"
"name.familyName" = "lastName"
"emails.value" = "email"
"emails.type" = { const = "work" }
"emails.primary" = { const = true }
title = "title"
active = "active"
"""
"""Ten plain rules."""
PEOPLE_A_SECOND = 20_000
MOST_MB = 150
MOST_STALL_MS = 50
_BEAT = 0.001


def run(report: Report, *, quick: bool) -> None:
    """Measure in child processes, so that memory is of this work alone."""
    few, many = (10_000, 20_000) if quick else (200_000, 1_000_000)
    report.title(
        f"Mapping preview: ten plain rules, {few:,} and {many:,} people in JSONL",
        "people/s: mapping and constraints, by the time of one core. Stall: the longest that the",
        "event loop waited, beyond its beat of 1 ms. Memory: the most the process ever had.",
        f"Aims: {PEOPLE_A_SECOND:,} people/s, {MOST_MB} MB, {MOST_STALL_MS} ms.",
    )
    rows = []
    found = {count: _measured(count) for count in (few, many)}
    for count, one in found.items():
        rows.append(
            [
                f"{count:,}",
                f"{one['people_a_second']:,.0f}",
                f"{one['floor']:.1f}x",
                f"{one['read_a_second']:,.0f}",
                f"{one['stall_ms']:.0f} ms",
                f"{one['mb']:.0f} MB",
            ]
        )
    report.table(["people", "people/s", "of json + orjson", "read/s", "stall", "memory"], rows)
    pace = found[few]["people_a_second"]
    report.at_least("people a second of 20,000", pace / PEOPLE_A_SECOND, 1, 2)
    report.at_most("memory at the most people", found[many]["mb"], MOST_MB, " MB")
    report.at_most("stall of the loop", found[few]["stall_ms"], MOST_STALL_MS, " ms")
    _screen(report, few)


def _screen(report: Report, count: int) -> None:
    """The same in the real app, with what it paints meanwhile."""
    report.title(
        f"Mapping screen: {count:,} people, {count:,} users, groups of fifty",
        "Stall: the longest that the loop of the real app waited, beyond its beat of 1 ms.",
        "Own: the longest work of its thread without a turn. At rest: what the machine does to it.",
    )
    found = _child("benchmarks.mapping_screen", count)
    rows = [
        [
            what,
            f"{one['stall_ms']:.0f} ms",
            f"{one['own_ms']:.0f} ms",
            f"{one['seconds']:.1f} s" if "seconds" in one else "",
        ]
        for what, one in found.items()
    ]
    report.table(["while", "stall", "own", "took"], rows)
    worst = max(one["stall_ms"] for one in found.values())
    report.at_most("stall of the app's loop", worst, MOST_STALL_MS, " ms")
    worst = max(one["own_ms"] for one in found.values())
    report.at_most("longest work of the app's loop without a turn", worst, MOST_STALL_MS, " ms")


def _measured(count: int) -> dict[str, float]:
    found: dict[str, float] = _child("benchmarks.mapping", count)
    return found


def _child(module: str, count: int) -> Any:  # noqa: ANN401 - JSON
    done = subprocess.run(
        [sys.executable, "-m", module, str(count)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def write_people(path: Path, count: int) -> None:
    """People in JSONL, all of them whole."""
    with path.open("wb") as file:
        for n in range(count):
            person = {
                "id": f"00u{n:012}",
                "login": f"user{n}@corp.example",
                "firstName": "Ada",
                "lastName": f"Love{n}",
                "displayName": f"Ada Love{n}",
                "title": "Engineer",
                "email": f"user{n}@corp.example",
                "department": "R&D",
                "active": True,
            }
            file.write(orjson.dumps(person) + b"\n")


async def _beat(worst: list[float]) -> None:
    """Note the longest wait for a turn of the loop."""
    before = time.perf_counter()
    while True:
        await asyncio.sleep(_BEAT)
        now = time.perf_counter()
        worst[0] = max(worst[0], now - before - _BEAT)
        before = now


async def _preview(folder: Path, count: int) -> dict[str, float]:
    people, rules = folder / "people.jsonl", folder / "rules.toml"
    write_people(people, count)
    rules.write_text(RULES)
    preview = MappingPreview()
    await preview.load_mapping(rules)
    started = time.perf_counter()
    await preview.load_people(people)
    read = time.perf_counter() - started
    told: list[Totals] = []
    worst = [0.0]
    beating = asyncio.create_task(_beat(worst))
    started = time.process_time()
    totals = await preview.run(told.append)
    seconds = time.process_time() - started
    beating.cancel()
    assert (totals.accepted, totals.people) == (count, count)
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "people_a_second": count / seconds,
        "read_a_second": count / read,
        "stall_ms": worst[0] * 1000,
        "mb": mb,
        "floor": seconds / _floor(people),
        "told": len(told),
    }


def _floor(people: Path) -> float:
    """Seconds to read the same lines with `json` and to write each with `orjson`."""
    started = time.process_time()
    with people.open() as file:
        for line in file:
            orjson.dumps(json.loads(line))
    return time.process_time() - started


def main(count: int) -> None:
    """Print the figures for so many people as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(_preview(Path(folder), count))))


if __name__ == "__main__":
    main(int(sys.argv[1]))
