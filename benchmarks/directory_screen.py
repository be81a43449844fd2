"""The Directory screen with very many users: how long its event loop has to wait.

The real app with its real screen, drawn without a terminal, over an index that was made before.
"""

import asyncio
import gc
import json
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

from textual.pilot import Pilot

from benchmarks.beat import Beat
from scim_tui.config.profiles import Profile
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.directory.api import Directory, LoadPhase
from scim_tui.core.index.file import kept_at
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.model.directory import Kind, Page, UserRow
from scim_tui.tui.app import ScimApp
from scim_tui.tui.directory.screen import DirectoryPage
from scim_tui.tui.session.session import Session
from tests.fakes.memory import MemoryProvider

_PAGE = 500
_WORDS = ("olive", "smith", "1.cor", "qxjzw", "jq")
_FILTERS = ("active:no", "missing:email", "-a")
_SORTS = ("-user_name", "changed", "email", "")
_PATIENCE = 900
Stalls = dict[str, dict[str, float]]


class Lister(MemoryProvider):
    """Lists users that nobody keeps as JSON; before `listed` is set it lets one wait."""

    listed: Sequence[UserRow] | None = None

    async def users(self, filter: str = "", resume: str = "") -> AsyncIterator[Page[UserRow]]:
        """Page by page, as fast as they are taken."""
        if self.listed is None:
            await asyncio.Event().wait()
        everybody = self.listed or ()
        for first in range(0, len(everybody), _PAGE):
            end = first + _PAGE
            more = str(end) if end < len(everybody) else None
            yield Page(list(everybody[first:end]), more, len(everybody))


class Screen:
    """The page, and the stalls while something is done to it."""

    def __init__(self, pilot: Pilot[int], page: DirectoryPage) -> None:
        self.pilot, self.page = pilot, page
        self.found: Stalls = {}

    async def measured(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
        """Note the worst of this and of what was noted under the same name."""
        beat, started = Beat(), time.monotonic()
        await act()
        await self.pilot.pause()
        now = await beat.stop() | {"seconds": time.monotonic() - started}
        before = self.found.get(name, now)
        self.found[name] = {what: max(took, before[what]) for what, took in now.items()}

    async def until(self, ready: Callable[[], bool]) -> None:
        """Wait for something to be so."""
        ends = time.monotonic() + _PATIENCE
        while not ready():
            assert time.monotonic() < ends, "the screen did not come to rest"
            await asyncio.sleep(0.005)

    async def rest(self) -> None:
        """Do nothing."""
        await asyncio.sleep(2)

    def is_shown(self) -> bool:
        """Whether all rows of what is asked for are there."""
        half = self.page.lists.shown
        view = half.view
        return view is not None and view.complete and (view.text, view.sort) == half.query

    def searching(self, text: str) -> Callable[[], Awaitable[None]]:
        """What is typed, as one text."""

        async def act() -> None:
            self.page.filter_by(text)
            await self.until(self.is_shown)

        return act

    def sorting(self, field: str) -> Callable[[], Awaitable[None]]:
        """Another order."""

        async def act() -> None:
            self.page.lists.shown.sort = field
            self.page.search.query_changed()
            await self.until(self.is_shown)

        return act

    async def paging(self) -> None:
        """Down through a part of the list."""
        for key in ("pagedown", "down") * 40:
            await self.pilot.press(key)

    def listing(self, directory: Directory) -> Callable[[], Awaitable[None]]:
        """The whole directory again, and the texts made anew behind it."""

        async def act() -> None:
            self.page.listing.start()
            await self.until(lambda: directory.state(Kind.USERS).phase is LoadPhase.READY)
            await self.until(lambda: not directory._builds)

        return act


def _renamed(rows: Sequence[UserRow]) -> list[UserRow]:
    """Every ninth of them has another name than before."""
    return [
        row if place % 9 else row._replace(display_name=f"{row.display_name} II")
        for place, row in enumerate(rows)
    ]


async def _stalls(file: Path, folder: Path, *, lists: bool) -> Stalls:
    profile = Profile(name="bench", provider="local", data_dir=folder)
    kept = kept_at(profile)
    assert kept is not None
    kept.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    shutil.copyfile(file, kept)
    provider = Lister()

    async def opener() -> Workspace:
        audit = AuditTrail(folder / "audit.jsonl", actor="bench", profile="bench", via="tui")
        return assemble(profile, provider, audit)

    app = ScimApp(Session("bench", opener))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("4")
        page = app.screen
        assert isinstance(page, DirectoryPage)
        screen = Screen(pilot, page)
        await screen.measured("opening", lambda: screen.until(screen.is_shown))
        await screen.measured("at rest", screen.rest)
        for word in _WORDS:
            for end in range(1, len(word) + 1):
                await screen.measured("typing", screen.searching(word[:end]))
        for name in _FILTERS:
            await screen.measured(f"filter {name}", screen.searching(name))
        await screen.measured("typing", screen.searching(""))
        for field in _SORTS:
            await screen.measured("sorting", screen.sorting(field))
        await screen.measured("paging", screen.paging)
        space = page.space
        assert space is not None
        view = page.lists.shown.view
        assert view is not None
        written = folder / "users.csv"
        page.export.write(page.lists.shown, str(written), ("user_name",))
        await screen.measured("exporting", lambda: screen.until(written.exists))
        if lists:
            provider.listed = _renamed(view.users(0, len(view)))
            gc.collect()
            gc.freeze()  # the other side's memory is no part of what is measured
            await screen.measured("listing", screen.listing(space.directory))
        app.exit()
    return screen.found


def main(file: Path, *, lists: bool) -> None:
    """Print the figures over this index as JSON."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        print(json.dumps(asyncio.run(_stalls(file, Path(folder), lists=lists))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), lists="list" in sys.argv[2:])
