import json
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from moto import mock_aws
from pydantic import SecretStr

from scim_tui.config.aws_sign_in import SignedOut
from scim_tui.idps.port import Verified
from scim_tui.idps.secretsmanager import SecretsManagerIdp
from scim_tui.idps.ssm import ParameterStoreIdp
from scim_tui.idps.stored import StoredIdp
from scim_tui.model.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unreachable,
    Unreadable,
    Unsupported,
    UsageError,
)

ENDPOINT = "https://scim.us-east-1.amazonaws.com/f3vd2aa29dc-1/scim/v2/"
HUSH = "q7" + "Zx9_-hush." * 57
SECRET = SecretStr(HUSH)
OLD = {"SCIMEndpointAccessToken": "old-old-old", "other": {"deep": [1, "ü"]}, "n": 3}


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with mock_aws():
        yield


class Store:
    """One of the two services, as the tests look at it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.client: Any = boto3.client(kind)

    def make(self, name: str, value: str) -> None:
        if self.kind == "secretsmanager":
            self.client.create_secret(Name=name, SecretString=value)
        else:
            self.client.put_parameter(Name=name, Value=value, Type="SecureString")

    def write(self, name: str, value: str) -> None:
        if self.kind == "secretsmanager":
            self.client.put_secret_value(SecretId=name, SecretString=value)
        else:
            self.client.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)

    def value(self, name: str) -> str:
        if self.kind == "secretsmanager":
            return str(self.client.get_secret_value(SecretId=name)["SecretString"])
        found = self.client.get_parameter(Name=name, WithDecryption=True)
        return str(found["Parameter"]["Value"])

    def idp(self, name: str, key: str = "", client: object = None) -> StoredIdp:
        kinds: dict[str, Callable[..., StoredIdp]] = {
            "secretsmanager": SecretsManagerIdp,
            "ssm": ParameterStoreIdp,
        }
        return kinds[self.kind](name, key, client=client or self.client)

    def opened(self, name: str) -> StoredIdp:
        """As a profile opens it."""
        return SecretsManagerIdp(name) if self.kind == "secretsmanager" else ParameterStoreIdp(name)

    @property
    def writing(self) -> str:
        return "put_secret_value" if self.kind == "secretsmanager" else "put_parameter"

    @property
    def reading(self) -> str:
        return "get_secret_value" if self.kind == "secretsmanager" else "get_parameter"


@pytest.fixture(params=["secretsmanager", "ssm"])
def store(request: pytest.FixtureRequest) -> Store:
    return Store(request.param)


class Between:
    """The client of a store, with something happening around one operation."""

    def __init__(self, client: object, operation: str, around: Callable[[Any, Any], Any]) -> None:
        self._client, self._operation, self._around = client, operation, around

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        real = getattr(self._client, name)
        if name != self._operation:
            return real
        return lambda **values: self._around(real, values)


def failing(code: str, message: str, status: int) -> Callable[[Any, Any], Any]:
    def around(real: object, values: Mapping[str, object]) -> object:
        answer: Any = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "r-1"},
        }
        raise ClientError(answer, "Operation")

    return around


async def test_a_bare_secret_is_replaced_and_read_back(store: Store) -> None:
    store.make("SSOSyncSCIMAccessToken", "old-old-old")
    idp = store.idp("SSOSyncSCIMAccessToken")
    plan = await idp.plan_install(ENDPOINT)
    assert (plan.trouble, plan.keeps[:1]) in {("", ()), ("", ("encryption with alias/aws/ssm",))}
    assert store.value("SSOSyncSCIMAccessToken") == "old-old-old"
    result = await idp.install(ENDPOINT, SECRET)
    assert result.verified is Verified.BY_REREAD
    assert store.value("SSOSyncSCIMAccessToken") == HUSH
    assert HUSH not in repr(result) + repr(plan) + repr(vars(idp))


async def test_the_other_keys_of_a_json_object_stay(store: Store) -> None:
    store.make("sync", json.dumps(OLD))
    idp = store.idp("sync", "SCIMEndpointAccessToken")
    assert "key other" in (await idp.plan_install(ENDPOINT)).keeps
    result = await idp.install(ENDPOINT, SECRET)
    assert result.kept == ("n", "other")
    assert json.loads(store.value("sync")) == OLD | {"SCIMEndpointAccessToken": HUSH}


@pytest.mark.parametrize(
    ("before", "key", "message"),
    [
        (json.dumps(OLD), "", "holds JSON with the keys SCIMEndpointAccessToken, n, other"),
        ("bare", "k", "no JSON object"),
        ("[1]", "k", "no JSON object"),
        (json.dumps(OLD), "scimendpoint", "no key 'scimendpoint'"),
    ],
)
async def test_what_would_lose_something_is_refused(
    store: Store, before: str, key: str, message: str
) -> None:
    store.make("sync", before)
    assert message in (await store.idp("sync", key).plan_install(ENDPOINT)).trouble
    with pytest.raises(Conflict, match=message) as caught:
        await store.idp("sync", key).install(ENDPOINT, SECRET)
    assert "old-old-old" not in caught.value.message
    assert store.value("sync") == before


async def test_the_same_secret_again_writes_nothing(store: Store) -> None:
    store.make("sync", HUSH)

    def around(real: object, values: object) -> object:
        raise AssertionError("written again")

    idp = store.idp("sync", client=Between(store.client, store.writing, around))
    assert (await idp.install(ENDPOINT, SECRET)).verified is Verified.BY_REREAD


async def test_a_lost_answer_is_settled_by_reading_back(store: Store) -> None:
    store.make("sync", "old")

    def carried_out(real: Callable[..., object], values: Mapping[str, object]) -> object:
        real(**values)
        raise ReadTimeoutError(endpoint_url="https://aws")

    client = Between(store.client, store.writing, carried_out)
    result = await store.idp("sync", client=client).install(ENDPOINT, SECRET)
    assert result.verified is Verified.BY_REREAD

    def lost(real: object, values: object) -> object:
        raise ReadTimeoutError(endpoint_url="https://aws")

    store.write("sync", "old again")
    with pytest.raises(OutcomeUnknown, match="does not hold what was written"):
        await store.idp("sync", client=Between(store.client, store.writing, lost)).install(
            ENDPOINT, SECRET
        )
    assert store.value("sync") == "old again"


async def test_a_broken_service_while_writing_is_no_clear_no(store: Store) -> None:
    store.make("sync", "old")
    client = Between(store.client, store.writing, failing("InternalServerError", "oops", 500))
    with pytest.raises(OutcomeUnknown):
        await store.idp("sync", client=client).install(ENDPOINT, SECRET)


async def test_a_concurrent_write_is_noticed(store: Store) -> None:
    store.make("sync", json.dumps(OLD))

    def beaten(real: Callable[..., object], values: Mapping[str, object]) -> object:
        store.write("sync", json.dumps(OLD | {"other": "theirs"}))
        return real(**values)

    client = Between(store.client, store.writing, beaten)
    with pytest.raises(OutcomeUnknown, match="another program wrote it at the same time"):
        await store.idp("sync", "SCIMEndpointAccessToken", client).install(ENDPOINT, SECRET)

    store.write("sync", json.dumps(OLD))

    def overtaken(real: Callable[..., object], values: Mapping[str, object]) -> object:
        answer = real(**values)
        store.write("sync", json.dumps(OLD))
        return answer

    client = Between(store.client, store.writing, overtaken)
    with pytest.raises(OutcomeUnknown, match="does not hold what was written"):
        await store.idp("sync", "SCIMEndpointAccessToken", client).install(ENDPOINT, SECRET)


async def test_not_being_able_to_read_it_back_is_reported_as_unknown(store: Store) -> None:
    store.make("sync", "old")
    written: list[bool] = []

    def write(real: Callable[..., object], values: Mapping[str, object]) -> object:
        written.append(True)
        return real(**values)

    def read(real: Callable[..., object], values: Mapping[str, object]) -> object:
        if written:
            failing("AccessDeniedException", "no", 403)(real, values)
        return real(**values)

    client = Between(Between(store.client, store.writing, write), store.reading, read)
    with pytest.raises(OutcomeUnknown, match="could not be read back"):
        await store.idp("sync", client=client).install(ENDPOINT, SECRET)
    assert store.value("sync") == HUSH


@pytest.mark.parametrize(
    ("around", "error"),
    [
        (failing("AccessDeniedException", f"no {HUSH[20:60]}", 403), NotAllowed),
        (failing("ThrottlingException", "slow", 400), Throttled),
        (failing("ValidationException", f"Value '{HUSH}' at 'x' is bad", 400), Exception),
    ],
)
async def test_refusals_are_ours_and_never_show_the_secret(
    store: Store, around: Callable[[Any, Any], Any], error: type[Exception]
) -> None:
    store.make("sync", "old")
    client = Between(store.client, store.writing, around)
    with pytest.raises(error) as caught:
        await store.idp("sync", client=client).install(ENDPOINT, SECRET)
    assert HUSH[20:40] not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


async def test_half_an_answer_writes_nothing(store: Store) -> None:
    """JSON that was cut is read by botocore as an answer with nothing in it."""
    store.make("sync", "old")
    client = Between(store.client, store.reading, lambda real, values: {})
    with pytest.raises(Unreadable, match="cannot be read"):
        await store.idp("sync", client=client).install(ENDPOINT, SECRET)
    assert store.value("sync") == "old"


async def test_a_write_whose_answer_cannot_be_read_is_looked_up(store: Store) -> None:
    store.make("sync", "old")

    def flipped(real: Callable[..., object], values: Mapping[str, object]) -> object:
        real(**values)
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")

    client = Between(store.client, store.writing, flipped)
    await store.idp("sync", client=client).install(ENDPOINT, SECRET)
    assert store.value("sync") == HUSH


async def test_the_hint_is_that_of_the_error(store: Store) -> None:
    store.make("sync", "old")
    for code, status, kind, words in (
        ("SlowDown", 503, Throttled, "Wait"),
        ("RequestThrottled", 400, Throttled, "Wait"),
        ("InternalServerError", 500, Refused, "Try again"),
        ("ExpiredTokenException", 400, SignedOut, "aws sso login"),
    ):
        client = Between(store.client, store.reading, failing(code, "x", status))
        with pytest.raises(kind) as caught:
            await store.idp("sync", client=client).install(ENDPOINT, SECRET)
        assert words in caught.value.hint


async def test_what_is_not_there_or_out_of_reach_changes_nothing(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.idp("nowhere").install(ENDPOINT, SECRET)
    assert "refused" in (await store.idp("nowhere").plan_install(ENDPOINT)).trouble

    def cut(real: object, values: object) -> object:
        raise EndpointConnectionError(endpoint_url="https://aws")

    store.make("sync", "old")
    with pytest.raises(Unreachable):
        await store.idp("sync", client=Between(store.client, store.writing, cut)).install(
            ENDPOINT, SECRET
        )
    assert store.value("sync") == "old"


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
