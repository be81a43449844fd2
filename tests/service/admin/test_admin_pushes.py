"""One user made or changed by an operator, by the rules of an IdP and without an event."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from scim_tui.service.app import build_app
from scim_tui.service.store import tokens
from tests.service.scim.scim_kit import Clock, Json, opened


@pytest.fixture
async def admin(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    with opened(tmp_path / "service.db", Clock()) as store:
        await store.write(lambda connection: tokens.enable_with_token(connection, store.now()))
        app = build_app(store, admin_open=True)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://t/admin/v1") as client:
            yield client
        await app.state.ledger.aclose()


def ada(**more: object) -> Json:
    plain = {
        "userName": "ada@x",
        "displayName": "Ada",
        "name": {"givenName": "A", "familyName": "L"},
    }
    return plain | more


async def test_a_user_is_made_and_is_no_event(admin: httpx.AsyncClient) -> None:
    made = await admin.post("/users", json=ada())
    assert made.status_code == 201
    assert made.json()["active"] is True
    assert (await admin.get(f"/users/{made.json()['id']}")).json() == made.json()
    assert (await admin.get("/events")).json()["events"] == []


async def test_the_rules_of_the_directory_hold_and_are_named(admin: httpx.AsyncClient) -> None:
    refused = await admin.post("/users", json=ada(displayName=None))
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "displayName.required"
    assert refused.json()["error"]["hint"]
    await admin.post("/users", json=ada())
    twice = await admin.post("/users", json=ada(userName="ADA@x"))
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "userName.unique")


async def test_operations_change_all_or_nothing(admin: httpx.AsyncClient) -> None:
    user_id = (await admin.post("/users", json=ada())).json()["id"]
    operations = [
        {"op": "replace", "path": "displayName", "value": "B"},
        {"op": "replace", "path": "title", "value": ""},
    ]
    refused = await admin.patch(f"/users/{user_id}", json={"Operations": operations})
    assert refused.json()["error"]["code"] == "text.empty"
    done = await admin.patch(f"/users/{user_id}", json={"Operations": operations[:1]})
    assert (done.status_code, done.json()["displayName"]) == (200, "B")
    assert (await admin.patch("/users/nobody", json={"Operations": operations})).status_code == 404


async def test_what_is_no_json_or_too_large_is_reported(admin: httpx.AsyncClient) -> None:
    broken = await admin.post("/users", content=b"{")
    assert broken.json()["error"]["code"] == "json.invalid"
    huge = await admin.post("/users", content=b" " * (1024 * 1024 + 1))
    assert huge.status_code == 413
