"""MiniStack, an emulator of AWS that nobody here wrote, as the stores an IdP's token is put in."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
from pydantic import SecretStr

from scim_tui.idps.secretsmanager import SecretsManagerIdp
from scim_tui.idps.ssm import ParameterStoreIdp
from scim_tui.model.errors import Conflict, NotFound
from tests.aws.standin import ENVIRONMENT, REGION
from tests.contract.worlds import free_port
from tests.peers.environments import installed, only_when_asked_for, running

PIN = "ministack==1.5.33"
ENDPOINT = "https://scim.us-east-1.amazonaws.com/f3vd2aa29dc-1/scim/v2/"
SECRET = SecretStr("q7" + "Zx9_-hush." * 57)
OLD = {"SCIMEndpointAccessToken": "old-old-old", "other": {"deep": [1, "ü"]}}


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The emulator, listening on loopback."""
    only_when_asked_for("MiniStack")
    python, port = installed("ministack", PIN), free_port()
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx.get(f"{url}/_ministack/health", timeout=5).status_code < 500
        except httpx.HTTPError:
            return False

    more = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1"}
    with running([python, "-m", "ministack"], tmp_path_factory.mktemp("mini"), answers, more):
        yield url


@pytest.fixture(autouse=True)
def _environment(ministack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (ENVIRONMENT | {"AWS_DEFAULT_REGION": REGION}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", ministack)
    monkeypatch.delenv("AWS_PROFILE", raising=False)


async def test_one_key_of_a_secret_is_replaced_and_the_rest_is_kept() -> None:
    client: Any = boto3.client("secretsmanager")
    client.create_secret(Name="sync", SecretString=json.dumps(OLD))
    idp = SecretsManagerIdp("sync", "SCIMEndpointAccessToken")
    assert (await idp.plan_install(ENDPOINT)).keeps == ("key other",)
    await idp.install(ENDPOINT, SECRET)
    now = json.loads(client.get_secret_value(SecretId="sync")["SecretString"])
    assert now == OLD | {"SCIMEndpointAccessToken": SECRET.get_secret_value()}
    before = client.get_secret_value(SecretId="sync", VersionStage="AWSPREVIOUS")
    assert json.loads(before["SecretString"]) == OLD


async def test_a_whole_secret_is_not_replaced_by_a_bare_one() -> None:
    client: Any = boto3.client("secretsmanager")
    client.create_secret(Name="json", SecretString=json.dumps(OLD))
    with pytest.raises(Conflict):
        await SecretsManagerIdp("json").install(ENDPOINT, SECRET)
    assert json.loads(client.get_secret_value(SecretId="json")["SecretString"]) == OLD


async def test_a_parameter_gets_one_version_more() -> None:
    client: Any = boto3.client("ssm")
    client.put_parameter(Name="/a/token", Value="old", Type="SecureString")
    await ParameterStoreIdp("/a/token").install(ENDPOINT, SECRET)
    found = client.get_parameter(Name="/a/token", WithDecryption=True)["Parameter"]
    assert (found["Value"], found["Version"]) == (SECRET.get_secret_value(), 2)


async def test_what_is_not_there_is_not_made() -> None:
    for idp in (SecretsManagerIdp("nowhere"), ParameterStoreIdp("/nowhere")):
        with pytest.raises(NotFound):
            await idp.install(ENDPOINT, SECRET)
