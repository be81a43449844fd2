"""Listing users from a server into the index, beside httpx with orjson and beside scim2-client."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import parse_qs

import httpx2
import orjson
from scim2_client.engines.httpx2 import AsyncSCIMClient
from scim2_models import (
    EnterpriseUser,
    ListResponse,
    ResourceType,
    ScimProvider,
    SearchRequest,
    User,
)

from benchmarks.client import Replay, _bare
from benchmarks.measure import Samples, Subject, interleaved
from benchmarks.report import Report, ms
from scim_tui.core.directory import Directory
from scim_tui.model.directory import Kind
from scim_tui.providers.scim import ScimProvider as OurProvider

_PAGE = 100
_BARE, _OURS, _PEER = "httpx + orjson, kept nowhere", "into the index", "scim2-client, checked"
_URL = "http://127.0.0.1:1/t/scim/v2"


def listings(report: Report, number: int, rounds: int) -> None:
    """List in turns: all of them, and for the peer the first thousand."""
    replay, fewer = Replay(number), min(number, 1_000)
    peer = Peer(Replay(fewer), fewer)
    into = IntoIndex(replay)
    subjects = {
        _BARE: Subject(lambda: asyncio.run(_bare(replay, number))),
        _OURS: Subject(into.list, after=into.close),
        _PEER: Subject(lambda: asyncio.run(peer.list())),
    }
    found = interleaved(subjects, rounds)
    report.title(
        f"{number:,} users listed",
        f"Pages of {_PAGE} from memory, through one transport; scim2-client lists {fewer:,}.",
        "Into the index: the file made, every row written and searchable; closing is not counted.",
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
    rows = [[name, ms(samples.median), f"{each[name] * 1e6:.1f} us", f"{1 / each[name]:,.0f}"]
            for name, samples in found.items()]  # fmt: skip
    report.table(["", "median", "a user", "users/s"], rows)
    share = 1 / found[_OURS].over(found[_BARE])
    report.at_least("listing into the index beside httpx + orjson", share, 0.5, 2)
    report.at_least("listing into the index beside scim2-client", each[_PEER] / each[_OURS], 5)


@dataclass
class IntoIndex:
    """Our client and our index, on disk."""

    replay: Replay
    _opened: list[Callable[[], None]] = field(default_factory=list)

    def list(self) -> None:
        """Until every row can be searched for."""
        folder, runner = tempfile.TemporaryDirectory(), asyncio.Runner()
        provider = OurProvider(_URL, None, transport=self.replay, cursors=True)
        directory = Directory(provider, file=Path(folder.name) / "index.sqlite")
        state = runner.run(directory.load(Kind.USERS))
        assert directory.count(Kind.USERS) == self.replay.number, state
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


class Peer:
    """scim2-client, with the models of scim2-models checked as it does by itself."""

    def __init__(self, replay: Replay, number: int) -> None:
        self._number = number
        self._bodies = [_by_index(replay.page(at // _PAGE), at, number)
                        for at in range(0, number, _PAGE)]  # fmt: skip
        kinds = (ResourceType.from_resource(User[EnterpriseUser]),)
        self._provider = ScimProvider((User, EnterpriseUser), kinds)

    async def list(self) -> None:
        """Every page."""
        seen, transport = 0, httpx2.MockTransport(self._answer)
        async with httpx2.AsyncClient(base_url=_URL, transport=transport) as http:
            client = AsyncSCIMClient(http, provider=self._provider)
            while seen < self._number:
                asked: SearchRequest[Any] = SearchRequest(start_index=seen + 1, count=_PAGE)
                page = await client.query("User", query_parameters=asked)
                assert isinstance(page, ListResponse)
                seen += len(page.resources or ())

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        start = int(parse_qs(request.url.query.decode())["startIndex"][0])
        headers = {"Content-Type": "application/scim+json"}
        return httpx2.Response(200, headers=headers, content=self._bodies[start // _PAGE])


def _by_index(body: bytes, at: int, total: int) -> bytes:
    """The same page as a server tells it that pages by index."""
    page = {name: value for name, value in orjson.loads(body).items() if name != "nextCursor"}
    schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
    return orjson.dumps({"schemas": schemas, "totalResults": total, "startIndex": at + 1, **page})
