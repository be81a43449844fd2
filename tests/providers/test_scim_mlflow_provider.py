"""The adapter of mlflow-oidc-auth, by the answers of its token API as they were recorded."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr

from scim_tui.config.profile_table import profile_of
from scim_tui.model.errors import NotAllowed, NotFound, Unreadable, Unsupported, UsageError
from scim_tui.model.provisioning import ProvisioningState
from scim_tui.model.unknown_values import NEVER
from scim_tui.providers.mlflow import MlflowProvider
from scim_tui.providers.port import Discovering
from scim_tui.wiring import open_workspace
from tests.fakes.memory import MemoryProvider

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
KEY = "admin@ex.org:mlf_c0643d3b"
Json = dict[str, Any]


def raised(number: int, **more: object) -> Json:
    return {
        "id": number,
        "name": f"t{number}",
        "token_prefix": "7842819c",
        "created_at": f"2026-11-{26 - number:02}T08:24:01.473675+00:00",
        "created_by": "admin@ex.org",
        "last_used_at": None,
        "expires_at": None,
        "revoked_at": None,
        "active": True,
    } | more


class Api:
    """Answers in turn what is put into it, and keeps what was asked."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        found = self.answers.pop(0)
        if isinstance(found, httpx.Response):
            return found
        return httpx.Response(200, content=orjson.dumps(found))

    def provider(self, key: str | None = KEY) -> MlflowProvider:
        return MlflowProvider(
            "https://mlflow.example.com/scim/v2/",
            None if key is None else SecretStr(key),
            MemoryProvider.sample(users=3),
            transport=httpx.MockTransport(self),
            clock=lambda: NOW,
        )


async def test_tokens_are_those_that_live_oldest_first() -> None:
    used, ends = "2026-11-25T09:00:00+00:00", "2027-11-25T09:00:00+00:00"
    gone = raised(3, revoked_at=used, active=False)
    api = Api([raised(1), raised(2, last_used_at=used, expires_at=ends), gone])
    found = await api.provider().tokens()
    assert [token.id for token in found] == ["2", "1"]
    assert found[0].last_used_at == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert found[0].expires_at == datetime(2027, 11, 25, 9, tzinfo=UTC)
    assert (found[1].last_used_at, found[1].expires_at) == (NEVER, NEVER)
    asked = api.asked[0]
    assert str(asked.url) == "https://mlflow.example.com/api/2.0/mlflow/scim/tokens"
    pair = base64.b64decode(asked.headers["authorization"].removeprefix("Basic "))
    assert pair.decode() == KEY


async def test_a_new_token_is_for_a_year_and_shows_its_secret_once() -> None:
    api = Api(raised(4, token="scim_7842819c_secret", expires_at="2027-11-25T12:00:00+00:00"))
    new = await api.provider().create_token()
    assert (new.token.id, new.secret.get_secret_value()) == ("4", "scim_7842819c_secret")
    assert "secret" not in repr(new).replace("secret=SecretStr", "")
    body = orjson.loads(api.asked[0].content)
    assert body["expires_at"] == "2027-11-25T12:00:00+00:00"
    assert body["name"].startswith("scim-tui 2026-11-25")


async def test_a_token_is_revoked_once() -> None:
    api = Api([raised(1)], raised(1, revoked_at="2026-11-25T09:00:00+00:00"), [])
    provider = api.provider()
    await provider.delete_token("1")
    with pytest.raises(NotFound):
        await provider.delete_token("1")
    assert [request.method for request in api.asked] == ["GET", "DELETE", "GET"]


@pytest.mark.parametrize("answer", [{}, [{"id": "x"}], "no", {"id": 1}])
async def test_what_is_no_token_is_unreadable(answer: object) -> None:
    with pytest.raises(Unreadable, match="something else than tokens"):
        await Api(answer).provider().tokens()
    with pytest.raises(Unreadable):
        await Api(raised(1)).provider().create_token()


async def test_who_is_no_administrator_is_not_allowed() -> None:
    words = f"Administrator privileges required, not {KEY.partition(':')[2]}"
    with pytest.raises(NotAllowed, match="Administrator privileges required") as raised:
        await Api(httpx.Response(403, json={"detail": words})).provider().tokens()
    assert "mlf_c0643d3b" not in raised.value.message


async def test_without_a_key_there_is_scim_and_the_reason() -> None:
    api = Api()
    provider = api.provider(None)
    for call in (provider.tokens(), provider.create_token(), provider.delete_token("1")):
        with pytest.raises(Unsupported, match="admin_key_file"):
            await call
    assert [row async for page in provider.users() for row in page.rows]
    assert (await provider.status()).state is ProvisioningState.ENABLED
    assert api.asked == []
    await provider.aclose()


@pytest.mark.parametrize("key", ["", "jdoe", "jdoe:", ":hush"])
def test_a_key_that_is_no_pair_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(UsageError, match="not what an administrator") as raised:
        Api().provider(key)
    assert not key or key not in str(raised.value)


async def test_a_profile_leads_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TOKEN", "scim_7842819c_secret")
    monkeypatch.setenv("MLFLOW_KEY", KEY)
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path))
    table = {
        "provider": "mlflow-oidc-auth",
        "endpoint": "https://mlflow.example.com/scim/v2",
        "token_env": "MLFLOW_TOKEN",
        "admin_key_env": "MLFLOW_KEY",
    }
    space = await open_workspace(profile_of(tmp_path / "c.toml", "ml", table), via="cli")
    assert space.provider.title == "mlflow-oidc-auth / mlflow.example.com"
    assert space.provider.capabilities.list_tokens
    assert isinstance(space.provider, Discovering)
    await space.aclose()
