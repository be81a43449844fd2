"""Commands over a SCIM server that is written in a test: its answers by path."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from scim_tui import wiring
from scim_tui.config.profiles import Profile
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.providers.scim.provider import ScimProvider
from tests.scim.scim_kit import Naps

Answers = Callable[[httpx.Request], httpx.Response]
NOT_THERE = {"status": "404", "detail": "Not Found"}


def serve(monkeypatch: pytest.MonkeyPatch, answers: Answers) -> None:
    """Let commands open this server; its paths are those behind the endpoint."""

    async def opened(profile: Profile, *, via: str, read_only: bool = False) -> Workspace:
        provider = ScimProvider(
            "https://scim.example.com/v2",
            SecretStr("s3cr3t"),
            transport=httpx.MockTransport(answers),
            options=Naps().options,
        )
        trail = wiring.audit_trail(profile, via=via, clock=lambda: datetime.now(UTC))
        return assemble(profile, provider, trail, read_only=read_only)

    monkeypatch.setattr(wiring, "open_workspace", opened)


def path_of(request: httpx.Request) -> str:
    """The path behind the endpoint."""
    return request.url.path.removeprefix("/v2")


def by_path(bodies: Mapping[str, Any]) -> Answers:
    """A body for each path, a page for each collection; 404 for all others."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = bodies.get(path_of(request))
        if found is None:
            return httpx.Response(404, json=NOT_THERE)
        if isinstance(found, list):
            found = {"totalResults": len(found), "startIndex": 1, "Resources": found}
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    return answer
