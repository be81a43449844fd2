"""The history of requests: a search among a million events, and what recording costs a create."""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import httpx

from benchmarks.measure import Subject, interleaved
from benchmarks.report import Report, ms
from scim_tui.model.event_search import parse
from scim_tui.service.app import build_app
from scim_tui.service.store import tokens
from scim_tui.service.store.event_row import EventRow
from scim_tui.service.store.event_search import group_events, search_events
from scim_tui.service.store.ledger import Ledger, write_events
from scim_tui.service.store.store import Store

_SEARCHES = (
    "outcome:refused",
    "op:CreateUser",
    "op:DeleteUser",
    "client:okta",
    "who:person4711.",
    "rule:emails.unique",
    "since:2h",
    "smith",
    "person123",
    "nothing-like-it",
    "familyname",
    "rule:text.empty who:rossi op:create",
    "outcome:refused op:CreateUser token:tok client:okta since:2h rule:emails.unique",
    "-client:okta",
)
_OPERATIONS = ("ListUsers",) * 8 + ("PatchUser",) * 6 + ("GetUser",) * 3 + ("CreateUser",) * 2
_RULES = (
    ("emails.unique", "Duplicate primary email"),
    ("userName.unique", "Duplicate UserName"),
    ("text.empty", "1 validation error detected: Value at 'name.familyName' failed"),
)
_PAGE = 100
_CREATES = 200


def run(report: Report, *, quick: bool) -> None:
    """Fill, search, group, create."""
    size, people = (20_000, 2_000) if quick else (1_000_000, 50_000)
    with tempfile.TemporaryDirectory() as folder:
        with closing(Store(Path(folder) / "searched.db")) as store:
            _fill(store, size, people)
            _search(report, store, size, 3 if quick else 20)
        _recording(report, Path(folder), 3 if quick else 15)


def _fill(store: Store, size: int, people: int) -> None:
    events = _events(size, people, store.now())
    while batch := [event for _, event in zip(range(20_000), events, strict=False)]:
        store.submit(lambda connection, batch=batch: write_events(connection, batch)).result()  # type: ignore[misc]


def _events(size: int, people: int, now: float) -> Iterator[EventRow]:
    chance = random.Random(1)
    domains = ("smith", "jones", "rossi", "khan")
    names = [f"person{n}.{chance.choice(domains)}@corp.example" for n in range(people)]
    for number in range(size):
        who, refused = chance.randrange(people), chance.random() < 0.03
        code, message = chance.choice(_RULES) if refused else ("", "")
        rare = number in (size // 200, size // 3)
        yield EventRow(
            at=now - 60 * 86_400 * (1 - number / size),
            operation="DeleteUser" if rare else chance.choice(_OPERATIONS),
            status=409 if refused else 200,
            target=names[who],
            resource_id=f"{who:08x}-0000-4000-8000-000000000000",
            token_id=chance.choice(("tok-1", "tok-2")),
            client="Okta SCIM Client 1.0",
            violated=code,
            message=message,
            request_id=f"{chance.getrandbits(128):032x}",
            duration_ms=3.0,
            token_known=True,
            address="192.0.2.1",
        )


def _search(report: Report, store: Store, size: int, rounds: int) -> None:
    report.title(f"Search among {size:,} events", f"The first page of {_PAGE} rows, newest first.")
    reader, everything, rows = store.reader(), list[float](), list[list[str]]()
    for text in _SEARCHES:
        taken = []
        for _ in range(rounds):
            start = time.perf_counter()
            page = search_events(reader, parse(text, datetime.now(UTC)), limit=_PAGE)
            taken.append(time.perf_counter() - start)
        everything += taken
        rows.append([text[:50], ms(sorted(taken)[rounds // 2]), f"{len(page.events)}"])
    report.table(["search", "median", "rows"], rows)
    p95 = quantiles(everything, n=20)[-1] * 1000
    report.at_most(f"first rows of a search among {size:,} events, p95", p95, 100, " ms")
    start = time.perf_counter()
    group_events(reader, parse("outcome:refused", store.clock()), by_person=True, limit=200)
    report.table(["grouped by person", "took"], [["refused", ms(time.perf_counter() - start)]])


def _recording(report: Report, folder: Path, rounds: int) -> None:
    """Creates with the ledger writing behind, and with one that forgets; in one process."""
    report.title(
        "What recording events costs a create",
        f"{_CREATES} creates in a row without a network, the last flush included.",
    )
    with asyncio.Runner() as runner:
        sides = {name: _Side(folder / f"{name}.db", runner) for name in ("recorded", "not")}
        sides["not"].forget()
        found = interleaved({name: Subject(side.create) for name, side in sides.items()}, rounds)
        for side in sides.values():
            side.close()
    rows = [[name, ms(samples.median / _CREATES)] for name, samples in found.items()]
    report.table(["events", "a create"], rows)
    report.at_most("create, recorded against not", found["recorded"].over(found["not"]), 1.1)


class _Side:
    """A service in this process, and an IdP that creates users."""

    def __init__(self, path: Path, runner: asyncio.Runner) -> None:
        self._store, self._runner = Store(path), runner
        store = self._store
        new = store.submit(lambda c: tokens.enable_with_token(c, store.now())).result()
        tenant = tokens.current_tenant(store.reader())
        assert new is not None
        assert tenant is not None
        app = build_app(store, admin_open=True)
        self._ledger: Ledger = app.state.ledger
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=f"http://service.test/{tenant.tenant_id}/scim/v2",
            headers={"Authorization": f"Bearer {new.secret.get_secret_value()}"},
        )
        self._number = 0

    def forget(self) -> None:
        """Record nothing from now on."""
        self._ledger.record = lambda **_: None  # type: ignore[method-assign]

    def create(self) -> None:
        """Create users one after the other, and write what was recorded."""
        self._runner.run(self._creates())

    async def _creates(self) -> None:
        for _ in range(_CREATES):
            self._number += 1
            name = f"person{self._number}@corp.example"
            user = {
                "userName": name,
                "displayName": name,
                "name": {"givenName": "A", "familyName": "B"},
            }
            answer = await self._http.post("/Users", json=user)
            assert answer.status_code == 201, answer.text
        await self._ledger.flush()

    def close(self) -> None:
        """Let go of everything."""
        self._runner.run(self._http.aclose())
        self._runner.run(self._ledger.aclose())
        self._store.close()
