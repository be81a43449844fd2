"""The app over a directory in memory, for stories told with a pilot."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from scim_tui.config.profiles import Profile
from scim_tui.core.audit import AuditTrail
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.providers.memory import MemoryProvider
from scim_tui.tui.app import ScimApp
from scim_tui.tui.modals.secret import SecretDialog
from scim_tui.tui.session import Session
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Table
from scim_tui.tui.widgets.typed_word import TypedWord

monotonic_seconds = SecretDialog.clock
W = TypeVar("W", bound=Widget)
TRIES = 6_000
"""Turns of ten milliseconds, so more than a minute: a busy machine is slow, not wrong."""


class Stage:
    """One running app, and what a person sees of it."""

    def __init__(self, app: ScimApp, pilot: Pilot[int], provider: MemoryProvider) -> None:
        self.app = app
        self.pilot = pilot
        self.provider = provider

    async def press(self, *keys: str) -> None:
        """Press keys one by one, each settled before the next."""
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause()

    def text(self) -> str:
        """What is drawn, as plain lines."""
        width, height = self.app.size
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in lines)[: (width + 1) * height]

    async def sees(self, *words: str) -> str:
        """Wait until all the words are on the screen."""
        return await self.until(lambda: all(word in self.text() for word in words), words)

    async def until(self, condition: Callable[[], bool], what: Iterable[str] = ()) -> str:
        """Wait for a condition, a bounded number of turns of the loop."""
        for _ in range(TRIES):
            if condition():
                return self.text()
            await self.pilot.pause(0.01)
        raise AssertionError(f"{list(what)} did not come to pass on:\n{self.text()}")

    def table(self) -> Table:
        """The table in front."""
        return self.app.screen.query(Table).first()

    def lines(self, id: str) -> Lines:
        """A block of lines in front."""
        return self.app.screen.query_one(f"#{id}", Lines)


@contextmanager
def slow_hands() -> Iterator[None]:
    """Keys arrive one by one, half a second apart, however fast a test presses them."""
    with pytest.MonkeyPatch.context() as patch:
        arrivals = count(0, 0.5)
        patch.setattr(TypedWord, "arrived", staticmethod(lambda event: next(arrivals)))
        if SecretDialog.clock is monotonic_seconds:
            patch.setattr(SecretDialog, "clock", staticmethod(lambda: 2 * next(arrivals)))
        yield


@asynccontextmanager
async def staged(
    folder: Path,
    *,
    provider: MemoryProvider | None = None,
    size: tuple[int, int] = (80, 24),
    read_only: bool = False,
    loaded: bool = True,
    facts: dict[str, str] | None = None,
    faulty: bool = False,
) -> AsyncIterator[Stage]:
    """Open the app on a directory in memory and wait for the first snapshot."""
    directory = provider or MemoryProvider.sample()
    profile = Profile(name="lab", provider="local", data_dir=folder)

    async def opener() -> Workspace:
        audit = AuditTrail(
            folder / "audit.jsonl",
            actor="ana@host",
            profile="lab",
            via="tui",
            clock=directory.clock,
        )
        space = assemble(profile, directory, audit, read_only=read_only, clock=directory.clock)
        space.facts = facts or {}
        return space

    session = Session("lab", opener, read_only=read_only, label="dev")
    app = ScimApp(session, clock=directory.clock)
    with slow_hands():
        async with app.run_test(size=size) as pilot:
            stage = Stage(app, pilot, directory)
            if loaded:
                await stage.until(lambda: session.snapshot is not None, ["a snapshot"])
                await pilot.pause()
            yield stage
    no_faults(app, expected=faulty)


def no_faults(app: ScimApp, *, expected: bool = False) -> None:
    """The app lives on after a fault inside it; a test does not, unless it expects one."""
    assert expected or not app.faults.all, app.faults.all[0].report
