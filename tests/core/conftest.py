"""One directory in memory, a clock that stands still, and a workspace over both."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest

from scim_tui.config.profiles import Profile
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.workspace import Workspace, assemble
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(name="lab", provider="local", data_dir=tmp_path / "data")


@pytest.fixture
def trail(tmp_path: Path) -> AuditTrail:
    return AuditTrail(
        tmp_path / "audit.jsonl", actor="ana@host", profile="lab", via="cli", clock=lambda: START
    )


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: START


@pytest.fixture
def provider() -> MemoryProvider:
    return MemoryProvider.sample(users=30, groups=4)


@pytest.fixture
async def space(
    profile: Profile, trail: AuditTrail, provider: MemoryProvider, clock: Callable[[], datetime]
) -> AsyncIterator[Workspace]:
    workspace = assemble(profile, provider, trail, clock=clock)
    yield workspace
    await workspace.aclose()
