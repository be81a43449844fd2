"""Commands run in this process over a directory in memory."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scim_tui import wiring
from scim_tui.cli.main import run
from scim_tui.config.profiles import Profile
from scim_tui.core.workspace import Workspace, assemble
from tests.fakes.memory import MemoryProvider


class Answer(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - raw JSON
        """Its output as JSON."""
        return json.loads(self.out)


Command = Callable[..., Answer]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder and a config of its own."""
    for name in ("PROFILE", "ENDPOINT", "TOKEN", "TOKEN_FILE", "CONFIG"):
        monkeypatch.delenv(f"SCIM_TUI_{name}", raising=False)
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


@pytest.fixture
def provider() -> MemoryProvider:
    return MemoryProvider.sample(users=30, groups=4)


@pytest.fixture
def command(
    provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Run a command line over the directory in memory."""

    async def opened(profile: Profile, *, via: str, read_only: bool = False) -> Workspace:
        trail = wiring.audit_trail(profile, via=via, clock=provider.clock)
        return assemble(profile, provider, trail, read_only=read_only, clock=provider.clock)

    monkeypatch.setattr(wiring, "open_workspace", opened)

    def call(*argv: str) -> Answer:
        capfd.readouterr()
        code = run(argv)
        captured = capfd.readouterr()
        return Answer(code, captured.out, captured.err)

    return call
