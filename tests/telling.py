"""Tells a story of key presses to the app over sample data, and stops where a picture is taken."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.patience import DEADLINE

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace
    from scim_tui.tui.app import ScimApp
    from tests.shots import Story

SIZES = ("80x24", "120x40")
UNFINISHED = ("asking", "loading", "opening", "Reading.")
STILL = 5
"""Looks in a row that must show the same before a screen counts as drawn."""


Show = Callable[["ScimApp", str], Awaitable[None]]
"""Takes the app as it stands at a step, and the name of the step."""


async def tell(story: "Story", folder: Path, size: str, show: Show) -> None:
    """Run the app once in an empty folder, and call `show` at each step that has a name."""
    columns, rows = (int(number) for number in size.split("x"))
    app = app_of(story, folder)
    async with app.run_test(size=(columns, rows)):
        if story.opened:
            await drawn(app, ("users",))
        for step in story.steps:
            for key in step.keys:
                app.simulate_key(key)
                await asyncio.sleep(0.05)
            await drawn(app, step.words)
            if step.name:
                await show(app, step.name)


async def drawn(app: "ScimApp", words: tuple[str, ...]) -> None:
    """Wait for the words, and for a screen that no longer changes."""
    before, same = "", 0
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        done = all(word in shown for word in words) and not any(
            word in shown for word in UNFINISHED
        )
        same = same + 1 if done and shown == before else 0
        if same >= STILL:
            return
        before = shown
        await asyncio.sleep(0.02)
    raise AssertionError(f"{words} did not come to pass on:\n{before}")


def app_of(story: "Story", folder: Path) -> "ScimApp":
    """The app of a story, on a production profile whose files are in the folder."""
    from scim_tui.config.profiles import Profile
    from scim_tui.core.base.audit import AuditTrail
    from scim_tui.core.workspace import assemble
    from scim_tui.tui.app import ScimApp
    from scim_tui.tui.session.session import Session
    from tests.fakes.memory import MemoryProvider
    from tests.fakes.sample import START
    from tests.shots import write_files

    write_files(folder)
    provider = MemoryProvider.sample()
    provider.title = "AWS IAM Identity Center / eu-west-1"
    story.prepare(provider)
    profile = Profile(
        name="prod-aws",
        provider="service",
        data_dir=folder,
        environment="PROD",
        production=True,
        endpoint="https://scim.example.com/tenant-1/scim/v2",
    )
    lab = Profile(
        name="lab",
        provider="service",
        data_dir=folder,
        environment="dev",
        endpoint="http://127.0.0.1:8765/admin/v1",
    )

    async def opened() -> "Workspace":
        audit = AuditTrail(
            folder / "audit.jsonl",
            actor="jdoe@bastion",
            profile="prod-aws",
            via="tui",
            clock=lambda: START,
        )
        space = assemble(profile, provider, audit, read_only=story.read_only, clock=lambda: START)
        space.facts = {
            "people_file": str(folder / "people.csv"),
            "groups_file": str(folder / "groups.csv"),
        }
        return space

    session = Session("prod-aws", opened, read_only=story.read_only, label="PROD")
    return ScimApp(session, theme_name=story.theme, clock=lambda: START, profiles=[profile, lab])
