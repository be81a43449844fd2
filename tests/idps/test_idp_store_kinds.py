"""What only one of the two secret stores does, and what both say of themselves."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest

from scim_tui.idps.secretsmanager import SecretsManagerIdp
from scim_tui.idps.ssm import ParameterStoreIdp
from scim_tui.model.errors import (
    Conflict,
    NotFound,
    Unsupported,
    UsageError,
)
from tests.idps.store_kit import ENDPOINT, HUSH, SECRET, Between, Store

pytestmark = pytest.mark.usefixtures("mocked_aws")


async def test_a_secret_of_bytes_is_left_alone() -> None:
    client: Any = boto3.client("secretsmanager")
    client.create_secret(Name="bytes", SecretBinary=b"\0\1")
    with pytest.raises(Conflict, match="not text"):
        await SecretsManagerIdp("bytes").install(ENDPOINT, SECRET)


async def test_an_arn_names_its_region() -> None:
    client: Any = boto3.client("secretsmanager", region_name="us-west-2")
    arn = client.create_secret(Name="far", SecretString="old")["ARN"]
    await SecretsManagerIdp(arn).install(ENDPOINT, SECRET)
    assert client.get_secret_value(SecretId=arn)["SecretString"] == HUSH


async def test_the_version_of_before_can_be_had_back() -> None:
    client: Any = boto3.client("secretsmanager")
    client.create_secret(Name="sync", SecretString="old")
    await SecretsManagerIdp("sync").install(ENDPOINT, SECRET)
    before = client.get_secret_value(SecretId="sync", VersionStage="AWSPREVIOUS")
    assert before["SecretString"] == "old"


async def test_a_parameter_keeps_its_key() -> None:
    client: Any = boto3.client("ssm")
    client.put_parameter(Name="/a/token", Value="old", Type="SecureString", KeyId="alias/mine")
    named: list[object] = []

    def write(real: Callable[..., object], values: Mapping[str, object]) -> object:
        named.append(values.get("KeyId"))
        return real(**values)

    idp = ParameterStoreIdp("/a/token", client=Between(client, "put_parameter", write))
    assert "encryption with alias/mine" in (await idp.plan_install(ENDPOINT)).keeps
    await idp.install(ENDPOINT, SECRET)
    assert named == ["alias/mine"]
    filters = [{"Key": "Name", "Option": "Equals", "Values": ["/a/token"]}]
    known = client.describe_parameters(ParameterFilters=filters)["Parameters"][0]
    assert (known["KeyId"], known["Version"]) == ("alias/mine", 2)


async def test_a_parameter_that_is_not_encrypted_is_refused() -> None:
    client: Any = boto3.client("ssm")
    client.put_parameter(Name="plain", Value="old", Type="String")
    with pytest.raises(Conflict, match="is a String"):
        await ParameterStoreIdp("plain").install(ENDPOINT, SECRET)
    assert client.get_parameter(Name="plain")["Parameter"]["Value"] == "old"


async def test_a_parameter_whose_key_cannot_be_seen_is_not_written() -> None:
    client: Any = boto3.client("ssm")
    client.put_parameter(Name="sync", Value="old", Type="SecureString")
    blind = Between(client, "describe_parameters", lambda real, values: {"Parameters": []})
    with pytest.raises(NotFound, match="was not written"):
        await ParameterStoreIdp("sync", client=blind).install(ENDPOINT, SECRET)
    assert client.get_parameter(Name="sync")["Parameter"]["Version"] == 1


async def test_the_sdk_logs_no_bodies(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    store.make("sync", "old")
    for name in ("botocore", "boto3", "urllib3"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    caplog.set_level(logging.DEBUG)
    await store.opened("sync").install(ENDPOINT, SECRET)
    assert HUSH not in caplog.text


async def test_a_store_says_what_it_cannot_do_and_who_reads_it(store: Store) -> None:
    idp = store.idp("SSOSyncSCIMAccessToken")
    for verb in (idp.test, idp.trigger, idp.status):
        with pytest.raises(Unsupported):
            await verb()
    assert idp.guide.title == "ssosync"
    assert store.idp("IDPSCIM_SCIMAccessToken").guide.title == "idp-scim-sync"
    assert store.idp("mine").guide.title.endswith("mine")


async def test_without_credentials_or_region_it_is_said(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(UsageError, match="AWS cannot be asked"):
        await store.opened("sync").install(ENDPOINT, SECRET)


async def test_without_the_sdk_it_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(Unsupported, match="not installed") as caught:
        await store.opened("sync").install(ENDPOINT, SECRET)
    assert "scim-tui[aws]" in caught.value.hint
