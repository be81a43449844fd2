"""The schema of Entra ID, asked for live: a loopback stand-in for Microsoft Graph, and for az."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pydantic import SecretStr

from scim_tui.core.mapping.api import MappingPreview
from scim_tui.idps.graph import AWS_APP, Graph
from scim_tui.model.errors import NotAllowed, Unreachable, Unreadable, UsageError
from scim_tui.wiring import entra_schema
from tests.mapping.test_mapping_entra import attribute, mapped, schema

TOKEN = "graph-token-of-a-test"
JOBS = "/v1.0/servicePrincipals/sp-1/synchronization/jobs"
SCHEMA = schema([mapped("userName", attribute("userPrincipalName"))])


@dataclass
class Tenant:
    """What a tenant answers, by path, and what it was asked."""

    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    endpoint: str = ""

    def tells(self, path: str, body: Any, status: int = 200) -> None:  # noqa: ANN401 - JSON
        self.answers[path] = (status, body if isinstance(body, str) else json.dumps(body))

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        path = urlsplit(head.split(" ")[1]).path
        status, body = self.answers.get(path, (404, '{"error": {"message": "Nothing there"}}'))
        if f"authorization: bearer {TOKEN}" not in head.lower():
            status, body = 401, '{"error": {"code": "x", "message": "unknown error"}}'
        where = "Location: https://elsewhere.example/\r\n" if status == 302 else ""
        data = body.encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\nConnection: close\r\n{where}"
            f"Content-Length: {len(data)}\r\n\r\n".encode()
            + data
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def tenant() -> AsyncIterator[Tenant]:
    """A tenant with one AWS app and one job."""
    made = Tenant()
    made.tells("/v1.0/servicePrincipals", {"value": [{"id": "sp-1", "displayName": "AWS"}]})
    made.tells(JOBS, {"value": [{"id": "aWS.1", "templateId": "aWSSingleSignon"}]})
    made.tells(f"{JOBS}/aWS.1/schema", SCHEMA)
    async with await asyncio.start_server(made.answer, "127.0.0.1", 0) as server:
        made.endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1.0"
        yield made


async def ask(made: Tenant, app: str = "") -> str:
    graph = Graph(SecretStr(TOKEN), made.endpoint)
    try:
        return await graph.schema(app)
    finally:
        await graph.aclose()


async def test_the_app_the_job_and_its_schema_are_found() -> None:
    async with tenant() as made:
        assert await ask(made) == SCHEMA
        paths = [head.split(" ")[1] for head in made.asked]
        assert [urlsplit(path).path for path in paths] == [
            "/v1.0/servicePrincipals",
            JOBS,
            f"{JOBS}/aWS.1/schema",
        ]
        query = parse_qs(urlsplit(unquote(paths[0])).query)
        assert query["$filter"] == [f"applicationTemplateId eq '{AWS_APP}'"]


async def test_an_app_and_a_job_that_are_named_are_asked_for_alone() -> None:
    async with tenant() as made:
        assert await ask(made, "sp-1/aWS.1") == SCHEMA
        assert len(made.asked) == 1
        made.tells(f"{JOBS}/..%2Fx/schema", SCHEMA)
        assert await ask(made, "sp-1/../x") == SCHEMA, "what is named cannot leave its place"


async def test_none_or_several_to_choose_from_are_reported() -> None:
    async with tenant() as made:
        made.tells(JOBS, {"value": [{"id": "a", "templateId": "scim"}, {"id": "b"}]})
        with pytest.raises(UsageError, match=r"more than one provisioning job: a \(scim\), b"):
            await ask(made, "sp-1")
        made.tells("/v1.0/servicePrincipals", {"value": []})
        with pytest.raises(UsageError, match="no app of AWS IAM Identity Center"):
            await ask(made)


async def test_a_missing_role_is_named_in_the_error() -> None:
    async with tenant() as made:
        for status in (401, 403):
            made.tells(
                JOBS, {"error": {"code": "UnknownError", "message": "unknown error"}}, status
            )
            with pytest.raises(NotAllowed) as caught:
                await ask(made, "sp-1")
            assert "Synchronization.Read.All" in caught.value.hint
            assert TOKEN not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("body", ["<html>", "[]", '{"value": 1}'])
async def test_what_is_no_answer_of_graph_is_reported(body: str) -> None:
    async with tenant() as made:
        made.tells(JOBS, body)
        with pytest.raises(Unreadable):
            await ask(made, "sp-1")


async def test_the_token_follows_no_redirect_and_needs_a_safe_way() -> None:
    async with tenant() as made:
        made.tells(JOBS, "", 302)
        with pytest.raises(Unreadable, match="redirect"):
            await ask(made, "sp-1")
    with pytest.raises(UsageError, match="unencrypted"):
        Graph(SecretStr(TOKEN), "http://graph.example/v1.0")
    with pytest.raises(Unreachable):
        await ask(Tenant(endpoint="http://127.0.0.1:9/v1.0"), "sp-1/j")


def fake_az(folder: Path, script: str) -> None:
    program = folder / "az"
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/asked\n{script}\n')
    program.chmod(0o700)


async def test_the_azure_cli_gives_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_az(tmp_path, f"echo {TOKEN}")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("SCIM_TUI_GRAPH_TOKEN_FILE", raising=False)
    async with tenant() as made:
        monkeypatch.setenv("SCIM_TUI_GRAPH_ENDPOINT", made.endpoint)
        preview = MappingPreview(live=entra_schema)
        rules = await preview.load_mapping("entra:")
        assert [rule.target.path for rule in rules.rules] == ["userName"]
        assert (rules.name, rules.format) == ("entra:", "entra")
        resource = made.endpoint.removesuffix("/v1.0")
        assert (tmp_path / "asked").read_text().split() == [
            "account",
            "get-access-token",
            "--resource",
            resource,
            "--query",
            "accessToken",
            "--output",
            "tsv",
        ]
    fake_az(tmp_path, "echo nobody is logged in >&2; exit 1")
    with pytest.raises(UsageError, match="'az' ended with 1"):
        await entra_schema("")


async def test_the_token_comes_by_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "token"
    secret.write_text(TOKEN)
    secret.chmod(0o600)
    async with tenant() as made:
        monkeypatch.setenv("SCIM_TUI_GRAPH_ENDPOINT", made.endpoint)
        assert await entra_schema("sp-1", f"file:{secret}") == SCHEMA
        monkeypatch.setenv("SCIM_TUI_GRAPH_TOKEN_FILE", str(secret))
        assert await entra_schema("sp-1") == SCHEMA
        for wrong in ("file:", "secret", "magic:x"):
            with pytest.raises(UsageError, match="not named"):
                await entra_schema("sp-1", wrong)


async def test_without_a_way_to_ask_a_saved_schema_is_asked_for() -> None:
    with pytest.raises(UsageError, match="cannot be asked from here"):
        await MappingPreview().load_mapping("entra:x")
