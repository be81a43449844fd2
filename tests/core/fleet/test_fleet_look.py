"""Several directories are looked at at once, and none waits for another."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from scim_tui.config.profiles import Profile
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.fleet.look import look
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.model.errors import NotAllowed, ScimTuiError, Unreachable
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.model.verdict import Verdict
from tests.fakes.memory import MemoryProvider

Open = Callable[[Profile], Awaitable[Workspace]]


def profile(folder: Path, name: str) -> Profile:
    (folder / name).mkdir()
    return Profile(name=name, provider="service", data_dir=folder / name)


def opener(providers: dict[str, MemoryProvider | ScimTuiError]) -> Open:
    async def opened(profile: Profile) -> Workspace:
        found = providers[profile.name]
        if isinstance(found, ScimTuiError):
            raise found
        trail = AuditTrail(
            profile.data_dir / "audit.jsonl", actor="t@h", profile=profile.name, via="cli"
        )
        return assemble(profile, found, trail, clock=found.clock)

    return opened


@pytest.fixture
def well() -> MemoryProvider:
    return MemoryProvider.sample(users=30, groups=4)


async def test_a_directory_that_hangs_and_one_that_refuses_hold_up_no_other(
    tmp_path: Path, well: MemoryProvider
) -> None:
    hanging = MemoryProvider.sample(users=3, groups=1)
    hanging.delay = asyncio.Event()
    broken = MemoryProvider.sample(users=3, groups=1)
    broken.down = Unreachable("Connection reset.")
    providers: dict[str, MemoryProvider | ScimTuiError] = {
        "hangs": hanging,
        "well": well,
        "refused": NotAllowed("The token is refused.", status=401),
        "broken": broken,
    }
    profiles = [profile(tmp_path, name) for name in providers]
    rows = [row async for row in look(profiles, opener(providers), seconds=3)]
    assert rows[-1].profile == "hangs"
    found = {row.profile: row for row in rows}
    assert found["hangs"].judgement.reason == "No answer within 3 s"
    assert found["refused"].judgement.reason == "The token is refused"
    assert found["broken"].judgement.reason == "Connection reset"
    unknown = {name for name, row in found.items() if row.verdict is Verdict.UNKNOWN}
    assert unknown == {"hangs", "refused", "broken"}
    assert found["well"].token_id
    assert found["refused"].token_ends is UNKNOWN
    assert found["refused"].refused_people is UNKNOWN


async def test_leaving_early_closes_what_is_open(tmp_path: Path, well: MemoryProvider) -> None:
    hanging = MemoryProvider.sample(users=3, groups=1)
    hanging.delay = asyncio.Event()
    providers: dict[str, MemoryProvider | ScimTuiError] = {"hangs": hanging, "well": well}
    rows = look([profile(tmp_path, name) for name in providers], opener(providers), seconds=60)
    first = await anext(rows)
    await rows.aclose()  # type: ignore[attr-defined]
    assert first.profile == "well"
    assert (well.closed, hanging.closed) == (True, True)


async def test_a_library_that_cancels_as_well_does_not_end_the_look(
    tmp_path: Path, well: MemoryProvider
) -> None:
    """As anyio does while it connects: the task is then cancelled more often than by the limit."""
    known = opener({"well": well})

    async def opened(profile: Profile) -> Workspace:
        if profile.name == "well":
            return await known(profile)
        if profile.name == "wrong":
            raise ValueError("a fault of this program")
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            await asyncio.Event().wait()
        raise AssertionError("it waits for ever")

    profiles = [profile(tmp_path, name) for name in ("odd", "wrong", "well")]
    found = {row.profile: row async for row in look(profiles, opened, seconds=2)}
    assert found["odd"].judgement.reason == "No answer within 2 s"
    assert "ValueError" in found["wrong"].judgement.reason
    assert found["well"].snapshot is not None
