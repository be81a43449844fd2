"""The embedded service beside scim2-server and beside the floor, over TCP on loopback."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.fill import fill
from benchmarks.measure import Samples, Subject, interleaved
from benchmarks.report import Report, ms, times
from benchmarks.targets import Target, floor, ours, scim2

Measured = dict[str, dict[str, Samples]]
"""By operation, then by target."""
OPERATIONS: dict[str, tuple[str, Callable[[Target], Callable[[], bytes]]]] = {
    "get": ("get one by id", lambda target: target.get),
    "filter": ('filter userName eq "..."', lambda target: target.filter),
    "first": ("list, first page of 100", lambda target: target.first),
    "middle": ("list, middle page of 100", lambda target: target.middle),
    "create": ("create", lambda target: target.create),
}
_TIMES = {"ours": 20, "floor": 20, "scim2": 5}
"""Requests in a row."""
_SLOW = {("scim2", "first"): 1, ("scim2", "middle"): 1}


def run(report: Report, *, quick: bool) -> None:
    """Fill, start, measure, print."""
    sizes, peers = ([1_000], [1_000]) if quick else ([1_000, 20_000, 200_000], [1_000, 5_000])
    report.title(
        "Service over TCP loopback, uvicorn, one process each",
        "Client: one blocking socket kept alive, one request after the other, the same for all.",
        "Ours with rate limits off, token check and activity log on; scim2-server 0.8 as ASGI,",
        "in memory, without auth; floor: Starlette routes that answer the same bytes from memory.",
    )
    started = time.monotonic()
    with _targets(sizes, peers) as targets:
        print(f"   filled and started in {time.monotonic() - started:.0f} s", flush=True)
        measured = {name: _measure(targets, name, 4 if quick else 15) for name in OPERATIONS}
    _print(report, measured)
    _aims(report, measured, sizes, peers)


@contextmanager
def _targets(sizes: list[int], peers: list[int]) -> Iterator[dict[str, Target]]:
    """All servers at once; those that are not asked sleep."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scim-bench-")))
        folders = list(fill(folder, sizes))
        targets = {f"scim2 {size:,}": stack.enter_context(scim2(size)) for size in peers}
        for filled in folders:
            targets[f"ours {filled.size:,}"] = stack.enter_context(ours(filled))
        model = targets[f"ours {sizes[0]:,}"]
        targets["floor"] = stack.enter_context(floor(folder, model.first(), model.get()))
        for name, target in targets.items():
            if name != "floor":
                target.check()
        yield targets


def _measure(targets: dict[str, Target], operation: str, rounds: int) -> dict[str, Samples]:
    _, method = OPERATIONS[operation]
    subjects = {}
    for name, target in targets.items():
        kind = name.split()[0]
        subjects[name] = Subject(method(target), _SLOW.get((kind, operation), _TIMES[kind]))
    return interleaved(subjects, rounds)


def _print(report: Report, measured: Measured) -> None:
    names = list(next(iter(measured.values())))
    order = sorted(names, key=lambda name: ("ofs".index(name[0]), names.index(name)))
    rows = []
    for operation, samples in measured.items():
        rows.append([OPERATIONS[operation][0], *(ms(samples[name].median) for name in order)])
    report.table(["median per request", *order], rows)


def _aims(report: Report, measured: Measured, sizes: list[int], peers: list[int]) -> None:
    pages = ("first", "middle")
    for peer in peers:
        for name in pages:
            ratio = _ratio(measured, name, f"scim2 {peer:,}", _ours(sizes[0]))
            report.at_least(f"{name} page at 1,000 against scim2-server at {peer:,}", ratio, 20)
    for size in sizes:
        for name in pages:
            ratio = _ratio(measured, name, "floor", _ours(size))
            report.at_least(f"{name} page at {size:,} against the floor", ratio, 0.5, digits=2)
    for peer in peers:
        ratio = _ratio(measured, "create", f"scim2 {peer:,}", _ours(sizes[0]))
        report.at_least(f"create against scim2-server at {peer:,}", ratio, 3)
    _others(report, measured, sizes, peers)
    if len(sizes) > 1:
        _flat(report, measured, sizes[0], sizes[-1])


def _others(report: Report, measured: Measured, sizes: list[int], peers: list[int]) -> None:
    """Ratios without an aim."""
    rows = []
    for name in ("get", "filter", "create"):
        ratios = [_ratio(measured, name, f"scim2 {peer:,}", _ours(sizes[0])) for peer in peers]
        ratios.append(_ratio(measured, name, "floor", _ours(sizes[0])))
        rows.append([OPERATIONS[name][0], *map(times, ratios)])
    report.table(["ours at 1,000 against", *(f"scim2 {peer:,}" for peer in peers), "floor"], rows)


def _flat(report: Report, measured: Measured, small: int, large: int) -> None:
    for name, (words, _) in OPERATIONS.items():
        ratio = _ratio(measured, name, _ours(large), _ours(small))
        report.at_most(f"flat, {words}: {large:,} / {small:,}", ratio, 1.3)


def _ratio(measured: Measured, operation: str, above: str, below: str) -> float:
    return measured[operation][above].over(measured[operation][below])


def _ours(size: int) -> str:
    return f"ours {size:,}"
