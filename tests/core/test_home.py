"""Paths as people type them, and requests that outlive their connection."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from scim_tui.core.index.query import edge
from scim_tui.model.errors import Unreachable
from scim_tui.model.typed_path import at_home
from scim_tui.scim.transport import Transport


def test_only_a_home_that_exists_is_put_in_the_place_of_its_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    assert at_home("~/a") == Path("/home/ana/a")
    assert at_home(Path("b/~c")) == Path("b/~c")
    assert at_home("~nobody-of-that-name/a") == Path("~nobody-of-that-name/a")


def test_an_age_before_all_time_is_none() -> None:
    assert edge("<999999d", datetime(2026, 1, 1, tzinfo=UTC)) is None


async def test_a_request_that_is_tried_again_after_the_end_is_refused_by_name() -> None:
    asked = asyncio.Event()

    def no(request: httpx.Request) -> httpx.Response:
        asked.set()
        raise httpx.ConnectError("no")

    found = Transport("https://scim.example.com/t1", None, via=httpx.MockTransport(no))
    task = asyncio.create_task(found.send("GET", "/Users"))
    await asked.wait()
    await found.aclose()
    with pytest.raises(Unreachable, match="GET /Users was not sent: the connection was closed"):
        await task
