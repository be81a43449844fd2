"""The open workspace and the newest snapshot of it; screens draw what is here and own no truth."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scim_tui.model.errors import NotAllowed, ScimTuiError, Throttled, Unreachable

if TYPE_CHECKING:
    from scim_tui.core.health import Snapshot
    from scim_tui.core.workspace import Workspace

LIVE_SECONDS = 2.0
"""Pause between two looks at the server while it answers."""
RESTARTED = "The service ended and was started again."
LOOK_SECONDS = 5.0
"""How long one look may take; a service that hangs is one that does not answer."""
PATIENCE = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Pauses between two tries while it does not."""


class Session:
    """One open profile: its workspace, what was last seen, and what is wrong just now."""

    def __init__(
        self,
        name: str,
        opener: Callable[[], Awaitable["Workspace"]],
        *,
        read_only: bool = False,
        label: str = "",
    ) -> None:
        self.name = name
        self.label = label
        """Word beside the name, such as PROD."""
        self.asked_read_only = read_only
        self.workspace: Workspace | None = None
        self.snapshot: Snapshot | None = None
        self.trouble: ScimTuiError | None = None
        self.failed_at: datetime | None = None
        """When the trouble began."""
        self.seen_at: datetime | None = None
        """When a look last succeeded, whether or not it found anything new."""
        self.tries = 0
        self.next_try: datetime | None = None
        """When the next try begins, while it is waited for."""
        self.notice = ""
        """What happened without being asked for; it stays until a person presses a key."""
        self.paused = False
        self.frozen = False
        """True while a dialog is up: nothing is asked, so nothing repaints behind it."""
        self._opener = opener
        self._ended = False
        self._wake = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    @property
    def read_only(self) -> bool:
        """Whether changes are forbidden here."""
        return self.workspace.read_only if self.workspace else self.asked_read_only

    @property
    def stale(self) -> bool:
        """Whether what is shown may be wrong, since the last look failed."""
        return self.trouble is not None and self.snapshot is not None

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever anything here changes."""
        self._listeners.append(listener)

    def changed(self) -> None:
        """Tell the listeners."""
        for listener in self._listeners:
            listener()

    def look_now(self) -> None:
        """End the pause between two looks."""
        self._wake.set()

    async def run(self, clock: Callable[[], datetime]) -> None:
        """Open the workspace and keep looking until cancelled."""
        asked = True
        try:
            while True:
                held = self.frozen or (self.paused and self.snapshot is not None and not asked)
                pause = LIVE_SECONDS if held else await self._try(clock)
                if asked:
                    self.changed()
                asked = await self._rest(pause)
                self._trying()
        finally:
            await self._close()

    async def _rest(self, seconds: float) -> bool:
        """Wait, at most so long; True when somebody asked for a look meanwhile."""
        # wait_for of Python 3.11 swallows a cancellation that comes with the wake-up.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        asked = self._wake.is_set()
        self._wake.clear()
        return asked

    def _trying(self) -> None:
        """No try lies ahead any longer: it begins."""
        if self.next_try is not None:
            self.next_try = None
            self.changed()

    async def _close(self) -> None:
        if self.workspace is not None:
            workspace, self.workspace = self.workspace, None
            await workspace.aclose()

    async def _try(self, clock: Callable[[], datetime]) -> float:
        """One look; returns how long to rest afterwards."""
        try:
            await self._look(clock)
        except ScimTuiError as error:
            return self._failed(error, clock())
        space = self.workspace
        return max(LIVE_SECONDS, space.provider.capabilities.every if space else 0.0)

    async def _look(self, clock: Callable[[], datetime]) -> None:
        from scim_tui.core import health

        if self.workspace is not None and not self.workspace.alive():
            await self._close()
            self._ended = True
        if self.workspace is None:
            self.workspace = await self._opener()
            if self._ended:
                self._ended, self.notice = False, RESTARTED
            self.changed()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                snapshot = await health.take(self.workspace)
        except TimeoutError:
            raise Unreachable(
                f"No answer for {LOOK_SECONDS:.0f} s.", "The service may hang; r asks again now."
            ) from None
        self.seen_at = clock()
        recovered = self.trouble is not None
        self.trouble, self.failed_at, self.tries, self.next_try = None, None, 0, None
        if recovered or self.snapshot is None or not snapshot.same_as(self.snapshot):
            self.snapshot = snapshot
            self.changed()

    def _failed(self, error: ScimTuiError, now: datetime) -> float:
        pause = PATIENCE[min(self.tries, len(PATIENCE) - 1)]
        if isinstance(error, Throttled):
            pause = max(error.retry_after, 1.0)
        elif isinstance(error, NotAllowed):
            pause = PATIENCE[-1]
        self.trouble, self.failed_at = error, self.failed_at or now
        self.tries += 1
        self.next_try = now + timedelta(seconds=pause)
        if self.snapshot is not None:
            self.snapshot = self.snapshot.failed(error, self.seen_at)
        self.changed()
        return pause
