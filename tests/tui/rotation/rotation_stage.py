"""A directory in memory with an IdP that pushes to it, and the app over it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from scim_tui.config.profiles import Profile
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.idps.manual import ManualIdp
from scim_tui.idps.port import Idp
from scim_tui.model.rotation.rotation import Policy
from scim_tui.tui.app import ScimApp
from scim_tui.tui.rotation import messages as rotation_messages
from scim_tui.tui.session.session import Session
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START
from tests.tui.stage import Stage, no_faults, slow_hands

IDP = "Okta SCIM Client 1.0.0"
QUICK = Policy(
    cycle=timedelta(seconds=10), least=timedelta(seconds=10), afterwatch=timedelta(seconds=10)
)


@dataclass
class Lab:
    """The world outside the app."""

    folder: Path
    now: datetime = START
    installed: SecretStr = field(default_factory=lambda: SecretStr(""))
    policy: Policy = QUICK
    idp: Idp = field(default_factory=lambda: ManualIdp("okta"))

    def __post_init__(self) -> None:
        self.provider = MemoryProvider(clock=lambda: self.now)

    async def begin(self) -> None:
        """One token, which the IdP has and uses."""
        self.installed = (await self.provider.create_token()).secret
        self.pass_(days=300)
        self.push()
        self.pass_(seconds=5)
        self.push()
        self.pass_(seconds=1)

    def pass_(self, **length: float) -> None:
        """Time goes by."""
        self.now += timedelta(**length)

    def push(self, operation: str = "PatchUser") -> int:
        """The IdP sends something with what it holds."""
        return self.provider.push(self.installed, operation, client=IDP)

    def install(self, saved: Path) -> None:
        """The IdP gets the secret that was saved in a file."""
        self.installed = SecretStr(saved.read_text().strip())

    def newest_secret(self) -> SecretStr:
        """The text of the newest token, as its receiver has it."""
        return SecretStr(list(self.provider._secrets)[-1])

    def space(self, *, actor: str = "ana@host", read_only: bool = False) -> Workspace:
        """One operator's open connection."""
        profile = Profile(name="lab", provider="local", data_dir=self.folder)
        audit = AuditTrail(
            self.folder / "audit.jsonl",
            actor=actor,
            profile="lab",
            via="tui",
            clock=lambda: self.now,
        )
        return assemble(
            profile,
            self.provider,
            audit,
            read_only=read_only,
            clock=lambda: self.now,
            idp=self.idp,
            policy=self.policy,
        )


@asynccontextmanager
async def rotating(
    lab: Lab, *, size: tuple[int, int] = (80, 24), read_only: bool = False
) -> AsyncIterator[Stage]:
    """Open the app on the lab and wait for the first snapshot."""

    async def opener() -> Workspace:
        return lab.space(read_only=read_only)

    session = Session("lab", opener, read_only=read_only, label="dev")
    app = ScimApp(session, clock=lambda: lab.now)
    with slow_hands():
        async with app.run_test(size=size) as pilot:
            stage = Stage(app, pilot, lab.provider)
            await stage.until(lambda: session.snapshot is not None, ["a snapshot"])
            await pilot.pause()
            yield stage
    no_faults(app)


async def typed(stage: Stage, word: str) -> None:
    """Type a word letter by letter and press Enter."""
    await stage.sees("to go on:")
    keys = ["space" if letter == " " else "minus" if letter == "-" else letter for letter in word]
    await stage.press(*keys, "enter")


async def to_delivered(stage: Stage, lab: Lab, target: Path) -> None:
    """From Status to a secret that was saved in a file, and that the IdP has."""
    await stage.press("R")
    await stage.sees("ROTATE 2/8", "Create the new token")
    await stage.press("enter")
    await stage.sees("ROTATE 3/8", "accepted: E1")
    await stage.press("5", "enter")
    await stage.sees(rotation_messages.SAVE_TITLE)
    stage.app.screen.query_one("Input").value = str(target)  # type: ignore[attr-defined]
    await stage.press("enter")
    await stage.sees("ROTATE 4/8", "Handed over (written, 0600)")
    lab.install(target)


async def to_watching(stage: Stage, lab: Lab, target: Path, answer: str = "enter") -> None:
    """On to where the IdP is awaited; the person says how its test went."""
    await to_delivered(stage, lab, target)
    await stage.press("enter")
    await stage.sees(rotation_messages.WHAT_TEST_SAID)
    await stage.press(answer)
    await stage.sees("ROTATE 5/8")


async def to_proven(stage: Stage, lab: Lab, target: Path) -> None:
    """On until the old token may go."""
    await to_watching(stage, lab, target)
    lab.pass_(seconds=1)
    lab.push()
    await stage.press("r")
    await stage.sees("NEW token  E4")
    lab.pass_(seconds=15)
    lab.push()
    await stage.press("r")
    await stage.sees("ROTATE 6/8")


def holding(folder: Path, text: str) -> list[Path]:
    """The files that hold a text."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if text in path.read_text()]
