"""Over TCP an operator needs the admin key; in process none."""

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.service.app import build_app
from scim_tui.service.store import keys
from scim_tui.service.store.store import Store


def client(store: Store, own_key: SecretStr | None = None) -> httpx.AsyncClient:
    app = build_app(store, admin_open=False, own_key=own_key)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t/admin/v1")


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def asked(client: httpx.AsyncClient, key: str) -> int:
    async with client:
        return (await client.get("/tokens", headers=bearer(key))).status_code


@pytest.fixture
def key(store: Store) -> str:
    made = store.submit(keys.make_first).result()
    assert made is not None
    return made


async def test_the_key_of_the_data_folder_opens(store: Store, key: str) -> None:
    assert await asked(client(store), key) == 200


@pytest.mark.parametrize(
    "headers",
    [{}, bearer("wrong"), bearer(""), {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}],
)
async def test_without_it_nothing_is_printed_or_done(
    store: Store, key: str, headers: dict[str, str]
) -> None:
    async with client(store) as admin:
        for method, path in [("POST", "/provisioning/enable"), ("GET", "/users?cursor=bad")]:
            answer = await admin.request(method, path, headers=headers)
            assert answer.status_code == 401
            assert answer.json()["error"]["code"] == "unauthorized"
            assert answer.headers["www-authenticate"] == "Bearer"
        answer = await admin.get("/provisioning", headers=bearer(key))
        assert answer.json()["state"] == "disabled"


async def test_the_key_as_another_scheme_is_refused(store: Store, key: str) -> None:
    async with client(store) as admin:
        answer = await admin.get("/tokens", headers={"Authorization": f"Basic {key}"})
        assert answer.status_code == 401


async def test_health_and_the_document_are_open(store: Store, key: str) -> None:
    async with client(store) as admin:
        for path in ("/health", "/openapi.json"):
            assert (await admin.get(path)).status_code == 200


async def test_no_key_at_all_opens_nothing(store: Store) -> None:
    assert await asked(client(store), "") == 401


async def test_the_key_is_made_once_and_stored_as_a_hash(store: Store, key: str) -> None:
    assert store.submit(keys.make_first).result() is None
    store.close()
    for file in store.path.parent.iterdir():
        assert key.encode() not in file.read_bytes()


async def test_a_renewed_key_ends_the_one_before(store: Store, key: str) -> None:
    new = store.submit(keys.renew).result()
    assert await asked(client(store), key) == 401
    assert await asked(client(store), new) == 200


async def test_a_key_of_the_process_opens_this_process_only(store: Store, key: str) -> None:
    own = SecretStr(keys.new_key())
    assert await asked(client(store, own), own.get_secret_value()) == 200
    assert await asked(client(store, own), key) == 200
    assert await asked(client(store), own.get_secret_value()) == 401


async def test_an_access_token_is_no_admin_key(store: Store, key: str) -> None:
    async with client(store) as admin:
        enabled = await admin.post("/provisioning/enable", headers=bearer(key))
        secret = enabled.json()["first_token"]["secret"]
        assert (await admin.get("/tokens", headers=bearer(secret))).status_code == 401


async def test_two_keys_are_one_too_many(store: Store, key: str) -> None:
    async with client(store) as http:
        for pair in ((key, "wrong"), ("wrong", key), (key, key)):
            headers = [("Authorization", f"Bearer {each}") for each in pair]
            answer = await http.get("/tokens", headers=headers)
            assert answer.status_code == 400
            assert "more than once" in answer.json()["error"]["message"]
