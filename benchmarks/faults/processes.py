"""Rotations over TCP by processes that SIGKILL themselves, against a service that is killed too.

Each operator is a forked process. It dies at its place; the next one resumes from the disk, as a
person does who logs in again.
"""

import asyncio
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from benchmarks.faults.operator import Operator
from benchmarks.faults.points import PointedJournal, PointedTrail, Points
from benchmarks.faults.served import Idp, Pushing, Service, kill
from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import Journal, this_process
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.proof import silence_needed
from scim_tui.model.rotation.rotation import Policy, Rotation
from scim_tui.providers.service import ServiceProvider

MOMENT = timedelta(milliseconds=250)
POLICY = Policy(cycle=MOMENT, least=MOMENT, afterwatch=MOMENT)
RATE = 20.0
PATIENCE = 20
"""Operators that come before a run counts as stuck."""
WRONG = "what the IdP has was deleted"
LOST = "a token is in no journal"
_DONE, _AGAIN = 0, 3


@dataclass
class Mortal(Points):
    """Places where this process kills itself, or the service."""

    service_at: int | None = None
    service_pid: int = 0

    def here(self) -> None:
        if self.passed == self.service_at:
            kill(self.service_pid)
        super().here()

    def die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Outcome:
    """What became of all of these runs."""

    runs: int = 0
    faults: int = 0
    stuck: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    pushed: Pushing = field(default_factory=Pushing)
    restarts: int = 0
    seconds: float = 0.0

    def count(self, name: str, wrong: str) -> None:
        """One more run, and what is wrong with it, if anything."""
        self.runs += 1
        kept = {WRONG: self.wrong, LOST: self.lost}
        if wrong:
            kept.get(wrong, self.stuck).append(f"{name}: {wrong}")


class Yard:
    """One service with its IdP, on which rotation follows on rotation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.service = Service(folder / "data")
        self.idp = Idp(folder, self.service.scim, RATE)
        made = asyncio.run(self._first())
        self.idp.install(made)
        self.idp.start()

    async def _first(self) -> SecretStr:
        provider = self.provider()
        try:
            return (await provider.create_token()).secret
        finally:
            await provider.aclose()

    def provider(self) -> ServiceProvider:
        return ServiceProvider(self.service.admin, SecretStr(self.service.key))

    async def tokens(self) -> set[str]:
        provider = self.provider()
        try:
            return {token.id for token in await provider.tokens()}
        finally:
            await provider.aclose()

    def close(self) -> tuple[Pushing, int]:
        pushed = self.idp.stop()
        self.service.stop()
        return pushed, self.service.restarts

    def rotate(self, name: str, points: Callable[[int], Mortal]) -> tuple[str, int]:
        """One rotation, by as many operators as it takes: what is wrong, and how many died."""
        folder, died = self.folder / name, 0
        folder.mkdir()
        before = asyncio.run(self.tokens())
        for number in range(PATIENCE):
            code = self._operator(folder, points(number))
            died += code == -signal.SIGKILL
            self.service.revive()
            if not asyncio.run(self._idp_is_let_in()):
                return WRONG, died
            if code == _DONE:
                return self._judge(folder, before), died
        return "stuck", died

    def _operator(self, folder: Path, points: Mortal) -> int:
        """The exit code of one operator, negative when it was killed."""
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                code = asyncio.run(self._work(folder, points))
            finally:
                os._exit(code)
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status)

    async def _work(self, folder: Path, points: Mortal) -> int:
        provider = self.provider()
        rotations = self.rotations(folder, provider, points)
        operator = Operator(rotations, lambda secret: self._install(secret, points), wait)
        try:
            found = await operator.work(80, lambda: True)
        except ScimTuiError:
            await asyncio.sleep(0.05)
            return _AGAIN
        return _DONE if found is not None and found.state.value == "done" else _AGAIN

    def rotations(self, folder: Path, provider: ServiceProvider, points: Points) -> Rotations:
        journal = PointedJournal(folder / "rotations", this_process("ana@lab"))
        trail = PointedTrail(folder / "audit.jsonl", actor="ana@lab", profile="lab", via="cli")
        journal.points = trail.points = points
        provider = Pointed(provider, points)
        return Rotations(provider, Guard(trail, False), journal, profile="lab", policy=POLICY)

    async def _idp_is_let_in(self) -> bool:
        """Whether what the IdP has works, which it must at every moment."""
        provider = self.provider()
        try:
            secret = SecretStr(self.idp.secret_file.read_text())
            return (await provider.probe_with(secret, "judge")).ok
        finally:
            await provider.aclose()

    async def _install(self, secret: SecretStr, points: Points) -> str:
        points.here()
        self.idp.install(secret)
        points.here()
        return "installed"

    def _judge(self, folder: Path, before: set[str]) -> str:
        ids = asyncio.run(self.tokens())
        journal = Journal(folder / "rotations", this_process("judge"))
        known = {each for rotation in journal.all() for each in rotation.known_ids()}
        if not ids <= known:
            return LOST
        return "" if len(ids) == 1 and not ids & before else f"{len(ids)} tokens at the end"


class Pointed(ServiceProvider):
    """The provider, with a place to die before and after each call that goes over the wire."""

    def __init__(self, provider: ServiceProvider, points: Points) -> None:
        self.__dict__.update(vars(provider))
        send = self._root.send

        async def sent(*given: object, **named: object) -> object:
            points.here()
            answer = await send(*given, **named)  # type: ignore[arg-type]
            points.here()
            return answer

        self._root.send = sent  # type: ignore[method-assign,assignment]


async def wait(rotation: Rotation) -> None:
    """Real time, in which the IdP goes on pushing."""
    await asyncio.sleep(silence_needed(rotation).total_seconds() + 0.03)


def count_places(folder: Path) -> int:
    """How many places to die a rotation without a fault has."""
    yard = Yard(folder)
    told = folder / "places"
    counting = Counting(told=told)
    wrong, _ = yard.rotate("clean", lambda number: counting)
    yard.close()
    if wrong:
        raise AssertionError(f"without a fault: {wrong}")
    return int(told.read_text())


@dataclass
class Counting(Mortal):
    """Tells the parent how far it came."""

    told: Path = Path()

    def here(self) -> None:
        super().here()
        self.told.write_text(str(self.passed))


def run(first: int, step: int, most: int | None) -> Outcome:
    """Every place once, and with it by chance a second death, or the service's."""
    began, outcome = time.monotonic(), Outcome()
    with tempfile.TemporaryDirectory(prefix="scim-tui-faults-") as name:
        places = count_places(_made(Path(name) / "counting"))
        yard = Yard(_made(Path(name) / "yard"))
        for place in range(first, places, step):
            if most is not None and outcome.runs >= most:
                break
            _one(yard, place, places, outcome)
        outcome.pushed, outcome.restarts = yard.close()
        outcome.faults += outcome.restarts
    outcome.seconds = time.monotonic() - began
    return outcome


def _one(yard: Yard, place: int, places: int, outcome: Outcome) -> None:
    dice = random.Random(place)
    service = place % 4 == 1

    def points(number: int) -> Mortal:
        if number == 0:
            return Mortal(
                frozenset() if service else frozenset({place}),
                service_at=place if service else None,
                service_pid=yard.service.process.pid,
            )
        again = number == 1 and dice.random() < 0.5
        return Mortal(frozenset({dice.randrange(places)}) if again else frozenset())

    wrong, died = yard.rotate(f"run-{place}", points)
    outcome.faults += died
    outcome.count(f"place {place}", wrong)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
