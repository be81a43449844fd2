"""The service of a demo, which a simulated IdP provisions over TCP.

The IdP runs in a thread with its own event loop, as an ordinary client. The folder is deleted when
the demo is closed; a service that was killed continues in the same folder when it is restarted.
"""

import asyncio
import json
import os
import select
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from pydantic import SecretStr

from scim_tui.cli.demo.folder import EXPORT, GROUPS_EXPORT, remove, take_over
from scim_tui.cli.demo.history import History
from scim_tui.cli.demo.plan import Plan
from scim_tui.cli.demo.state_file import (
    DemoState,
    SavingSource,
    known_objects,
    load_state,
    save_state,
    usable_port,
)
from scim_tui.config.paths import write_atomic
from scim_tui.demo.access import access_json
from scim_tui.demo.admin_console import AdminConsole
from scim_tui.demo.connection import IdpConnection
from scim_tui.demo.export import groups_json, people_csv
from scim_tui.demo.idp import TOKEN
from scim_tui.demo.people import Company, Hiring, found_company
from scim_tui.demo.refused_people import made_by_hand
from scim_tui.demo.simulated_idp import SimulatedIdp
from scim_tui.demo.token_file import Credentials, TokenFile
from scim_tui.model.clock import utc_now
from scim_tui.model.errors import UsageError
from scim_tui.service.keeper import Keep
from scim_tui.service.runner import Ready, Settings, serve
from scim_tui.service.store import folder as data
from scim_tui.service.store import tokens
from scim_tui.service.store.store import Connection, Store
from scim_tui.service.store.users import insert_user

TOKEN_AGE = timedelta(days=337, hours=20)
"""The token of the IdP ends in 27 days: that is what the screens are about."""
TENANT_BEFORE = timedelta(days=338)
"""How long before that provisioning was enabled, with a token that was then replaced."""
_TURN = 0.0005


def serve_demo(folder: Path | None) -> None:
    """Serve a demo until standard input ends. Raises `UsageError` for a folder that is not ours."""
    if folder is None:
        raise UsageError("A demo needs a folder.", "Name one with --data.")
    # Service and IdP wait for each other in every request: the usual 5 ms would cost a third.
    sys.setswitchinterval(_TURN)
    plan = take_over(folder)
    try:
        company, hiring = found_company(plan.seed, plan.people)
        write_atomic(folder / EXPORT, people_csv(company.people))
        write_atomic(folder / GROUPS_EXPORT, groups_json(company))
        write_atomic(folder / data.ACCESS, access_json(company, plan.seed))
        earlier = load_state(folder)
        history = None if earlier else History(company, plan.seed, utc_now())
        secret = earlier.credentials.secret if earlier else SecretStr("")
        if history is not None:
            secret = _prepare_store(folder, history)
        port = usable_port(earlier.port) if earlier else 0
        settings = Settings(
            data=folder, port=port, limited=False, keep=Keep.FULL, until_stdin_closes=True
        )
        world = DemoWorld(plan, company, hiring, history)
        with closing(_Push(folder, world, secret, earlier)) as push:
            serve(settings, push.begin)
    finally:
        if _input_ended():
            remove(folder)


def _input_ended() -> bool:
    """Whether the demo was closed, and not only its service stopped."""
    try:
        return bool(select.select([0], [], [], 0)[0]) and not os.read(0, 1)
    except OSError:
        return True


def _prepare_store(folder: Path, history: History) -> SecretStr:
    """Provisioning that was enabled long ago, with users made by hand, and the requests of a week.

    Its first token was replaced by the one whose secret this gives.
    """
    store = Store(data.database(folder), lambda: utc_now() - TOKEN_AGE)

    def enable(connection: Connection) -> SecretStr:
        first = tokens.enable_with_token(connection, store.now() - TENANT_BEFORE.total_seconds())
        if first is None:
            raise UsageError("The demo was there before.", "Start it again.")
        new = tokens.create(connection, store.now())
        tokens.delete(connection, first.token.id)
        now = store.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        by_hand = [insert_user(connection, user, now) for user in made_by_hand()]
        history.write_requests(connection, new.token.id, by_hand[0].id)
        history.tokens = first.token, new.token
        return new.secret

    with closing(store):
        return store.submit(enable, durable=True).result()


class DemoWorld(NamedTuple):
    """What a demo is made of."""

    plan: Plan
    company: Company
    hiring: Hiring
    history: History | None
    """None: the data are there from an earlier service."""


class _Push:
    """The simulated IdP, from when the service listens until it stops."""

    def __init__(
        self,
        folder: Path,
        world: DemoWorld,
        secret: SecretStr,
        earlier: DemoState | None,
    ) -> None:
        self._folder, self._world, self._secret = folder, world, secret
        self._earlier = earlier
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread: threading.Thread | None = None

    def begin(self, ready: Ready) -> None:
        """Write where everything is, and start the IdP."""
        facts = ready._asdict() | {
            "idp_token_file": str(self._folder / TOKEN),
            "people_file": str(self._folder / EXPORT),
            "groups_file": str(self._folder / GROUPS_EXPORT),
        }
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="idp", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the IdP at any point of its work."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join()
        self._loop.close()

    def _run(self, ready: Ready) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._push(ready))

    async def _push(self, ready: Ready) -> None:
        with closing(Store(data.database(self._folder))) as store:
            line = self._line(ready, TokenFile(self._folder / TOKEN, _endpoint_of(store, ready)))
            world = self._world
            if world.history is not None:
                await asyncio.to_thread(world.history.write_files, self._folder)
                await store.write(world.history.write_directory)
            before = known_objects(store)
            idp = SimulatedIdp(
                world.company, world.hiring, line, seed=world.plan.seed, known=before
            )
            desk = AdminConsole(self._folder, line, idp.change_title)
            working = {asyncio.ensure_future(work) for work in (idp.run(), desk.run())}
            ended = asyncio.ensure_future(self._ended.wait())
            await asyncio.wait({*working, ended}, return_when=asyncio.FIRST_COMPLETED)
            for task in working:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await line.aclose()

    def _line(self, ready: Ready, file: TokenFile) -> IdpConnection:
        port, earlier = urlsplit(ready.admin_endpoint).port or 0, self._earlier
        at_home = earlier is not None and earlier.port == port
        endpoint = earlier.credentials.endpoint if earlier and at_home else ready.scim_endpoint
        credentials = Credentials(endpoint or "", self._secret)
        save_state(self._folder, DemoState(port, credentials))
        return IdpConnection(credentials, SavingSource(file, self._folder, port))


def _endpoint_of(store: Store, ready: Ready) -> Callable[[], str | None]:
    """Returns the endpoint of the tenant in use; enabling provisioning again changes it."""
    base_url = ready.admin_endpoint.removesuffix("/admin/v1")

    def endpoint_now() -> str | None:
        tenant = tokens.current_tenant(store.reader())
        return str(data.endpoint(base_url, tenant.tenant_id)) if tenant else None

    return endpoint_now
