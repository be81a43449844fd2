"""The OpenAPI document is what the service does: schemathesis asks everything it describes."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.applications import Starlette

from scim_tui.service.admin.openapi import document
from scim_tui.service.admin.operations import OPERATIONS
from scim_tui.service.app import build_app
from scim_tui.service.store import keys, tokens
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock, Json, opened, person

DOCUMENT = "/admin/v1/openapi.json"


@dataclass
class Guarded:
    """A service that asks for its admin key."""

    app: Starlette
    store: Store
    key: str


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder: Path = tmp_path_factory.mktemp("service")
    with opened(folder / "service.db", Clock()) as store:
        key = store.submit(keys.make_first).result()
        assert key is not None
        yield Guarded(build_app(store, admin_open=False), store, key)


@pytest.fixture(scope="module")
def described(guarded: Guarded) -> Any:  # noqa: ANN401 - schemathesis exports no type for it
    return schemathesis.openapi.from_asgi(DOCUMENT, guarded.app)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", sorted({operation.path for operation in OPERATIONS}))
def test_it_does_what_it_describes(
    path: str,
    mode: GenerationMode,
    guarded: Guarded,
    described: Any,  # noqa: ANN401 - as above
) -> None:
    headers = {"Authorization": f"Bearer {guarded.key}"}
    for method in described[path]:
        operation = described[path][method]
        if operation.body:
            ask_with_body(operation, mode, headers)
            continue

        @settings(max_examples=25, deadline=None, derandomize=True, database=None)
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:  # noqa: ANN401 - as above
            case.call_and_validate(headers=headers)

        if mode is GenerationMode.POSITIVE or operation.query or operation.path_parameters:
            ask()


def ask_with_body(
    operation: Any,  # noqa: ANN401 - as above
    mode: GenerationMode,
    headers: dict[str, str],
) -> None:
    """No schema says all that a directory wants of a user: `model.constraints` does."""

    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:  # noqa: ANN401 - as above
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    ask()


@pytest.fixture
async def admin(guarded: Guarded) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(guarded.app)
    headers = {"Authorization": f"Bearer {guarded.key}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://t/admin/v1", headers=headers
    ) as admin:
        yield admin


async def test_full_answers_have_the_shape_described(
    admin: httpx.AsyncClient,
    described: Any,  # noqa: ANN401 - as above
    guarded: Guarded,
) -> None:
    for old in tokens.listed(guarded.store.reader()):
        await admin.delete(f"/tokens/{old.id}")
    await admin.post("/provisioning/disable")
    enabled = await admin.post("/provisioning/enable")
    user, group = await push(admin, enabled.json())
    paths = {
        "/users": {},
        "/groups": {},
        "/tokens": {},
        "/directory": {},
        "/provisioning": {},
        "/events": {},
        "/users/{id}": {"id": user},
        "/users/{id}/groups": {"id": user},
        "/groups/{id}": {"id": group},
        "/groups/{id}/members": {"id": group},
    }
    described["/provisioning/enable"]["POST"].validate_response(enabled)
    for path, parameters in paths.items():
        answer = await admin.get(path.format(**parameters))
        assert answer.status_code == 200, answer.text
        described[path]["GET"].validate_response(answer)
    answer = await admin.get("/traffic?since=2026-01-01T00:00:00Z")
    assert answer.json()["reasons"]
    described["/traffic"]["GET"].validate_response(answer)


async def push(admin: httpx.AsyncClient, enabled: Json) -> tuple[str, str]:
    headers = {"Authorization": f"Bearer {enabled['first_token']['secret']}"}
    base = f"http://t/{enabled['status']['tenant_id']}/scim/v2"
    user = (await admin.post(f"{base}/Users", headers=headers, json=person("ana"))).json()["id"]
    body = {"displayName": "Crew", "members": [{"value": user}]}
    group = (await admin.post(f"{base}/Groups", headers=headers, json=body)).json()["id"]
    await admin.post(f"{base}/Groups", headers=headers, json=body)
    return user, group


def test_every_operation_is_described_with_its_refusals() -> None:
    paths = document(OPERATIONS, needs_key=True)["paths"]
    for operation in OPERATIONS:
        told = paths[operation.path][operation.method.lower()]
        assert set(map(str, (*operation.answers, *operation.refusals, 400))) <= set(
            told["responses"]
        )
        assert ("401" in told["responses"]) is ("security" in told) is not operation.public
        assert told["summary"].endswith((".", "it.")), told["summary"]


def test_in_process_no_key_is_described() -> None:
    described = document(OPERATIONS, needs_key=False)
    assert "securitySchemes" not in described["components"]
    assert all(
        "security" not in one for path in described["paths"].values() for one in path.values()
    )


async def test_a_line_feed_in_a_path_is_refused_in_the_form_of_this_side(
    admin: httpx.AsyncClient,
) -> None:
    answer = await admin.get("/groups/%0Ax/members")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
