"""Sinks: a command, a web address, and the forms of a message."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scim_tui.model.alert import Alert, AlertCause, AlertKind
from scim_tui.model.errors import ScimTuiError
from scim_tui.sinks.command import CommandSink
from scim_tui.sinks.templates import as_slack, as_teams
from scim_tui.sinks.webhook import WebhookSink
from tests.fakes.sample import START

ALERT = Alert(
    id="1",
    kind=AlertKind.TROUBLE,
    profile="prod",
    environment="PROD",
    verdict="failing",
    before="healthy",
    at=START,
    since=START,
    causes=(AlertCause(signal="s", level="failing", reason="<@all> *x* [y](z)", is_new=True),),
)


async def test_a_command_gets_the_message_as_json(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = f"import sys; open({str(out)!r}, 'w').write(sys.stdin.read())"
    await CommandSink("c", [sys.executable, "-c", code]).send(ALERT)
    assert Alert.model_validate_json(out.read_text()) == ALERT


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([sys.executable, "-c", "raise SystemExit(3)"], "ended with 3"),
        (["/nowhere/at-all"], "cannot be started"),
        ([sys.executable, "-c", "import signal; signal.pause()"], "did not end in"),
    ],
)
async def test_a_command_that_fails_or_hangs_is_an_error(words: list[str], message: str) -> None:
    with pytest.raises(ScimTuiError, match=message):
        await CommandSink("c", words, seconds=1).send(ALERT)


@asynccontextmanager
async def hook(answer: Response) -> AsyncIterator[tuple[str, list[dict[str, object]]]]:
    """A web address that gives this answer, and what was posted to it."""
    posted: list[dict[str, object]] = []

    async def take(request: Request) -> Response:
        posted.append(json.loads(await request.body()))
        return answer

    app = Starlette(routes=[Route("/secret-path", take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    # It listens before the server runs, so that a client need not wait for it.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/secret-path", posted
        finally:
            server.should_exit = True
            await task


async def test_a_web_address_gets_the_message() -> None:
    async with hook(Response(status_code=204)) as (url, posted):
        await WebhookSink("w", SecretStr(url)).send(ALERT)
    assert posted[0]["title"] == "prod [PROD]: provisioning is failing"
    assert posted[0]["verdict"] == "failing"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Response(status_code=500), "w answered 500"),
        (Response(status_code=307, headers={"location": "http://127.0.0.1:9/"}), "a redirect"),
    ],
)
async def test_another_answer_is_an_error(answer: Response, message: str) -> None:
    async with hook(answer) as (url, _):
        with pytest.raises(ScimTuiError, match=message):
            await WebhookSink("w", SecretStr(url)).send(ALERT)


async def test_an_error_never_shows_the_address() -> None:
    with pytest.raises(ScimTuiError) as caught:
        await WebhookSink("w", SecretStr("http://127.0.0.1:9/secret-path")).send(ALERT)
    assert "secret-path" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_text_from_outside_is_no_markup_in_slack_and_teams() -> None:
    assert "&lt;@all&gt;" in as_slack(ALERT)["text"]
    card = as_teams(ALERT)["attachments"][0]["content"]
    assert r"\[y\]\(z\)" in card["body"][1]["text"]
