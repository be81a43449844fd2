"""A SCIM server on loopback whose listings are answered by a function, for servers with faults."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
Query = dict[str, str]
Answer = Json | tuple[int, Json]
"""A body with status 200, or a status and a body."""
COUNT = "startIndex=1&count="


def user(number: int) -> Json:
    return {"id": f"u{number}", "userName": f"user{number}@corp.example"}


def group(number: int) -> Json:
    return {"id": f"g{number}", "displayName": f"Group {number}"}


def page(rows: list[Json], total: int | None, start: int | None = None, **more: object) -> Json:
    told = {"totalResults": total, "startIndex": start, "itemsPerPage": len(rows)}
    return {"Resources": rows, **{k: v for k, v in told.items() if v is not None}, **more}


def refused(status: int, detail: str = "no", **more: object) -> tuple[int, Json]:
    return status, {"status": str(status), "detail": detail, **more}


def numbers(query: Query, size: int, cap: int = 1_000) -> range:
    """The numbers, from 1, of what a server with so many gives for this query."""
    first = int(query.get("startIndex") or 1)
    return range(first, min(first + min(int(query.get("count") or 100), cap), size + 1))


@dataclass
class Listings:
    """What the server answers by path; what is not there is answered 404."""

    users: Callable[[Query], Answer] = lambda _: page([], 0)
    groups: Callable[[Query], Answer] = lambda _: page([], 0)
    more: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def answer(self, target: str) -> tuple[int, Json]:
        self.asked.append(target.removeprefix("/v2"))
        parts = urlsplit(target)
        path = parts.path.removeprefix("/v2")
        query = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        if path in self.more:
            found = self.more[path]
        elif path in {"/Users", "/Groups"}:
            found = self.users(query) if path == "/Users" else self.groups(query)
        else:
            found = refused(404)
        return found if isinstance(found, tuple) else (200, found)

    def lists(self, kind: str = "/Users") -> list[str]:
        """The queries of the listings that were asked for."""
        return [each.partition("?")[2] for each in self.asked if each.startswith(f"{kind}?")]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that left is what is tested."""


@contextmanager
def serving(listings: Listings) -> Iterator[Listings]:
    """The server in a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, found = listings.answer(self.path)
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Requests are kept in `asked`."""

    with _Server(("127.0.0.1", 0), Handler) as server:
        listings.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield listings
        finally:
            server.shutdown()
            thread.join()
