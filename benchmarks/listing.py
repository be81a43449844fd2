"""Listing users from a server into the index, beside httpx with orjson and beside scim2-client."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
from scim2_client.engines.httpx2 import AsyncSCIMClient
from scim2_models import (
    EnterpriseUser,
    ListResponse,
    ResourceType,
    ScimProvider,
    SearchRequest,
    User,
)

from benchmarks.client import PAGE, bare
from benchmarks.measure import Samples, Subject, interleaved
from benchmarks.pages_server import serving
from benchmarks.report import Report, ms
from scim_tui.core.directory.api import Directory
from scim_tui.model.directory import Kind
from scim_tui.providers.scim.provider import ScimProvider as OurProvider

_BARE, _OURS, _PEER = "httpx + orjson, kept nowhere", "into the index", "scim2-client, checked"


def listings(report: Report, number: int, rounds: int) -> None:
    """List in turns: all of them, and for the peer the first thousand."""
    fewer = min(number, 1_000)
    with serving(number) as endpoint, serving(fewer) as small:
        into = IntoIndex(endpoint, number)
        subjects = {
            _BARE: Subject(lambda: asyncio.run(bare(endpoint, number))),
            _OURS: Subject(into.list, after=into.close),
            _PEER: Subject(lambda: asyncio.run(peer(small, fewer))),
        }
        found = interleaved(subjects, rounds)
        report.title(
            f"{number:,} users listed",
            f"Pages of {PAGE} over HTTP from a process that has them ready; scim2-client lists"
            f" {fewer:,}.",
            "Into the index: the file made, every row written and searchable; closing is not"
            " counted.",
        )
        counts = {_BARE: number, _OURS: number, _PEER: fewer}
        _print(report, found, counts)
        cpu = [_cpu(subjects[_BARE]) / _cpu(subjects[_OURS]) for _ in range(rounds)]
        report.at_least("the same by CPU, which others do not take", median(cpu), 0.5, 2)


def _cpu(subject: Subject) -> float:
    start = time.process_time()
    subject.work()
    taken = time.process_time() - start
    subject.after()
    return taken


def _print(report: Report, found: dict[str, Samples], counts: dict[str, int]) -> None:
    each = {name: median(samples.all) / counts[name] for name, samples in found.items()}
    rows = [
        [name, ms(samples.median), f"{each[name] * 1e6:.1f} us", f"{1 / each[name]:,.0f}"]
        for name, samples in found.items()
    ]
    report.table(["", "median", "a user", "users/s"], rows)
    share = 1 / found[_OURS].over(found[_BARE])
    report.at_least("listing into the index beside httpx + orjson", share, 0.5, 2)
    report.at_least("listing into the index beside scim2-client", each[_PEER] / each[_OURS], 5)


@dataclass
class IntoIndex:
    """Our client and our index, on disk."""

    endpoint: str
    number: int
    _opened: list[Callable[[], None]] = field(default_factory=list)

    def list(self) -> None:
        """Until every row can be searched for."""
        folder, runner = tempfile.TemporaryDirectory(), asyncio.Runner()
        provider = OurProvider(self.endpoint, None, cursors=True)
        directory = Directory(provider, file=Path(folder.name) / "index.sqlite")
        state = runner.run(directory.load(Kind.USERS))
        assert directory.count(Kind.USERS) == self.number, state
        self._opened += [
            lambda: runner.run(directory.aclose()),
            lambda: runner.run(provider.aclose()),
            runner.close,
            folder.cleanup,
        ]

    def close(self) -> None:
        """Let go of what `list` opened."""
        for each in self._opened:
            each()
        self._opened.clear()


async def peer(endpoint: str, number: int) -> None:
    """scim2-client, with the models of scim2-models checked as it does by itself."""
    kinds = (ResourceType.from_resource(User[EnterpriseUser]),)
    provider = ScimProvider((User, EnterpriseUser), kinds)
    seen = 0
    async with httpx2.AsyncClient(base_url=endpoint) as http:
        client = AsyncSCIMClient(http, provider=provider)
        while seen < number:
            asked: SearchRequest[Any] = SearchRequest(start_index=seen + 1, count=PAGE)
            page = await client.query("User", query_parameters=asked)
            assert isinstance(page, ListResponse)
            seen += len(page.resources or ())
