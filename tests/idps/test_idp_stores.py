"""Secrets Manager and Parameter Store take a secret without losing another."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from scim_tui.config.aws_sign_in import SignedOut
from scim_tui.idps.port import Verified
from scim_tui.model.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unreachable,
    Unreadable,
)
from tests.idps.store_kit import ENDPOINT, HUSH, OLD, SECRET, Between, Store, failing

pytestmark = pytest.mark.usefixtures("mocked_aws")


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
