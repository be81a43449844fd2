"""An app over a directory in memory, and words to drive and read it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from textual.pilot import Pilot

from scim_tui.config.profiles import Profile
from scim_tui.core.audit import AuditTrail
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.providers.memory import MemoryProvider
from scim_tui.providers.sample import START
from scim_tui.tui.app import ScimApp
from scim_tui.tui.session import Session

HOSTILE = "A[/x]\x1b]52;c;UFdO\x07"
DEADLINE = 10.0
SMALL, LARGE = (80, 24), (120, 40)


class Walk:
    """One app at work, seen from outside."""

    def __init__(self, app: ScimApp, pilot: Pilot[int], provider: MemoryProvider) -> None:
        self.app = app
        self.pilot = pilot
        self.provider = provider

    @property
    def lines(self) -> list[str]:
        """What the terminal shows, line by line."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """What the terminal shows."""
        return "\n".join(self.lines)

    @property
    def marked(self) -> str:
        """The line the cursor is on."""
        return next((row for row in self.lines if "› " in row), "")

    async def press(self, *keys: str) -> None:
        """Press keys one after another and let the app take them in."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.press(*("space" if sign == " " else _KEYS.get(sign, sign) for sign in text))

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until it holds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + DEADLINE
        while not condition():
            assert loop.time() < end, f"it never came to that:\n{self.text}"
            await self.pilot.pause()

    async def sees(self, *words: str) -> None:
        """Wait until all of it is on the screen."""
        await self.until(lambda: all(word in self.text for word in words))

    async def news(self) -> None:
        """Let the session look at the server now and the screen take it in."""
        before = self.provider.calls.count("status")
        self.app.session.look_now()
        await self.until(lambda: self.provider.calls.count("status") > before)
        await self.pilot.pause()


_KEYS = {":": "colon", "!": "exclamation_mark", "@": "at", "-": "minus", ".": "full_stop"}


@asynccontextmanager
async def walking(
    provider: MemoryProvider,
    folder: Path,
    *,
    size: tuple[int, int] = SMALL,
    clock: Callable[[], datetime] = lambda: START,
    keys: str = "4",
) -> AsyncIterator[Walk]:
    """The app over this directory, on the screen that these keys lead to."""

    async def opener() -> Workspace:
        trail = AuditTrail(folder / "audit.jsonl", actor="ana@host", profile="lab", via="tui",
                           clock=clock)  # fmt: skip
        profile = Profile(name="lab", provider="local", data_dir=folder)
        return assemble(profile, provider, trail, clock=clock)

    app = ScimApp(Session("lab", opener, label="dev"), clock=clock)
    async with app.run_test(size=size) as pilot:
        walk = Walk(app, pilot, provider)
        await walk.until(lambda: app.session.snapshot is not None)
        await walk.press(*keys)
        yield walk
        app.workers.cancel_all()
