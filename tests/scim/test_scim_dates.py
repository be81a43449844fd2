"""How far the server's clock is from ours, by the Date of its answers."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from scim_tui.model.clock_skew import TOLERATED
from scim_tui.scim.client import ScimClient
from tests.scim.scim_kit import ENDPOINT, Server, client, names, ok


def dated(ahead: timedelta) -> httpx.Response:
    date = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
    return ok({"totalResults": 0, "Resources": []}, date=date)


@pytest.mark.parametrize("ahead", [timedelta(days=30), timedelta(hours=-3)])
async def test_the_date_of_an_answer_says_how_far_the_clocks_are_apart(ahead: timedelta) -> None:
    found = client(Server(lambda _: dated(ahead)))
    await names(found)
    assert found.clock_skew is not None
    assert abs(found.clock_skew - ahead) < timedelta(seconds=3)
    await found.aclose()


async def test_a_date_of_the_same_second_is_no_skew() -> None:
    found = client(Server(lambda _: dated(timedelta())))
    await names(found)
    assert found.clock_skew is not None
    assert abs(found.clock_skew) < TOLERATED
    await found.aclose()


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Nov 2026 99:99:99 GMT"])
async def test_without_a_date_it_is_not_known(date: str) -> None:
    answer = ok({"totalResults": 0, "Resources": []}, date=date)
    found = client(Server(answer))
    await names(found)
    assert found.clock_skew is None
    await found.aclose()


async def test_a_service_in_this_process_has_our_clock() -> None:
    found = ScimClient(ENDPOINT, None, via=httpx.MockTransport(Server(ok())))
    assert found.clock_skew == timedelta()
    await found.aclose()
