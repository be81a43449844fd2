"""`scim-tui activity --sent REQUEST_ID`, also with `--curl`."""

from dataclasses import replace

import pytest

from scim_tui.model.capabilities import no
from scim_tui.model.sent_request import SentRequest
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


@pytest.fixture(autouse=True)
def _sent(provider: MemoryProvider) -> None:
    provider.sent["req-1"] = SentRequest(
        request_id="req-1",
        at=START,
        method="POST",
        path="/Users",
        body={"userName": "xxx\x1b[2J"},
        masked=True,
        size=24,
    )


def test_what_was_sent(command: Command) -> None:
    shown = command("activity", "--sent", "req-1")
    assert shown.code == 0
    assert "POST /Users" in shown.out
    assert "\\u001b[2J" in shown.out
    assert "\x1b" not in shown.out
    assert "are masked" in shown.err
    assert command("activity", "--sent", "req-1", "--json").json["sent"]["method"] == "POST"


def test_as_curl(command: Command) -> None:
    shown = command("activity", "--sent", "req-1", "--curl")
    assert shown.out.startswith("curl -X POST https://scim.example.com/tenant-1/scim/v2/Users")
    assert "Bearer ***" in shown.out


def test_what_is_not_there_or_not_known(command: Command, provider: MemoryProvider) -> None:
    assert command("activity", "--sent", "req-2").code == 1
    assert command("activity", "--curl").code == 2
    unknown = no("What a refused request carried is not known here.")
    provider.capabilities = replace(provider.capabilities, sent_requests=unknown)
    shown = command("activity", "--sent", "req-1")
    assert (shown.code, "not known here" in shown.err) == (5, True)
