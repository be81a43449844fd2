"""The Mapping screen while many people are previewed: how long its event loop has to wait.

The real app with its real screen, drawn without a terminal. Everything that a person starts is
measured: reading, checking, comparing with a directory of as many users, and groups of a file.
"""

import asyncio
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from benchmarks.beat import Beat
from benchmarks.mapping import RULES, write_people
from scim_tui.config.profiles import Profile
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.model.directory import Kind, Summary
from scim_tui.tui.app import ScimApp
from scim_tui.tui.mapping.screen import MappingPage
from scim_tui.tui.session.session import Session
from tests.fakes.memory import MemoryProvider

_PATIENCE = 600
GROUP_OF = 50
"""People in one group of the file."""


class Directory(MemoryProvider):
    """Users in memory that are counted once, as a server has its count at hand."""

    async def summary(self) -> Summary:
        return Summary(users=len(self.resources[Kind.USERS]))


def _write_groups(path: Path, count: int) -> None:
    with path.open("w") as file:
        for first in range(0, count, GROUP_OF):
            members = [f"00u{n:012}" for n in range(first, min(first + GROUP_OF, count))]
            group = {"id": f"g{first}", "displayName": f"Group {first}", "members": members}
            file.write(json.dumps(group) + "\n")


def _users(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"u{n}",
            "userName": f"user{n}@corp.example",
            "externalId": f"00u{n:012}",
            "displayName": f"Ada Love{n}",
            "name": {"givenName": "Ada", "familyName": f"Love{n}"},
            "active": True,
            "emails": [{"value": f"user{n}@corp.example", "primary": True}],
        }
        for n in range(count)
    ]


async def _measured(
    page: MappingPage, pilot: Pilot[int], act: Callable[[], None]
) -> dict[str, float]:
    """Start something, and beat until the screen is at rest again."""
    beat, started = Beat(), time.monotonic()
    act()
    began = False
    while time.monotonic() - started < _PATIENCE:
        await asyncio.sleep(0.05)
        began = began or page.state.busy is not None
        if began and page.state.busy is None:
            break
    await pilot.pause()
    return await beat.stop() | {"seconds": time.monotonic() - started}


async def _stalls(folder: Path, count: int) -> dict[str, dict[str, float]]:
    write_people(folder / "people.jsonl", count)
    _write_groups(folder / "groups.jsonl", count)
    (folder / "rules.toml").write_text(RULES)
    profile = Profile(name="bench", provider="local", data_dir=folder)
    provider = Directory(users=_users(count))
    gc.collect()
    gc.freeze()  # the other side's memory is no part of what is measured

    async def opener() -> Workspace:
        audit = AuditTrail(folder / "audit.jsonl", actor="bench", profile="bench", via="tui")
        return assemble(profile, provider, audit)

    app = ScimApp(Session("bench", opener))
    found: dict[str, dict[str, float]] = {}
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3")
        page = app.screen
        assert isinstance(page, MappingPage)
        while page.state.preview is None or page.state.preview.rules is None:
            await pilot.pause(0.05)
        beat = Beat()
        await asyncio.sleep(2)
        found["at rest"] = await beat.stop()
        files = page.state.with_files(lambda files: None)
        files.people, files.mapping = str(folder / "people.jsonl"), str(folder / "rules.toml")
        found["reading and checking"] = await _measured(page, pilot, lambda: page.work.load(files))
        assert page.state.totals is not None
        assert page.state.totals.accepted == count
        found["comparing"] = await _measured(page, pilot, page.work.compare)
        files = page.state.with_files(lambda files: None)
        files.groups = str(folder / "groups.jsonl")
        found["groups"] = await _measured(page, pilot, lambda: page.work.load(files, compare=True))
        assert page.state.totals.groups
    return found


def main(count: int) -> None:
    """Print the figures for so many people as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(_stalls(Path(folder), count))))


if __name__ == "__main__":
    main(int(sys.argv[1]))
