"""The kept text of each screen: compared in the suite, written anew by `make snapshots`."""

import asyncio
import difflib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.patience import DEADLINE
from tests.snapshots.frame_text import frame_text

if TYPE_CHECKING:
    from scim_tui.tui.app import ScimApp

FOLDER = Path(__file__).parent
REWRITE = bool(os.environ.get("REWRITE_SNAPSHOTS"))
SETTLED_SECONDS = 1.0 if REWRITE else 5.0
"""How long a screen may differ without a change before it counts as different."""


async def compare(app: "ScimApp", name: str, size: str) -> None:
    """Wait until the screen is the kept one. Raises `AssertionError` with the difference."""
    file = FOLDER / size / f"{name}.txt"
    if REWRITE:
        file.parent.mkdir(exist_ok=True)
        file.write_text(await _settled(app, "") + "\n", encoding="utf-8")
        return
    assert file.exists(), f"{file.name} is not kept yet: make snapshots"
    kept = file.read_text(encoding="utf-8").rstrip("\n")
    shown = await _settled(app, kept)
    if shown != kept:
        changes = difflib.unified_diff(
            kept.splitlines(), shown.splitlines(), "kept", "shown", lineterm="", n=1
        )
        raise AssertionError(
            f"{name} at {size} is not as it was kept (make snapshots):\n" + "\n".join(changes)
        )


async def _settled(app: "ScimApp", kept: str) -> str:
    """The screen as soon as it is the kept one, or as it stays."""
    shown = frame_text(app.screen)
    began = changed = time.monotonic()
    while shown != kept:
        now = time.monotonic()
        if now - changed > SETTLED_SECONDS or now - began > DEADLINE:
            break
        await asyncio.sleep(0.05)
        before, shown = shown, frame_text(app.screen)
        if shown != before:
            changed = now
    return shown
