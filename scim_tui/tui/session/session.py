"""The open workspace and its newest snapshot, which the screens draw."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scim_tui.model.errors import NotAllowed, ScimTuiError, Throttled, Unreachable
from scim_tui.tui.session import messages

if TYPE_CHECKING:
    from scim_tui.core.health.snapshot import Snapshot
    from scim_tui.core.last_look import LastLook
    from scim_tui.core.workspace import Workspace

LIVE_SECONDS = 2.0
"""Pause between two snapshots while the server answers."""
CLOSE_SECONDS = 1.0
"""How long closing may take; after a lost terminal the program has to end within two seconds."""
LOOK_SECONDS = 5.0
"""How long one snapshot may take; a service that hangs counts as one that does not answer."""
SAVE_EVERY = timedelta(minutes=1)
"""How old the summary on disk may become while nothing in it changes."""
RETRY_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Pauses between two tries while the server does not answer."""


class LastLookWriter:
    """Writes the summary of the newest snapshot to disk: when it changes, and once a minute."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: LastLook | None = None

    async def seen(self, space: "Workspace", snapshot: "Snapshot", at: datetime) -> None:
        """Write the summary of a snapshot."""
        from scim_tui.core import last_look

        await self._write(last_look.seen(space.health.signals(snapshot), snapshot, at))

    async def failed(self, error: ScimTuiError, at: datetime) -> None:
        """Write that the server did not answer."""
        from scim_tui.core import last_look

        before = self._written or last_look.recall(self._folder)
        await self._write(last_look.failed(error, before, at))

    async def _write(self, look: "LastLook") -> None:
        from scim_tui.core import last_look

        before = self._written
        if before and look.says_as(before) and look.at - before.at < SAVE_EVERY:
            return
        self._written = look
        if self._folder.is_dir():
            await asyncio.to_thread(last_look.keep, self._folder, look)


class Session:
    """One open profile: its workspace, its newest snapshot, and what is wrong now."""

    def __init__(
        self,
        name: str,
        opener: Callable[[], Awaitable["Workspace"]],
        *,
        read_only: bool = False,
        label: str = "",
        folder: Path | None = None,
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
        """When the newest snapshot was taken, whether or not it differs from the one before."""
        self.tries = 0
        self.next_try: datetime | None = None
        """When the next try begins; None while it runs, or when the last one did not fail."""
        self.notice = ""
        """A message about something that the user did not ask for; shown until the next key."""
        self.paused = False
        self.frozen = False
        """True while a dialog is open: no snapshot is taken, so nothing repaints behind it."""
        self.folder = folder
        """Where files of this profile are kept, if known before it is opened."""
        self._last_look = LastLookWriter(folder) if folder else None
        self._opener = opener
        self._ended = False
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._listeners: list[Callable[[], None]] = []
        self._report: Callable[[Exception], None] = _raise

    def opened(self) -> "Workspace":
        """The open workspace. Raises `Unreachable` while it is being opened, or opened again."""
        if self.workspace is None:
            raise Unreachable(messages.REOPENING, messages.TRY_AGAIN)
        return self.workspace

    @property
    def title(self) -> str:
        """The name of the provider; empty until the connection is open."""
        return self.workspace.provider.title if self.workspace else ""

    @property
    def read_only(self) -> bool:
        """Whether changes are forbidden here."""
        return self.workspace.read_only if self.workspace else self.asked_read_only

    @property
    def stale(self) -> bool:
        """Whether the snapshot may be outdated, since taking a new one failed."""
        return self.trouble is not None and self.snapshot is not None

    def listen(
        self, listener: Callable[[], None], report: Callable[[Exception], None] | None = None
    ) -> None:
        """Call `listener` after each change here, and `report` with unexpected exceptions.

        An exception of a listener must not close the connection and the embedded service.
        """
        self._listeners.append(listener)
        self._report = report or self._report

    def changed(self) -> None:
        """Call the listeners."""
        for listener in self._listeners:
            try:
                listener()
            except Exception as error:
                self._report(error)

    def look_now(self) -> None:
        """Take the next snapshot now instead of after the pause."""
        self._wake.set()

    async def run(self, clock: Callable[[], datetime]) -> None:
        """Open the workspace and take snapshots until cancelled."""
        asked = True
        self._idle.clear()
        try:
            while True:
                held = self.frozen or (self.paused and self.snapshot is not None and not asked)
                pause = LIVE_SECONDS if held else await self._try(clock)
                if asked:
                    self.changed()
                asked = await self._rest(pause)
                self._begin_try()
        finally:
            # The app cancels its work more than once as it ends. Closing goes on all the same: a
            # service that is stopped halfway is killed, and has not said that it ended well.
            closing = asyncio.create_task(self._close())
            closing.add_done_callback(self._closed)
            await asyncio.shield(closing)

    def _closed(self, closing: "asyncio.Task[None]") -> None:
        if not closing.cancelled():
            closing.exception()  # asyncio would report it again where nothing waits for it any more
        self._idle.set()

    async def ended(self) -> None:
        """Wait until a cancelled `run` has closed everything, at most `CLOSE_SECONDS`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._idle.wait()

    async def _rest(self, seconds: float) -> bool:
        """Wait, at most so long; True when `look_now` was called meanwhile."""
        # wait_for of Python 3.11 swallows a cancellation that comes with the wake-up.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        asked = self._wake.is_set()
        self._wake.clear()
        return asked

    def _begin_try(self) -> None:
        """Note that the next try begins."""
        if self.next_try is not None:
            self.next_try = None
            self.changed()

    async def _close(self) -> None:
        if self.workspace is not None:
            workspace, self.workspace = self.workspace, None
            await workspace.aclose()

    async def _try(self, clock: Callable[[], datetime]) -> float:
        """Take one snapshot; returns how long to pause afterwards."""
        try:
            await self._look(clock)
        except ScimTuiError as error:
            if self._last_look:
                await self._last_look.failed(error, clock())
            return self._failed(error, clock())
        except Exception as error:
            self._report(error)
            return self._failed(ScimTuiError(messages.BROKEN, messages.SEE_FAULT), clock())
        space, awaited = self.workspace, self.snapshot is not None and self.snapshot.pending
        if self._last_look and space and self.snapshot:
            await self._last_look.seen(space, self.snapshot, clock())
        slow = space.provider.capabilities.every if space and not awaited else 0.0
        return max(LIVE_SECONDS, slow)

    async def _look(self, clock: Callable[[], datetime]) -> None:
        if self.workspace is not None and not self.workspace.alive():
            await self._close()
            self._ended = True
        if self.workspace is None:
            self.workspace = await self._opener()
            if self._ended:
                self._ended, self.notice = False, messages.RESTARTED
            self.changed()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                snapshot = await self.workspace.health.take()
        except TimeoutError:
            raise Unreachable(messages.no_answer(LOOK_SECONDS), messages.MAY_HANG) from None
        self.seen_at = clock()
        before, recovered = self.snapshot, self.trouble is not None
        self.trouble, self.failed_at, self.tries, self.next_try = None, None, 0, None
        # Replaced also by an equal one: ages are computed from the time of the newest.
        self.snapshot = snapshot
        if recovered or before is None or not snapshot.same_as(before):
            self.changed()

    def _failed(self, error: ScimTuiError, now: datetime) -> float:
        pause = RETRY_PAUSES[min(self.tries, len(RETRY_PAUSES) - 1)]
        if isinstance(error, Throttled):
            pause = max(error.retry_after, 1.0)
        elif isinstance(error, NotAllowed):
            pause = RETRY_PAUSES[-1]
        self.trouble, self.failed_at = error, self.failed_at or now
        self.tries += 1
        self.next_try = now + timedelta(seconds=pause)
        if self.snapshot is not None:
            self.snapshot = self.snapshot.failed(error, self.seen_at)
        self.changed()
        return pause


def _raise(error: Exception) -> None:
    raise error
