"""The Mapping screen: what these rules would send for these people, and who would be refused."""

import json
from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from scim_tui.core.mapping.api import MappingPreview, Result
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing.text import line
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.detail import detail_lines
from scim_tui.tui.mapping.dialogs import MappingDialogs
from scim_tui.tui.mapping.directory_question import DirectoryQuestion
from scim_tui.tui.mapping.empty import NO_GROUPS, NO_MATCH, NO_PEOPLE
from scim_tui.tui.mapping.facet import Facet
from scim_tui.tui.mapping.files import Files
from scim_tui.tui.mapping.lines import ROOM, verdict
from scim_tui.tui.mapping.pane import PreviewPane
from scim_tui.tui.mapping.rows import COLUMNS, GROUP_COLUMNS
from scim_tui.tui.mapping.state import CHANGES, FINDINGS, PAYLOAD, TABS, MappingState
from scim_tui.tui.mapping.title import title_lines
from scim_tui.tui.mapping.work import PreviewWork
from scim_tui.tui.shell.actions import Action, bindings
from scim_tui.tui.shell.browse import BrowsePage
from scim_tui.tui.shell.changes import show_error
from scim_tui.tui.shell.screen_actions import MAPPING
from scim_tui.tui.terminal.gc_freeze import freeze_objects
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import ListSource, Table

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace

NEEDS_PEOPLE = {
    "next_failure",
    "previous_failure",
    "filter",
    "facets",
    "raw",
    "compare",
    "push",
    "report",
    "assigned",
    "open",
    "next_tab",
    "left",
    "right",
    "groups",
    "other_side",
    "notes",
}
IDLE_ONLY = {"compare", "push", "report", "edit"}
"""Actions that have to wait for the end of a check."""


