import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.demo.connection import AGENT, PATIENCE, IdpConnection
from scim_tui.demo.people import found_company
from scim_tui.demo.refused_people import made_by_hand, refused_people
from scim_tui.demo.simulated_idp import PAUSE, SimulatedIdp
from scim_tui.demo.token_file import Credentials, TokenFile
from scim_tui.model.provisioning import NewToken
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import ClientOptions
from scim_tui.service.app import build_app
from scim_tui.service.store import tokens
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.store import Connection, Store
from scim_tui.service.store.users import insert_user
from tests.patience import DEADLINE

PEOPLE, GROUPS = 40, 20


@dataclass
class Rig:
    """A service, and an IdP that pushes to it without a network."""

    store: Store
    ledger: Ledger
    tenant: str
    token: NewToken
    file: Path
    line: IdpConnection
    transport: "Uneven"
    slept: list[float] = field(default_factory=list)
    wakes: Callable[[], None] = lambda: None

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.wakes()
        await asyncio.sleep(0)

    def idp(self, seed: int = 1) -> SimulatedIdp:
        company, hiring = found_company(seed, PEOPLE, GROUPS)
        return SimulatedIdp(company, hiring, self.line, seed=seed, sleep=self.sleep)

    async def events(self) -> list[tuple[str, int, str, str]]:
        await self.ledger.flush()
        sql = "SELECT operation, status, violated, coalesce(client, '') FROM events ORDER BY id"
        return list(self.store.reader().execute(sql))

    def count(self, table: str) -> int:
        found: int = self.store.reader().execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found

    async def new_token(self) -> str:
        new = await self.store.write(lambda c: tokens.create(c, self.store.now()))
        return new.secret.get_secret_value()

    async def delete_token(self) -> None:
        await self.store.write(lambda c: tokens.delete(c, self.token.token.id))


