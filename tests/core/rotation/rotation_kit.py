"""A world with an IdP in it, in which an access token is rotated."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import Holder
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import silence_needed
from scim_tui.model.rotation.rotation import KnownBy, Policy, Rotation, TestResult
from tests.core.rotation.rotation_faults import FaultyJournal, FaultyProvider
from tests.fakes.sample import START

IDP = "Okta SCIM Client 1.0.0"
SHORT = Policy(
    cycle=timedelta(seconds=10), least=timedelta(seconds=10), afterwatch=timedelta(seconds=10)
)


@dataclass
class Time:
    """A clock that is moved by hand."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **length: float) -> None:
        self.now += timedelta(**length)


@dataclass
class World:
    """A directory in memory, the IdP that pushes to it, and sessions that work on its rotation."""

    folder: Path
    time: Time = field(default_factory=Time)
    policy: Policy = SHORT
    installed: SecretStr = field(default_factory=lambda: SecretStr(""))
    dead: set[str] = field(default_factory=set)
    """Keys of the processes that were killed."""
    journals: list[FaultyJournal] = field(default_factory=list)
    refused: int = 0
    pauses: bool = False
    """Whether the operator switches the old token off before deleting it."""
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    def __post_init__(self) -> None:
        self.provider = FaultyProvider(clock=self.time)

    async def begin(self) -> None:
        """One token, which the IdP has and uses."""
        made = await self.provider.create_token()
        self.installed = made.secret
        self.time.pass_(days=300)
        self.push()
        self.time.pass_(seconds=30)
        self.push()
        self.time.pass_(seconds=1)

    def push(self, operation: str = "PatchUser") -> None:
        self.refused += self.provider.push(self.installed, operation, client=IDP) >= 400

    async def install(self, secret: SecretStr) -> str:
        self.installed = secret
        return "written"

    def session(self, *, host: str = "bastion-1", read_only: bool = False) -> Rotations:
        """Another process that works on the profile."""
        number = next(self._numbers)
        me = Holder(
            by=f"ana@{host}",
            host=host,
            pid=number,
            boot="b",
            started=str(number),
            key=f"key-{number}",
            since=self.time(),
        )
        journal = FaultyJournal(
            self.folder / "rotations", me, lambda holder: holder.key not in self.dead
        )
        self.journals.append(journal)
        trail = AuditTrail(
            self.folder / "audit.jsonl", actor="ana@host", profile="lab", via="cli", clock=self.time
        )
        return Rotations(
            self.provider,
            Guard(trail, read_only),
            journal,
            self.time,
            profile="lab",
            policy=self.policy,
        )

    def kill(self, session: Rotations) -> None:
        """The process is gone, and what it had in memory with it."""
        self.dead.add(session._journal.me.key)


async def to_watching(world: World, session: Rotations) -> Rotation:
    """From the start to the moment when the IdP has the new token."""
    await session.start()
    await session.create()
    await session.probe()
    await session.deliver("file", world.install)
    await session.installed(KnownBy.API)
    await session.idp_test(TestResult.SKIPPED, KnownBy.WORD)
    return await session.look()


async def to_proven(world: World, session: Rotations) -> Rotation:
    """On until the old token may go."""
    watching = await to_watching(world, session)
    world.time.now += silence_needed(watching) + timedelta(seconds=1)
    world.push()
    return await session.look()


async def to_done(world: World, session: Rotations) -> Rotation:
    """All the way."""
    await to_proven(world, session)
    await session.delete_old(DELETE_WORD)
    await session.look()
    world.time.pass_(seconds=11)
    world.push()
    return await session.look()
