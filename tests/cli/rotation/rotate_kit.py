"""A directory in memory whose access token is rotated by a command, and the IdP that pushes."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from scim_tui.core.rotation.journal import Journal
from scim_tui.model.rotation.rotation import State
from tests.cli.conftest import Answer, Command
from tests.core.rotation.rotation_kit import IDP, Time
from tests.fakes.memory import MemoryProvider

OLD, NEW = "token-0001", "token-0002"


@dataclass
class Lab:
    """A directory, the file from which its IdP takes the secret, and a clock moved by waiting."""

    provider: MemoryProvider
    command: Command
    folder: Path
    time: Time = field(default_factory=Time)
    speaks: bool = True
    old_speaks: bool = False
    old: SecretStr = field(default_factory=lambda: SecretStr(""))

    @property
    def idp(self) -> Path:
        return self.folder / "idp"

    def begin(self) -> None:
        self.provider.access_tokens, self.provider.log = [], []
        self.provider.clock = self.time
        self.old = asyncio.run(self.provider.create_token()).secret
        self.idp.write_text(self.old.get_secret_value())
        self.time.pass_(days=300)
        self.push(self.old)
        self.time.pass_(seconds=30)
        self.push(self.old)
        self.time.pass_(seconds=1)

    def push(self, secret: SecretStr) -> None:
        self.provider.push(secret, client=IDP)

    async def pause(self, seconds: float) -> None:
        self.time.pass_(seconds=seconds)
        if self.speaks:
            self.push(SecretStr(self.idp.read_text()))
        if self.old_speaks:
            self.push(self.old)

    def rotate(self, *argv: str) -> Answer:
        shown = self.command("tokens", "rotate", *argv)
        assert "memory-secret" not in shown.err
        return shown

    def install(self, *argv: str) -> Answer:
        return self.rotate("--idp", f"command:tee {self.idp}", "--every", "60s", *argv)

    @property
    def ids(self) -> list[str]:
        return [token.id for token in self.provider.access_tokens]

    @property
    def state(self) -> State:
        found = Journal.of(self.folder / "data", "").all()[-1]
        return found.state

    @property
    def refused(self) -> int:
        return sum(event.status == 401 for event in self.provider.log)
