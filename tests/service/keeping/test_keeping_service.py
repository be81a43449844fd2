"""`serve --keep-requests`: refused requests are kept, accepted ones and strangers' are not."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from scim_tui.service.app import build_app
from scim_tui.service.keeper import Keep
from scim_tui.service.store import tokens
from scim_tui.service.store.kept_requests import FILE
from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import email, person
from tests.service.serve_kit import served

TWO = [email("ana@x.org"), email("bo@x.org")]


class Running:
    """A service that keeps, its client as an IdP, and its client as an operator."""

    def __init__(self, store: Store, keep: Keep | None) -> None:
        new = store.submit(lambda c: tokens.enable_with_token(c, store.now())).result()
        tenant = tokens.current_tenant(store.reader())
        assert new is not None
        assert tenant is not None
        self.secret = new.secret.get_secret_value()
        self.app = build_app(store, admin_open=True, keep=keep)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://service.test"
        )
        self.base = f"/{tenant.tenant_id}/scim/v2"

    async def post(self, body: object, secret: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {secret or self.secret}"}
        return await self.http.post(f"{self.base}/Users", json=body, headers=headers)

    async def kept(self, answer: httpx.Response) -> httpx.Response:
        request_id = answer.headers["x-amzn-requestid"]
        return await self.http.get(f"/admin/v1/requests/{request_id}")


@pytest.fixture(params=[Keep.FULL, Keep.MASKED, None])
async def running(
    request: pytest.FixtureRequest, store: Store
) -> AsyncIterator[tuple[Running, Keep | None]]:
    found = Running(store, request.param)
    async with found.http, found.app.router.lifespan_context(found.app):
        yield found, request.param


async def test_what_is_kept_of_a_refused_request(running: tuple[Running, Keep | None]) -> None:
    service, keep = running
    answer = await service.post(person("ana@x.org", emails=TWO, password="hunter2"))
    assert answer.status_code == 400
    found = await service.kept(answer)
    if keep is None:
        assert found.status_code == 404
        assert "--keep-requests" in found.json()["error"]["hint"]
        return
    assert (found.json()["method"], found.json()["path"]) == ("POST", "/Users")
    body = found.json()["body"]
    assert body["userName"] == ("ana@x.org" if keep is Keep.FULL else "xxx@x.xxx")
    assert body["password"] == "(secret)"
    assert len(body["emails"]) == 2
    assert found.json()["masked"] is (keep is Keep.MASKED)
    assert service.secret not in found.text


async def test_what_is_not_kept(running: tuple[Running, Keep | None], store: Store) -> None:
    service, _ = running
    accepted = await service.post(person())
    stranger = await service.post(person(), secret="no-token")
    for answer, status in ((accepted, 201), (stranger, 401)):
        assert answer.status_code == status
        assert (await service.kept(answer)).status_code == 404
    assert (await service.http.get("/admin/v1/requests/nothing")).status_code == 404
    assert not store.path.with_name(FILE).exists(), "nothing was written for it"


def test_kept_requests_survive_a_kill_and_are_masked_on_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with served(folder, "--enable", "--keep-requests") as service:
        with service.admin() as admin:
            secret = admin.post("/tokens").json()["secret"]
            with service.scim(secret) as idp:
                answer = idp.post("/Users", json=person("zebulon@x.org", emails=TWO))
            request_id = answer.headers["x-amzn-requestid"]
            assert admin.get(f"/requests/{request_id}").status_code == 200
            key = service.ready["admin_key"]
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait(60)
    kept = [each for each in folder.iterdir() if each.name.startswith(FILE)]
    assert kept
    for each in kept:
        assert b"zebulon" not in each.read_bytes()
        assert secret.encode() not in each.read_bytes()
    with served(folder) as again, again.admin(key) as admin:
        found = admin.get(f"/requests/{request_id}").json()
    assert found["body"]["userName"] == "xxxxxxx@x.xxx"
