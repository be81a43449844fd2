"""The access of the invented company, through the service that a demo runs."""

from pathlib import Path

import httpx

from scim_tui.core.access.api import Access
from scim_tui.core.directory.api import Directory
from scim_tui.core.index.results import LoadPhase
from scim_tui.demo.access import DELETED, access_json
from scim_tui.demo.people import found_company
from scim_tui.model.directory import Kind
from scim_tui.providers.service import ServiceProvider
from scim_tui.scim.client import ScimClient
from scim_tui.service.app import build_app
from scim_tui.service.store.folder import ACCESS, database
from scim_tui.service.store.store import Store


def test_the_same_seed_gives_the_same_access() -> None:
    company, _ = found_company(3, 100)
    assert access_json(company, 3) == access_json(company, 3)
    assert access_json(company, 3) != access_json(company, 4)


async def test_the_demo_has_findings_and_people_with_access(tmp_path: Path) -> None:
    company, _ = found_company(1, 60)
    (tmp_path / ACCESS).write_text(access_json(company, 1))
    store = Store(database(tmp_path))
    app = build_app(store, admin_open=True)
    asgi = httpx.ASGITransport(app=app)
    provider = ServiceProvider("http://127.0.0.1", transport=asgi, access=True)
    enabled = await provider.enable()
    assert enabled.first_token is not None
    idp = ScimClient(
        f"http://127.0.0.1/{enabled.status.tenant_id}/scim/v2/",
        enabled.first_token.secret,
        via=asgi,
        cursors=True,
    )
    ids = [(await idp.create(Kind.USERS, one.scim()))["id"] for one in company.people]
    for team in company.teams:
        if team.name.startswith("AWS-Prod"):
            members = [{"value": ids[number]} for number in team.members]
            group = {"displayName": team.name, "members": members}
            schema = "urn:ietf:params:scim:schemas:core:2.0:Group"
            await idp.create(Kind.GROUPS, group | {"schemas": [schema]})
    directory = Directory(provider)
    access = Access(provider, directory)
    for kind in Kind:
        await directory.load(kind)
    await directory.load_memberships()
    assert (await access.crawl()).phase is LoadPhase.READY
    found = {each.code: each for each in await access.findings()}
    rows = await access.assignments(account=await access.find("account", "corp-prod"))
    for each in (directory, idp, provider):
        await each.aclose()
    await app.state.ledger.aclose()
    store.close()
    assert [row.id for row in found["access.deleted"].rows] == [DELETED]
    assert found["access.disabled"].count == 1
    assert found["access.unused_sets"].count
    assert {row.principal_name for row in rows if row.kind == "group"} == {
        f"AWS-Prod-{access}" for access in ("ReadOnly", "PowerUser", "Admin")
    }
    assert all(row.people for row in rows if row.kind == "group")
