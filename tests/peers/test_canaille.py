"""Canaille, an IdP that nobody here wrote, pushes into `serve`, and gets a new token."""

import json
import os
import select
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import Journal
from scim_tui.model.clock import utc_now
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import KnownBy, Level, Policy, State, TestResult
from scim_tui.providers.service import ServiceProvider
from tests.patience import DEADLINE
from tests.peers.environments import installed, only_when_asked_for
from tests.service.serve_kit import Served, served

PINS = (
    "canaille[oidc,scim,server]==0.3.6",
    # Canaille asks for newer ones as well, with which it does not start.
    "scim2-client[httpx]==0.7.5",
    "scim2-models==0.6.12",
)
PROGRAM = Path(__file__).parent / "programs" / "canaille_push.py"
NOW = timedelta(0)


class Canaille:
    """The process, and what it is asked to do."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._process, self._log = process, log

    def ask(self, **words: object) -> None:
        """Carry out one change, with all that is pushed because of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words).encode() + b"\n")
        self._process.stdin.flush()
        self.answered()

    def answered(self) -> None:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], DEADLINE)
        assert ready, self._log.read_text()
        assert self._process.stdout.readline(), self._log.read_text()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "service", "--enable") as found:
        yield found


@pytest.fixture
def canaille(service: Served, tmp_path: Path) -> Iterator[Canaille]:
    only_when_asked_for("Canaille")
    python, log = installed("canaille", *PINS), tmp_path / "log"
    with service.admin() as admin:
        secret = admin.post("/tokens").json()["secret"]
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [python, PROGRAM, service.ready["scim_endpoint"], secret],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        )
    try:
        found = Canaille(process, log)
        found.answered()
        yield found
    finally:
        process.kill()
        process.communicate()


def pushed(service: Served) -> list[tuple[str, int, str]]:
    """The writes of Canaille, oldest first."""
    with service.admin() as admin:
        events = admin.get("/events", params={"limit": 500}).json()["events"]
    return [
        (each["operation"], each["status"], each["message"])
        for each in reversed(events)
        if each["operation"].startswith(("Create", "Put", "Patch", "Delete"))
    ]


def test_what_canaille_pushes_is_taken_or_refused_by_the_rules(
    service: Served, canaille: Canaille
) -> None:
    canaille.ask(save="ana", title="Engineer")
    canaille.ask(save="ana", title="Architect")
    canaille.ask(save="bo", title="x", mail=True)
    canaille.ask(group="crew", members=["ana"])
    canaille.ask(delete="ana")
    assert pushed(service)[:4] == [
        ("CreateUser", 201, ""),
        ("PutUser", 201, ""),
        ("CreateUser", 400, "The email must be primary"),
        ("CreateGroup", 201, ""),
    ]
    assert ("DeleteUser", 204, "") in pushed(service)


async def test_a_rotation_is_seen_up_to_e4(
    service: Served, canaille: Canaille, tmp_path: Path
) -> None:
    """A push that is refused shows that Canaille has the new token; one that is taken, the rest."""
    canaille.ask(save="ana", title="Engineer")
    key = SecretStr(service.ready["admin_key"])
    provider = ServiceProvider(service.ready["admin_endpoint"], key)
    trail = AuditTrail(tmp_path / "audit.jsonl", actor="ana", profile="lab", via="cli")
    policy = Policy(level=Level.E4, silence=False, cycle=timedelta(seconds=1), least=NOW)
    journal = Journal.of(tmp_path, "ana", utc_now)
    session = Rotations(provider, Guard(trail, False), journal, utc_now, policy=policy)

    async def hand_over(secret: SecretStr) -> str:
        canaille.ask(token=secret.get_secret_value())
        return "written into its database"

    try:
        await session.start()
        await session.create()
        await session.probe()
        await session.deliver("desk", hand_over)
        await session.installed(KnownBy.API)
        await session.idp_test(TestResult.SKIPPED, KnownBy.WORD)
        assert level(await session.look()) is Level.E1
        canaille.ask(save="bo", title="x", mail=True)
        found = await session.look()
        assert (level(found), found.seen.new_writes) == (Level.E3, 0)
        canaille.ask(save="ana", title="Architect")
        found = await session.look()
        assert (level(found), found.state) == (Level.E4, State.PROVEN)
        assert found.seen.new_client == "python-httpx/0.28.1"
        assert (await session.delete_old(DELETE_WORD)).state is State.DELETED
        canaille.ask(save="ana", title="Director")
        assert pushed(service)[-1] == ("PutUser", 201, "")
    finally:
        await provider.aclose()
