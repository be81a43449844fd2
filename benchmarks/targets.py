"""Servers under test, each asked the same five things in its own words."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote, urlsplit

import orjson

from benchmarks.fill import Filled
from benchmarks.people import newcomers, users
from benchmarks.wire import Wire
from scim_tui.model.directory import Kind
from scim_tui.service.store.pages import write_cursor

PAGE = 100
NEW = 500
"""People made for each target, enough for all creates."""


@dataclass
class Target:
    """A server with users in it. Each operation asks for another user than the one before."""

    wire: Wire
    base: str
    some: list[tuple[str, str]]
    first_page: str
    middle_page: str
    new: Iterator[bytes]

    def __post_init__(self) -> None:
        self._turns = _cycle(self.some)

    def get(self) -> bytes:
        """One user by id."""
        return self.wire.get(f"{self.base}/Users/{next(self._turns)[0]}").body

    def filter(self) -> bytes:
        """One user by userName."""
        sought = quote(f'userName eq "{next(self._turns)[1]}"')
        return self.wire.get(f"{self.base}/Users?filter={sought}").body

    def first(self) -> bytes:
        """The first page."""
        return self.wire.get(f"{self.base}/Users?{self.first_page}").body

    def middle(self) -> bytes:
        """The page in the middle."""
        return self.wire.get(f"{self.base}/Users?{self.middle_page}").body

    def create(self) -> bytes:
        """Somebody new."""
        return self.wire.post(f"{self.base}/Users", next(self.new)).body

    def check(self) -> None:
        """Raise unless the answers hold what they should."""
        for page in (self.first(), self.middle()):
            assert len(orjson.loads(page)["Resources"]) == PAGE
        assert "userName" in orjson.loads(self.get())


def _cycle(some: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    order = some[:]
    while True:
        random.shuffle(order)
        yield from order


@contextmanager
def ours(filled: Filled) -> Iterator[Target]:
    """`scim-tui serve` on a filled data folder, without limits of rate."""
    command = [
        "scim_tui",
        "serve",
        "--data",
        str(filled.path),
        "--port",
        "0",
        "--ready-json",
        "--limits",
        "off",
    ]
    with _process(command) as line:
        endpoint = urlsplit(json.loads(line)["scim_endpoint"])
        cursor = write_cursor(Kind.USERS, "", filled.size // 2)
        assert endpoint.port
        with Wire(endpoint.port, filled.secret) as wire:
            yield Target(
                wire,
                endpoint.path,
                filled.some,
                f"cursor&count={PAGE}",
                f"cursor={quote(cursor)}&count={PAGE}",
                newcomers(NEW),
            )


@contextmanager
def floor(folder: Path, page: bytes, user: bytes) -> Iterator[Target]:
    """Starlette routes that answer these bytes."""
    (folder / "page").write_bytes(page)
    (folder / "user").write_bytes(user)
    with (
        _process(["benchmarks.servers", "floor", str(folder)]) as line,
        Wire(int(line)) as wire,
    ):
        query = f"count={PAGE}"
        yield Target(wire, "", [("one", "one")], query, query, newcomers(NEW))


@contextmanager
def scim2(size: int) -> Iterator[Target]:
    """scim2-server, filled by creating."""
    with _process(["benchmarks.servers", "scim2"]) as line, Wire(int(line)) as wire:
        some = []
        for user in islice(users(), size):
            made = orjson.loads(wire.post("/v2/Users", orjson.dumps(user)).body)
            some.append((made["id"], made["userName"]))
        first, middle = (f"startIndex={at}&count={PAGE}" for at in (1, size // 2))
        yield Target(wire, "/v2", some, first, middle, newcomers(NEW))


@contextmanager
def _process(module: list[str]) -> Iterator[str]:
    """A module as a process until the end of the block; gives the first line it prints."""
    process = subprocess.Popen([sys.executable, "-m", *module], stdout=subprocess.PIPE, text=True)
    with process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, "the server did not start"
            yield line
        finally:
            process.kill()
