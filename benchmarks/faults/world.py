"""The embedded service in this process, an IdP that pushes to it, and a clock moved by hand."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from pydantic import SecretStr

from benchmarks.faults.operator import Operator
from benchmarks.faults.points import Killed, PointedJournal, PointedTrail, Points
from benchmarks.faults.transport import Fault, FaultyLine
from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import Holder
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotAllowed, ScimTuiError
from scim_tui.model.rotation.proof import silence_needed
from scim_tui.model.rotation.rotation import Policy, Rotation
from scim_tui.providers.service import ServiceProvider
from scim_tui.scim.client import ScimClient
from scim_tui.scim.limits import Retry
from scim_tui.scim.transport import ClientOptions
from scim_tui.service.app import build_app
from scim_tui.service.store.store import Store
from scim_tui.service.store.tokens import authenticate, listed

POLICY = Policy(
    cycle=timedelta(seconds=10), least=timedelta(seconds=10), afterwatch=timedelta(seconds=10)
)
AGENT = "Fault-IdP/1.0"
TRIES = 60
STEPS = 60
PERSON = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "ada@example.com",
    "displayName": "Ada",
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": [{"value": "ada@example.com", "type": "work", "primary": True}],
}


async def _no_sleep(seconds: float) -> None:
    await asyncio.sleep(0)


QUICK = ClientOptions(retry=Retry(sleep=_no_sleep))


@dataclass
class Verdict:
    """What became of one run."""

    plan: str
    done: bool = False
    told: str = ""
    """Where it stands and what to do, when it is not done."""
    faults: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refused: int = 0
    points: int = 0
    requests: int = 0


class Backend:
    """The service, which can be killed and started again over the same file."""

    def __init__(self, folder: Path, clock: "Time") -> None:
        self._path, self._clock = folder / "service.sqlite3", clock
        self.up = False
        self.start()

    def start(self) -> None:
        self.store = Store(self._path, self._clock)
        self.app = build_app(self.store, admin_open=True)
        self._asgi = httpx.ASGITransport(app=self.app)
        self.up = True

    def kill(self) -> None:
        """What was not written is lost with it."""
        self.up = False
        self.store.close()

    async def carry(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("nobody listens", request=request)
        return await self._asgi.handle_async_request(request)


class Straight(httpx.AsyncBaseTransport):
    """The IdP's own line, on which nothing goes wrong but that the service may be down."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._backend.carry(request)