class Uneven(httpx.AsyncBaseTransport):
    """Lets requests overtake each other, the more `turns` the more."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner, self.turns = inner, 1

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for _ in range(sum(request.content) % self.turns):
            await asyncio.sleep(0)
        return await self.inner.handle_async_request(request)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    store = Store(tmp_path / "service.db")
    new = await store.write(lambda c: tokens.enable_with_token(c, store.now()))
    tenant = tokens.current_tenant(store.reader())
    assert new is not None
    assert tenant is not None
    app = build_app(store, admin_open=True, limits=None, base_url=None)
    transport = Uneven(httpx.ASGITransport(app=app))

    def dial(credentials: Credentials) -> ScimClient:
        return ScimClient(
            credentials.endpoint,
            credentials.secret,
            via=transport,
            options=ClientOptions(agent=AGENT),
            cursors=True,
        )

    endpoint = f"http://127.0.0.1/{tenant.tenant_id}/scim/v2"
    file = TokenFile(tmp_path / "idp-token", lambda: endpoint)
    rig: Rig

    async def sleep(seconds: float) -> None:
        await rig.sleep(seconds)

    line = IdpConnection(Credentials(endpoint, new.secret), file, dial=dial, sleep=sleep)
    rig = Rig(store, app.state.ledger, tenant.tenant_id, new, file.path, line, transport)
    yield rig
    await line.aclose()
    await rig.ledger.aclose()
    store.close()


async def test_all_users_are_pushed_with_groups_and_members(rig: Rig) -> None:
    await rig.idp().push_all()
    company = found_company(1, PEOPLE, GROUPS)[0]
    assert rig.count("users") == PEOPLE
    assert rig.count("groups") == GROUPS
    assert rig.count("memberships") == sum(len(team.members) for team in company.teams)
    events = await rig.events()
    assert {status for _, status, _, _ in events} <= {201, 204}
    assert {client for _, _, _, client in events} == {AGENT}


async def test_groups_over_a_hundred_go_in_parts(rig: Rig) -> None:
    company, hiring = found_company(1, 150, 1)
    await SimulatedIdp(company, hiring, rig.line, seed=1, sleep=rig.sleep).push_all()
    assert rig.count("memberships") == len(company.teams[0].members) > 100
    assert ("PatchGroup", 204, "", AGENT) in await rig.events()


async def test_a_day_brings_every_act_and_every_refusal(rig: Rig) -> None:
    rig.wakes = stop_after(rig, 150)
    await rig.store.write(
        lambda c: [insert_user(c, u, "2026-01-01T00:00:00Z") for u in made_by_hand()]
    )
    with pytest.raises(Enough):
        await rig.idp().run()
    events = await rig.events()
    later = events[PEOPLE + GROUPS :]
    assert {operation for operation, _, _, _ in later} >= {
        "CreateUser",
        "PatchUser",
        "PatchGroup",
        "ListUsers",
        "GetUser",
    }
    refused = {violated for _, status, violated, _ in later if status >= 400}
    assert refused == {"emails.single", "text.empty", "emails.unique", "userName.pattern"}
    assert sum(status >= 400 for _, status, _, _ in later) < len(later) / 4
    assert all(PAUSE[0] <= seconds <= PAUSE[1] for seconds in rig.slept)
    assert rig.count("users") > PEOPLE + len(made_by_hand())
    assert 0 < inactive(rig) < PEOPLE / 2


async def targets(rig: Rig) -> list[tuple[str, str]]:
    await rig.ledger.flush()
    sql = "SELECT operation, coalesce(target, '') FROM events ORDER BY id"
    return list(rig.store.reader().execute(sql))


async def test_the_same_seed_does_the_same_whichever_answer_comes_first(rig: Rig) -> None:
    rig.wakes = stop_after(rig, 40)
    with pytest.raises(Enough):
        await rig.idp(3).run()
    acts = await targets(rig)
    first = rig.slept[:40]
    chance = random.Random("other")
    assert first != [chance.uniform(*PAUSE) for _ in range(40)]
    await rig.store.write(wipe)
    rig.slept.clear()
    rig.transport.turns = 40
    with pytest.raises(Enough):
        await rig.idp(3).run()
    again = await targets(rig)
    assert again != acts, "the answers came in another order"
    assert rig.slept[:40] == first
    tail = len(acts) - PEOPLE - GROUPS
    assert again[-tail:] == acts[-tail:]


async def test_refused_people_come_again(rig: Rig) -> None:
    await rig.store.write(
        lambda c: [insert_user(c, u, "2026-01-01T00:00:00Z") for u in made_by_hand()]
    )
    idp = rig.idp()
    for _ in range(2 * len(refused_people())):
        await idp.act(idp.push_refused_user)
    codes = [violated for _, status, violated, _ in await rig.events() if status >= 400]
    assert len(codes) == 2 * len(refused_people())
    assert codes[: len(refused_people())] == codes[len(refused_people()) :]


async def test_a_deleted_token_is_waited_out_until_the_next_is_installed(rig: Rig) -> None:
    idp = rig.idp()
    await idp.push_all()
    await rig.delete_token()
    secret = await rig.new_token()

    def install_after_three() -> None:
        if len(rig.slept) == 3:
            rig.file.write_text(f"{secret}\n")

    rig.wakes = install_after_three
    async with asyncio.timeout(DEADLINE):
        await idp.look_up_user()
    assert rig.slept == [PATIENCE] * 3
    statuses = [status for _, status, _, _ in await rig.events()]
    assert [status for status in statuses if status != 401][-1] == 200
    refused = "SELECT sum(times) FROM events WHERE status = 401"
    each_try = 2  # by cursor, then by index: a server may refuse only the cursor
    assert rig.store.reader().execute(refused).fetchone()[0] == 3 * each_try
    assert not rig.file.exists(), "the secret does not stay on the disk"


async def test_an_installed_secret_is_used_at_once(rig: Rig) -> None:
    idp = rig.idp()
    await idp.push_all()
    rig.file.write_text(await rig.new_token())
    await idp.look_up_user()
    await rig.ledger.flush()
    newest = tokens.listed(rig.store.reader())[-1]
    assert newest.requests == 1
    assert rig.slept == []


async def test_what_is_no_secret_is_not_installed(rig: Rig) -> None:
    idp = rig.idp()
    await idp.push_all()
    rig.file.write_text("ftp://nowhere/ not-a-secret")
    await idp.look_up_user()
    assert rig.slept == []


async def test_only_one_request_waits_and_tries_again(rig: Rig) -> None:
    idp = rig.idp()
    await rig.delete_token()
    secret = await rig.new_token()

    def install_after_two() -> None:
        if len(rig.slept) == 2:
            rig.file.write_text(secret)

    rig.wakes = install_after_two
    async with asyncio.timeout(DEADLINE):
        await idp.push_all()
    assert rig.count("users") == PEOPLE
    assert len(rig.slept) <= 3


SECRET, ENDPOINT = "s" * 43, "https://new.example/x/scim/v2"


@pytest.mark.parametrize(
    ("text", "endpoint", "secret"),
    [
        (SECRET, "https://now", SECRET),
        (f"{SECRET}\n", "https://now", SECRET),
        (f"{ENDPOINT}\n{SECRET}\n", ENDPOINT, SECRET),
        (json.dumps({"endpoint": ENDPOINT, "token": SECRET}), ENDPOINT, SECRET),
        (json.dumps({"token": SECRET}), "https://now", SECRET),
    ],
)
def test_a_token_file_has_three_forms(
    tmp_path: Path, text: str, endpoint: str, secret: str
) -> None:
    path = tmp_path / "idp-token"
    file = TokenFile(path, lambda: "https://now")
    assert file.take() is None
    path.write_text(text)
    assert file.take() == Credentials(endpoint, SecretStr(secret))
    assert not path.exists()
    assert file.take() is None


@pytest.mark.parametrize("text", ["{", '{"endpoint": "x"}', "a b c", "[]\n\n{}\n{}"])
def test_anything_else_is_taken_and_ignored(tmp_path: Path, text: str) -> None:
    path = tmp_path / "idp-token"
    path.write_text(text)
    assert TokenFile(path, lambda: "https://now").take() is None
    assert not path.exists()


def test_a_file_that_is_not_written_yet_is_left(tmp_path: Path) -> None:
    path = tmp_path / "idp-token"
    path.write_text("")
    assert TokenFile(path, lambda: "https://now").take() is None
    assert path.exists()


def test_without_a_tenant_a_bare_secret_goes_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "idp-token"
    path.write_text(SECRET)
    assert TokenFile(path, lambda: None).take() is None


class Enough(Exception):
    """The test has seen what it wants."""


def stop_after(rig: Rig, naps: int) -> Callable[[], None]:
    def wakes() -> None:
        if len(rig.slept) >= naps:
            raise Enough

    return wakes


def inactive(rig: Rig) -> int:
    rows = rig.store.reader().execute("SELECT count(*) FROM users WHERE NOT active")
    return int(rows.fetchone()[0])


def wipe(connection: Connection) -> None:
    for table in ("memberships", "groups", "users", "events"):
        connection.execute(f"DELETE FROM {table}")
