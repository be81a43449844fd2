"""Listing with our client beside httpx and orjson alone, over pages that are replayed."""

import asyncio
from itertools import islice
from urllib.parse import parse_qs

import httpx
import orjson

from benchmarks.measure import Samples, Subject, interleaved
from benchmarks.people import users
from benchmarks.report import Report, ms, times
from scim_tui.scim.client import ScimClient
from scim_tui.service.store.resources import Identity, serve_user

_URL = "http://127.0.0.1:1/t/scim/v2"
PAGE = 100
_NOW = "2026-01-01T00:00:00Z"


def run(report: Report, *, quick: bool) -> None:
    """List in turns."""
    number, rounds = (1_000, 3) if quick else (20_000, 7)
    replay = Replay(number)
    report.title(
        f"Client: {number:,} users listed in pages of {PAGE}",
        f"Pages of {len(replay.page(0)):,} bytes from memory, through the same httpx transport.",
        "httpx + orjson: decoded and dropped. ScimClient: every user a row, every page checked.",
    )
    found = interleaved(
        {
            "httpx + orjson": Subject(lambda: asyncio.run(bare(_URL, number, replay))),
            "ScimClient": Subject(lambda: asyncio.run(_ours(replay, number))),
        },
        rounds,
    )
    _print(report, found, number)


def _print(report: Report, found: dict[str, Samples], number: int) -> None:
    least = found["httpx + orjson"]
    rows = [
        [
            name,
            ms(samples.median),
            f"{samples.median / number * 1e6:.1f} us",
            f"{number / samples.median:,.0f}",
            times(samples.over(least)),
        ]
        for name, samples in found.items()
    ]
    report.table(["", "median", "a user", "users/s", "of httpx + orjson"], rows)


class Replay(httpx.AsyncBaseTransport):
    """Pages with cursors, as the service sends them; the cursor is the number of the page."""

    def __init__(self, number: int) -> None:
        self.number = number
        served = [
            serve_user(user, Identity(f"{place:08}-4e5c-91b9-0000-000000000000", _NOW, _NOW))
            for place, user in enumerate(islice(users(), number))
        ]
        self._pages = []
        for start in range(0, number, PAGE):
            page = {"itemsPerPage": PAGE, "Resources": served[start : start + PAGE]}
            if start + PAGE < number:
                page["nextCursor"] = str(start // PAGE + 1)
            self._pages.append(orjson.dumps(page))

    def page(self, number: int) -> bytes:
        """One page."""
        return self._pages[number]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with the page that the cursor names."""
        query = parse_qs(request.url.query.decode(), keep_blank_values=True)
        headers = {"Content-Type": "application/scim+json"}
        return httpx.Response(200, headers=headers, content=self.page(int(query["cursor"][0] or 0)))


async def bare(endpoint: str, number: int, replay: Replay | None = None) -> None:
    """The least that a client with httpx and orjson can do: decode every page, keep nothing."""
    seen, cursor = 0, ""
    async with httpx.AsyncClient(transport=replay) as client:
        while True:
            answer = await client.get(f"{endpoint}/Users?cursor={cursor}&count={PAGE}")
            page = orjson.loads(answer.content)
            seen += len(page["Resources"])
            cursor = page.get("nextCursor", "")
            if not cursor:
                break
    assert seen == number


async def _ours(replay: Replay, number: int) -> None:
    client = ScimClient(_URL, None, via=replay, cursors=True)
    try:
        seen = 0
        async for page in client.users():
            seen += len(page.rows)
    finally:
        await client.aclose()
    assert seen == number