class MappingPage(BrowsePage):
    """Draws the state; a key starts work or opens a dialog."""

    NAME = "mapping"
    ACTIONS = MAPPING
    BINDINGS = bindings(MAPPING)
    IN_DETAIL = ("next_failure", "right", "raw", "push", "copy", "back")
    FILTER_HINT = messages.FILTER_HINT
    DEFAULT_CSS = """
    MappingPage #title { height: auto; max-height: 5; }
    MappingPage #detail { height: 8; }
    MappingPage.-low #filter { height: auto; }
    MappingPage.-low #detail { height: 4; }
    MappingPage.-wide #rows { width: 13fr; }
    MappingPage.-wide #detail { width: 11fr; height: 1fr; }
    MappingPage.-full #detail { width: 1fr; height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.state = MappingState()
        self.work = PreviewWork(self, self.state, self)
        self._question = DirectoryQuestion(self, self.state, lambda: self.person, self.follow)
        self._dialogs = MappingDialogs(self, self.state, self.work)

    def detail(self) -> Iterable[Widget]:
        """The person under the cursor."""
        yield PreviewPane(id="detail")

    @property
    def pane(self) -> PreviewPane:
        """The widget that shows the person under the cursor."""
        return self.query_one("#detail", PreviewPane)

    @property
    def person(self) -> int | None:
        """The person, or group, under the cursor; None: there is none, or it is not checked."""
        return self.state.person_at(self.table.cursor)

    @property
    def first_rows(self) -> range:
        """The rows from the cursor to the last that fits on the screen."""
        return range(self.table.cursor, self.table.cursor + self.table.size.height)

    def focus_detail(self) -> None:
        """Focus the detail."""
        self.pane.take_focus()

    def forget(self) -> None:
        """Drop the preview: the same files are checked against the new connection."""
        self.state.forget_preview()

    def draw_open(self, space: "Workspace") -> None:
        """Load the files at the first drawing with a connection, then draw the state."""
        state = self.state
        if state.preview is None:
            from scim_tui.wiring import entra_schema

            state.preview = MappingPreview(
                space.provider, guard=space.guard, clock=space.clock, live=entra_schema
            )
            freeze_objects()
            if not state.files.people:
                state.files.people = space.facts.get("people_file", "")
                state.files.groups = state.files.groups or space.facts.get("groups_file", "")
            self.work.load(state.files)
        self.draw_state()

    def draw_state(self) -> None:
        """Draw the title and the key line, which both follow from the state."""
        if not self.in_front:
            return
        low = self.has_class("-low")
        self.query_one("#title", Lines).show(title_lines(self.state, self.app.size.width, low=low))
        if self.state.preview is not None and not self.state.has_people:
            self.table.show_when_empty(() if self.state.busy else NO_PEOPLE)
        self._draw_bottom()

    def draw_rows(self, *, anew: bool) -> None:
        """Draw the list and the detail; with `anew` also rows that look the same to the table."""
        state = self.state
        if not self.drawable or state.rows is None:
            return
        self.table.show_when_empty(
            NO_GROUPS if state.of_groups and not state.facet.words else NO_MATCH
        )
        self.table.show(state.rows, columns=GROUP_COLUMNS if state.of_groups else COLUMNS)
        if anew:
            # The results behind the rows changed in place: the table saw no difference.
            self.table.refresh()
        self.draw_state()
        self.follow()

    def draw_no_rows(self) -> None:
        """Empty the list until other rows are chosen."""
        self.table.show(ListSource(), columns=GROUP_COLUMNS if self.state.of_groups else COLUMNS)

    @on(PreviewPane.Resized)
    def _lay_out_again(self) -> None:
        self.redraw()

    @on(Table.Highlighted, "#rows")
    def follow(self) -> None:
        """Draw the person under the cursor."""
        selection, person = self.state.selection, self.person
        if selection is None or person is None:
            self.pane.clear()
            return
        if not self.pane.size.width:
            # `Resized` follows with the layout; lines for another width would be cut.
            return
        try:
            result = selection.result(person)
        except ScimTuiError as error:
            show_error(self, error)
            return
        if self.state.tab == CHANGES and not self.state.of_groups:
            self._question.ask(person, result)
        self._draw_person(result, person)

    def _draw_person(self, result: Result, person: int) -> None:
        where = f"line {result.person.line}  " if result.person.line else ""
        place = f" {self.table.cursor + 1:,} of {len(self.table.source):,} "
        right = line((f" {where}{place[1:]}" if self.pane.cells >= ROOM else place, "dim"))
        lines = detail_lines(self.state, result, person, self.pane.cells)
        self.pane.show(result.label, verdict(result), right, self.state.tab, lines)

    def reason(self, action: Action) -> str | None:
        """Most actions need people, and some that no work is running."""
        preview = self.state.preview
        if action.id in NEEDS_PEOPLE and not self.state.has_people:
            return messages.NEEDS_PEOPLE
        if preview is None and action.id in ("people", "rules", "what_if", "edit"):
            return messages.NOT_OPEN
        if self.state.busy is not None and action.id in IDLE_ONLY:
            return messages.CHECK_RUNS
        if action.id in ("push", "what_if") and self.state.of_groups:
            return messages.ONE_PERSON
        if action.id == "push" and preview is not None:
            return preview.why_not_push()
        return None

    def copyable(self) -> str:
        """The payload of the person, as JSON."""
        if self.person is None or self.state.selection is None:
            return ""
        user = self.state.selection.result(self.person).payload.user
        return json.dumps(dict(user), ensure_ascii=False, indent=2)

    def stop(self) -> str:
        """Stop the work that is running; results so far stay."""
        if not self.work.busy:
            return super().stop()
        self.work.stop()
        return messages.STOPPED

    @property
    def filter_text(self) -> str:
        """The text that the names in the list contain."""
        return self.state.facet.text

    def filter_by(self, text: str) -> None:
        """List only names that contain this text."""
        self._narrow(self.state.facet._replace(text=text.strip()))

    def back_to_all(self) -> None:
        """Remove what narrows the list."""
        if self.state.facet.words:
            self._narrow(Facet())

    def _narrow(self, facet: Facet) -> None:
        self.state.facet = facet
        self.work.choose()

    async def do_other_side(self) -> None:
        """List the groups, or the people again."""
        self.state.switch_list()
        self.draw_no_rows()
        self.draw_state()
        self.work.choose()

    async def do_next_failure(self) -> None:
        """Go to the next person who would be refused."""
        self._go(1)

    async def do_previous_failure(self) -> None:
        """Go to the previous person who would be refused."""
        self._go(-1)

    def _go(self, step: int) -> None:
        selection, rows, person = self.state.selection, self.state.rows, self.person
        if selection is None or rows is None:
            return
        at = person if person is not None else -1
        search = selection.next_failure if step > 0 else selection.previous_failure
        while (found := search(at)) is not None and rows.place(found) is None:
            at = found
        place = None if found is None else rows.place(found)
        if place is None:
            self.say(messages.NO_FURTHER_PROBLEM, "dim")
        else:
            self.table.go_to(place)

    async def do_next_tab(self) -> None:
        """The next tab of the person."""
        self._show_tab(self.state.tab + 1)

    async def do_right(self) -> None:
        """The tab to the right."""
        self._show_tab(self.state.tab + 1)

    async def do_left(self) -> None:
        """The tab to the left."""
        self._show_tab(self.state.tab - 1)

    async def do_raw(self) -> None:
        """The payload, or back to the findings."""
        self._show_tab(FINDINGS if self.state.tab == PAYLOAD else PAYLOAD)

    def _show_tab(self, tab: int) -> None:
        self.state.tab = tab % len(TABS)
        self.follow()

    async def do_refresh(self) -> None:
        """Read the files again that changed on disk, and ask the server."""
        await super().do_refresh()
        if self.state.preview is not None and await self.state.files.changed():
            self.work.load(self.state.with_files(_unchanged), compare=True)

    async def do_compare(self) -> None:
        """Compare all people with the directory."""
        self.work.compare()

    async def do_people(self) -> None:
        """Ask for the file of people."""
        self._open(self._dialogs.people())

    async def do_rules(self) -> None:
        """Ask for a mapping."""
        self._open(self._dialogs.rules())

    async def do_encoding(self) -> None:
        """Ask in which encoding the files are, and read them anew."""
        self._open(self._dialogs.encoding())

    async def do_groups(self) -> None:
        """Ask for a file of groups."""
        self._open(self._dialogs.groups())

    async def do_notes(self) -> None:
        """Show the notes about the files."""
        self._open(self._dialogs.notes())

    async def do_assigned(self) -> None:
        """Ask who is assigned."""
        self._open(self._dialogs.assigned())

    async def do_facets(self) -> None:
        """Choose a finding or a change, with how many people it concerns."""
        self._open(self._dialogs.facets())

    async def do_report(self) -> None:
        """Ask where a report is written."""
        self._open(self._dialogs.report())

    async def do_what_if(self) -> None:
        """Type in one person."""
        self._open(self._dialogs.what_if(self.person))

    async def do_edit(self) -> None:
        """Change the mapping in the user's editor."""
        self._open(self._dialogs.edit_mapping(self.person))

    async def do_push(self) -> None:
        """Provision the person under the cursor, after asking."""
        self._open(self._push(self.person))

    async def _push(self, person: int | None) -> None:
        preview = self.state.preview
        if person is None or preview is None or not await self._dialogs.push(person):
            return
        self._question.forget()
        if self.state.totals is not None:
            self.state.totals = preview.totals
        self.work.choose()

    def _open(self, dialog: Coroutine[object, object, object]) -> None:
        self.run_worker(dialog, group="dialog", description="dialog")


def _unchanged(_: Files) -> None:
    """No change of the files: those that changed on disk are read again."""
