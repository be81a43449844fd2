"""The list of a mapping preview: people and rules are loaded, checked, compared and filtered."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.mapping.empty import HOW, NO_GROUPS, NOBODY
from scim_tui.tui.mapping.files import Files
from scim_tui.tui.mapping.groups import groups_line, memberships_line
from scim_tui.tui.mapping.reading import read
from scim_tui.tui.mapping.rows import COLUMNS, GROUP_COLUMNS, GroupSource, PreviewSource
from scim_tui.tui.mapping.totals import (
    Facet,
    changes_line,
    files_lines,
    filter_line,
    moved,
    progress_line,
    totals_line,
)
from scim_tui.tui.shell.browse import BrowsePage
from scim_tui.tui.shell.changes import tell_failure
from scim_tui.tui.terminal.gc_freeze import freeze_objects
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import ListSource

if TYPE_CHECKING:
    from scim_tui.core.mapping.api import Doing, GroupRun, MappingPreview, Totals, Walk
    from scim_tui.core.workspace import Workspace

GROUP = "preview"
"""The one long piece of work at a time."""
PAINT_SECONDS = 0.4
"""Least pause between two paints of a check that goes on."""
DEFAULT = "preset:identity-center"


class MappingList(BrowsePage):
    """Holds the preview and what is shown of it."""

    FILTER_HINT = "any part of the name in the list"

    def __init__(self) -> None:
        super().__init__()
        self.preview: MappingPreview | None = None
        self.files = Files(mapping=DEFAULT)
        self.facet = Facet()
        self.source: PreviewSource | None = None
        self.busy: Doing | None = None
        self.of_groups = False
        """Whether the groups are listed, and not the people."""
        self._painted = 0.0
        self._before = False
        """What is drawn is of the run before."""
        self.totals: Totals | None = None
        """Of what is shown; also of a run that was stopped."""

    def follow(self) -> None:
        """Bring the detail in line with the cursor."""

    @property
    def person(self) -> int | None:
        """The person, or group, under the cursor; nobody while they are checked anew."""
        source, cursor, side = self.source, self.table.cursor, self.side
        if source is None or side is None or cursor >= len(source):
            return None
        person = source.person(cursor)
        return person if person < side.checked else None

    @property
    def groups(self) -> "GroupRun | None":
        """The groups; None: people or rules are not loaded yet."""
        preview = self.preview
        ready = preview is not None and preview.people is not None and preview.rules is not None
        return preview.groups if ready and preview is not None else None

    @property
    def side(self) -> "Walk | None":
        """What is listed: the people, or the groups."""
        return self.groups if self.of_groups else self.preview

    def forget(self) -> None:
        """The connection is another one: the same files are checked against it again."""
        self.preview, self.source, self.totals = None, None, None

    def draw_open(self, space: "Workspace") -> None:
        """Load what there is to load once, then show what came of it."""
        if self.preview is None:
            from scim_tui.core.mapping.api import MappingPreview
            from scim_tui.wiring import entra_schema

            self.preview = MappingPreview(
                space.provider, guard=space.guard, clock=space.clock, live=entra_schema
            )
            freeze_objects()
            if not self.files.people:
                self.files.people = space.facts.get("people_file", "")
                self.files.groups = self.files.groups or space.facts.get("groups_file", "")
            self.load(self.files)
        self.draw_title()

    def load(self, files: Files, *, then: str = "", compare: bool = False, note: str = "") -> None:
        """Read files, all or none of them, and check everybody again.

        `then` begins what is said at the end, `note` is said as soon as the files are read.
        """
        self._begin(self._load(files, then, compare, note))

    def _begin(self, work: "Awaitable[None]") -> None:
        self.table.wait_with(())
        self.run_worker(self._watched(work), group=GROUP, exclusive=True, description="preview")

    async def _watched(self, work: "Awaitable[None]") -> None:
        try:
            await work
        except ScimTuiError as error:
            tell_failure(self, error)
        finally:
            self.busy = None
            self.choose()
            self.redraw()

    async def _load(self, files: Files, then: str, compare: bool, note: str) -> None:
        preview = self.preview
        assert preview is not None  # the caller has one
        before, trouble, people = self.totals, None, preview.people
        others = files.people != self.files.people
        try:
            await read(preview, self.files, files, self._tell)
            self.files = files
            if note:
                self.say(note, "warn")
            await files.note()
        except ScimTuiError as error:
            trouble = error
        if preview.people is not None and (trouble is None or preview.totals is None):
            before = before if preview.people is people else None
            if others:
                self._show_nobody()
            await self._run(preview)
            if compare and before is not None and before.compared:
                await self._compare(preview, again=False)
        if trouble is not None:
            raise trouble
        if before is not None and self.totals is not None:
            self.say(f"{then}{moved(before, self.totals)}.", "good")

    async def _run(self, preview: "MappingPreview") -> None:
        self.totals, self._before = None, True
        self.totals = await preview.run(self._checked)

    def _checked(self, totals: "Totals") -> None:
        from scim_tui.core.mapping.api import Doing

        self.totals = totals
        if not self._tell(Doing("checking", totals.people, totals.of, totals.seconds)):
            return
        # Until the row of the cursor is reached, what was there stays, and the cursor on its row.
        if not self.of_groups and not self.facet.words and totals.people > self.table.cursor:
            seen = self.table.cursor + self.table.size.height
            shown = len(self.source) if self.source is not None else 0
            self._show(range(totals.people), anew=self._before or shown < seen)
            self._before = False

    def compare_all(self) -> None:
        """Compare everybody with the directory as it is now."""
        if self.preview is not None:
            self._begin(self._compare(self.preview))

    async def _compare(self, preview: "MappingPreview", *, again: bool = True) -> None:
        self.totals = await preview.compare(self._tell, again=again)

    def _tell(self, doing: "Doing") -> bool:
        """Draw how far it is, unless that was just done; whether it was drawn."""
        now = asyncio.get_running_loop().time()
        began = self.busy is None or self.busy.what != doing.what
        self.busy = doing
        if not self.in_front or (now - self._painted < PAINT_SECONDS and not began):
            return False
        self._painted = now
        self.draw_title()
        if began:
            self._draw_bottom()
        return True

    def stop(self) -> str:
        """Stop what runs; what was checked stays."""
        if not any(w.group == GROUP and w.is_running for w in self.workers):
            return super().stop()
        self.workers.cancel_group(self, GROUP)
        return "The preview was stopped; what was checked stays."

    def narrow(self, facet: Facet) -> None:
        """Show only the people that fit."""
        self.facet = facet
        self.choose()

    @work(exclusive=True, group="choose", description="filter")
    async def choose(self) -> None:
        """Find the people that the filter leaves, off the loop unless a run goes on."""
        preview, facet, side = self.preview, self.facet, self.side
        if preview is None or preview.people is None or side is None:
            self.draw_title()
            return
        wanted = {"code": facet.code, "change": facet.change, "text": facet.text}
        if self.busy is None:
            chosen = await asyncio.to_thread(lambda: side.select(**wanted, failures=facet.failures))
        else:
            chosen = side.select(**wanted, failures=facet.failures)
        if facet == self.facet and side is self.side:
            self._show(chosen)

    def _show(self, chosen: Sequence[int], *, anew: bool = True) -> None:
        assert self.preview is not None  # somebody was chosen from it
        groups = self.groups if self.of_groups else None
        self.source = GroupSource(groups, chosen) if groups else PreviewSource(self.preview, chosen)
        if not self.drawable:
            return
        empty = NO_GROUPS if self.of_groups and not self.facet.words else NOBODY
        self.table.wait_with(empty)
        self.table.show(self.source, columns=GROUP_COLUMNS if self.of_groups else COLUMNS)
        if anew:
            # The results behind the rows changed in place, so that the table saw no difference.
            self.table.refresh()
        self.draw_title()
        self.follow()

    def draw_title(self) -> None:
        """Draw files, totals and changes, and how to begin where there is nothing."""
        if not self.in_front:
            return
        self.query_one("#title", Lines).show(self._title())
        preview = self.preview
        if preview is not None and preview.people is None:
            self.table.wait_with(() if self.busy else HOW)

    def _title(self) -> list[Line]:
        preview, cells = self.preview, self.app.size.width
        if preview is None or preview.rules is None:
            return [line((" MAPPING  loading", "dim"))]
        files = files_lines(preview, self.files, cells)
        lines: list[Line] = []
        groups, totals = self.groups if self.of_groups else None, self.totals
        if totals is not None:
            lines.append(groups_line(groups, cells) if groups else totals_line(totals, cells))
        if self.busy is not None:
            lines.append(progress_line(self.busy, cells))
        elif totals is not None:
            lines.append(
                memberships_line(groups, totals) if groups else changes_line(totals, cells)
            )
        if self.facet.words and totals is not None:
            shown = len(self.source) if self.source is not None else 0
            of = groups.given if groups else totals.people
            lines.append(filter_line(self.facet, shown, of, cells))
        few = self.has_class("-low") and self.totals is not None
        return [lines[0], *lines[1:][-1:]] if few else [*files, *lines]

    @property
    def filter_text(self) -> str:
        """What is filtered for."""
        return self.facet.text

    def filter_by(self, text: str) -> None:
        """Show only people with this text in the name."""
        self.narrow(self.facet._replace(text=text.strip()))

    def back_to_all(self) -> None:
        """Show everybody again."""
        if self.facet.words:
            self.narrow(Facet())

    async def do_other_side(self) -> None:
        """The groups, or the people again."""
        self.of_groups = not self.of_groups
        self.facet = Facet()
        self._show_nobody()
        self.choose()

    def _show_nobody(self) -> None:
        """What was listed is not what comes."""
        self.source = None
        self.table.show(ListSource(), columns=GROUP_COLUMNS if self.of_groups else COLUMNS)

    def with_files(self, change: Callable[[Files], None]) -> Files:
        """The files as they are, but for a change."""
        files = replace(self.files)
        change(files)
        return files