@dataclass
class Time:
    """A clock moved by hand."""

    now: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class World:
    """One run: a fresh service with one token in use, and the faults planned for it."""

    def __init__(
        self,
        folder: Path,
        points: Points,
        faults: Mapping[int, Fault],
        plan: str,
        *,
        pauses: bool = False,
    ) -> None:
        self._pauses = pauses
        self.folder, self.points, self.faults = folder, points, faults
        self.verdict = Verdict(plan)
        self.time = Time()
        self.backend = Backend(folder, self.time)
        self._dead: set[str] = set()
        self._kills = 0
        self._known: set[str] = set()
        self._last_installed = ""

    async def begin(self) -> None:
        provider = ServiceProvider("http://127.0.0.1", transport=Straight(self.backend))
        enabled = await provider.enable()
        if enabled.first_token is None:
            raise AssertionError("a fresh service makes a first token")
        self._tenant = str(enabled.status.tenant_id)
        self._install_now(enabled.first_token.secret)
        self._user = str((await self.idp.create(Kind.USERS, PERSON))["id"])
        await self.push()
        self._known = self.ids()
        self.line = FaultyLine(
            self.backend.carry,
            self.points,
            self.faults,
            self.backend.kill,
            self.backend.start,
            self.judge,
        )

    async def run(self) -> Verdict:
        """Operators come until the rotation is over; each may be killed."""
        rotation: Rotation | None = None
        for number in range(TRIES):
            rotations = self.session(number)
            operator = Operator(
                rotations, self.install, self.wait, self.time if self._pauses else None
            )
            try:
                rotation = await operator.work(STEPS, self._finished)
            except Killed:
                self._dead.add(str(number))
                self._kills += 1
            except ScimTuiError:
                await self._leave(rotations, number)
            if rotation is not None and not rotation.open:
                break
            self.time.now += timedelta(seconds=1)
            await self.push()
        await self._judge_the_end(rotation)
        return self.verdict

    def session(self, number: int) -> Rotations:
        me = Holder(
            by="ana@lab",
            host="lab",
            pid=number,
            boot="b",
            started="1",
            key=str(number),
            since=self.time(),
        )
        journal = PointedJournal(
            self.folder / "rotations", me, lambda holder: holder.key not in self._dead
        )
        trail = PointedTrail(
            self.folder / "audit.jsonl", actor="ana@lab", profile="lab", via="cli", clock=self.time
        )
        journal.points = trail.points = self.points
        provider = ServiceProvider(
            "http://127.0.0.1", transport=self.line, options=QUICK, clock=self.time
        )
        return Rotations(
            provider, Guard(trail, False), journal, self.time, profile="lab", policy=POLICY
        )

    async def install(self, secret: SecretStr) -> str:
        self.points.here()
        self._install_now(secret)
        self.points.here()
        return "installed"

    async def wait(self, rotation: Rotation) -> None:
        """The IdP goes on pushing while time passes."""
        self.time.now += silence_needed(rotation) + timedelta(seconds=1)
        await self.push()

    async def push(self) -> None:
        change = [{"op": "replace", "path": "displayName", "value": f"Ada {self.time():%H%M%S}"}]
        try:
            await self.idp.patch(Kind.USERS, self._user, change)
        except NotAllowed:
            self.verdict.refused += 1
        except ScimTuiError:
            return

    def judge(self) -> None:
        """Whether a token that went was one that might go."""
        if not self.backend.up:
            return
        now = self.ids()
        for gone in self._known - now:
            if gone == self._last_installed:
                self.verdict.wrong.append(f"{gone} is what the IdP has")
            elif not now:
                self.verdict.wrong.append(f"{gone} was the last one")
        self._known = now
        self._last_installed = self._current() or self._last_installed

    def ids(self) -> set[str]:
        return {token.id for token in listed(self.backend.store.reader())}

    def _current(self) -> str | None:
        reader = self.backend.store.reader()
        text = self._secret.get_secret_value()
        return authenticate(reader, self._tenant, text, self.backend.store.now())

    def _install_now(self, secret: SecretStr) -> None:
        self._secret = secret
        self.idp = ScimClient(
            f"http://127.0.0.1/{self._tenant}/scim/v2",
            secret,
            via=Straight(self.backend),
            options=ClientOptions(agent=AGENT, retry=Retry(sleep=_no_sleep)),
        )
        self._last_installed = self._current() or ""

    def _finished(self) -> bool:
        """Whether the rotation that is over is the one of this run."""
        return (self.folder / "rotations" / "rot-0001.json").exists()

    async def _leave(self, rotations: Rotations, number: int) -> None:
        """An operator who is told of an error looks again later."""
        try:
            await rotations.leave()
        except Killed:
            self._dead.add(str(number))
            self._kills += 1
        except ScimTuiError:
            self._dead.add(str(number))

    async def _judge_the_end(self, rotation: Rotation | None) -> None:
        self.points.kill_at = frozenset()
        await self.line.finish()
        await self.push()
        verdict = self.verdict
        verdict.points, verdict.requests = self.points.passed, self.line.sent
        verdict.faults = self._kills + self.line.happened
        current, ids = self._current(), self.ids()
        if off := [each.id for each in listed(self.backend.store.reader()) if each.suspended]:
            verdict.wrong.append(f"{off} is left switched off")
        if current is None:
            verdict.lost.append("the IdP has no working token")
        journal = self.session(10_000)
        known = {i for r in journal.receipts() for i in r.known_ids()}
        verdict.lost += [f"{each} is in no journal" for each in ids - known]
        verdict.done = rotation is not None and rotation.state.value == "done" and len(ids) == 1
        if not verdict.done:
            stands = "no rotation" if rotation is None else rotation.state.value
            verdict.told = f"{stands}; tokens {len(ids)}, known {len(ids & known)}"
        self.backend.store.close()
