"""Mapping: what these rules would send for these people, and who would be refused."""

import asyncio
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on, work
from textual.widget import Widget

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.mapping import asking
from scim_tui.tui.mapping.diff import GROUP_WHAT, diff_lines
from scim_tui.tui.mapping.groups import member_lines, request_lines
from scim_tui.tui.mapping.lines import (
    ROOM,
    findings_lines,
    in_directory_only,
    payload_lines,
    trace_lines,
    verdict,
)
from scim_tui.tui.mapping.list import MappingList
from scim_tui.tui.mapping.pane import CHANGES, PAYLOAD, TRACE, PreviewPane
from scim_tui.tui.shell.actions import Action, bindings
from scim_tui.tui.shell.changes import tell_failure
from scim_tui.tui.shell.screen_actions import MAPPING
from scim_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from scim_tui.core.mapping.api import Change, Result

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
ASK_DELAY = 0.2
"""Seconds the cursor has to rest before the directory is asked about a person."""


class MappingPage(MappingList):
    """The third screen."""

    NAME = "mapping"
    ACTIONS = MAPPING
    BINDINGS = bindings(MAPPING)
    IN_DETAIL = ("next_failure", "right", "raw", "push", "copy", "back")
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
        self._looked: tuple[int, Change | None, ScimTuiError | None] | None = None
        """What the directory said about one person."""

    def detail(self) -> Iterable[Widget]:
        """The person under the cursor."""
        yield PreviewPane(id="detail")

    @property
    def pane(self) -> PreviewPane:
        """The person with their tabs."""
        return self.query_one("#detail", PreviewPane)

    def focus_detail(self) -> None:
        """Give the keys to the text."""
        self.pane.take_focus()

    @on(Table.Highlighted, "#rows")
    def follow(self) -> None:
        """Bring the detail in line with the cursor."""
        side, person = self.side, self.person
        if side is None or person is None:
            self.pane.clear()
            return
        try:
            result = side.result(person)
        except ScimTuiError as error:
            tell_failure(self, error)
            return
        if self.pane.tab == CHANGES and not self.of_groups:
            self._ask_directory(person, result)
        self._draw_person(result, person)

    def _draw_person(self, result: "Result", person: int) -> None:
        where = f"line {result.person.line}  " if result.person.line else ""
        place = f" {self.table.cursor + 1:,} of {len(self.table.source):,} "
        right = line((f" {where}{place[1:]}" if self.pane.cells >= ROOM else place, "dim"))
        self.pane.show(result.label, verdict(result), right, self._text(result, person))

    def _text(self, result: "Result", person: int) -> list[Line]:
        cells, tab = self.pane.cells, self.pane.tab
        if tab == PAYLOAD:
            return [*payload_lines(result, cells), *request_lines(result, cells)]
        if tab == TRACE:
            rules = self.preview.rules if self.preview is not None else None
            name = rules.name if rules is not None else ""
            return trace_lines(result, name, cells)
        if tab == CHANGES and self.of_groups:
            return [
                *diff_lines(
                    result.change,
                    None,
                    cells,
                    asking=False,
                    refused=result.refused,
                    what=GROUP_WHAT,
                ),
                *member_lines(result, cells),
            ]
        if tab == CHANGES:
            asked = self._looked is not None and self._looked[0] == person
            _, change, error = self._looked if asked and self._looked else (0, None, None)
            return diff_lines(
                change or result.change, error, cells, asking=not asked, refused=result.refused
            )
        note = line((" Preview only: nothing is sent until U asks.", "dim"))
        if self.of_groups:
            return [*findings_lines(result, cells), (), *member_lines(result, cells)]
        return [*findings_lines(result, cells), (), note]

    def _ask_directory(self, person: int, result: "Result") -> None:
        if in_directory_only(result):
            self._looked = (person, None, None)
        elif self._looked is None or self._looked[0] != person:
            self._looked = None
            self._ask(person)

    @work(exclusive=True, group="detail", description="change")
    async def _ask(self, person: int) -> None:
        await asyncio.sleep(ASK_DELAY)
        preview = self.preview
        if preview is None or person != self.person:
            return
        change, trouble = None, None
        try:
            change = await preview.change(person)
        except ScimTuiError as error:
            trouble = error
        self._looked = (person, change, trouble)
        if person == self.person and preview is self.preview:
            self.follow()

    def forget_answer(self) -> None:
        """The directory has changed: it is asked about the person again, and the row is drawn."""
        self._looked = None
        if self.preview is not None and self.totals is not None:
            self.totals = self.preview.totals
        self.choose()

    def reason(self, action: Action) -> str | None:
        """Most actions need people, and some that nothing runs."""
        preview = self.preview
        if action.id in NEEDS_PEOPLE and (preview is None or preview.people is None):
            return "no people are loaded; u loads a file."
        if preview is None and action.id in ("people", "rules", "what_if", "edit"):
            return "the connection is not open yet."
        if self.busy is not None and action.id in IDLE_ONLY:
            return "a check goes on; Ctrl-C stops it."
        if action.id in ("push", "what_if") and self.of_groups:
            return "it is for one person; o shows the people."
        if action.id == "push" and preview is not None:
            return preview.why_not_push()
        return None

    def copyable(self) -> str:
        """The payload of the person, as JSON."""
        if self.person is None or self.side is None:
            return ""
        user = self.side.result(self.person).payload.user
        return json.dumps(dict(user), ensure_ascii=False, indent=2)

    async def do_next_failure(self) -> None:
        """Go to the next person who would be refused."""
        self._go(1)

    async def do_previous_failure(self) -> None:
        """Go to the previous person who would be refused."""
        self._go(-1)

    def _go(self, step: int) -> None:
        side, source, person = self.side, self.source, self.person
        if side is None or source is None:
            return
        at = person if person is not None else -1
        look = side.next_failure if step > 0 else side.previous_failure
        while (found := look(at)) is not None and source.place(found) is None:
            at = found
        place = None if found is None else source.place(found)
        if place is None:
            self.say("No further problem this way.", "dim")
        else:
            self.table.go_to(place)

    async def do_next_tab(self) -> None:
        """The next tab of the person."""
        self._turn(self.pane.tab + 1)

    async def do_right(self) -> None:
        """The tab to the right."""
        self._turn(self.pane.tab + 1)

    async def do_left(self) -> None:
        """The tab to the left."""
        self._turn(self.pane.tab - 1)

    async def do_raw(self) -> None:
        """The payload, or back to the findings."""
        self._turn(0 if self.pane.tab == PAYLOAD else PAYLOAD)

    def _turn(self, tab: int) -> None:
        self.pane.turn(tab)
        self.follow()

    async def do_refresh(self) -> None:
        """Read the files again that changed on disk, and ask the server."""
        await super().do_refresh()
        changed = await self.files.changed() if self.preview is not None else []
        if changed:
            self.load(self.with_files(lambda files: None), compare=True)

    async def do_compare(self) -> None:
        """Compare everybody with the directory."""
        self.compare_all()

    async def do_people(self) -> None:
        """Ask for the people."""
        self._run_dialog(asking.people)

    async def do_rules(self) -> None:
        """Ask for a mapping."""
        self._run_dialog(asking.rules)

    async def do_groups(self) -> None:
        """Ask for a file of groups."""
        self._run_dialog(asking.groups)

    async def do_notes(self) -> None:
        """What there is to know about the files."""
        self._run_dialog(asking.notes)

    async def do_assigned(self) -> None:
        """Ask who is assigned."""
        self._run_dialog(asking.assigned)

    async def do_facets(self) -> None:
        """Choose a finding or a change, with how many people it concerns."""
        self._run_dialog(asking.facets)

    async def do_report(self) -> None:
        """Ask where a report is written."""
        self._run_dialog(asking.report)

    async def do_what_if(self) -> None:
        """One person typed in."""
        self._run_dialog(asking.what_if)

    async def do_edit(self) -> None:
        """Change the mapping in the user's editor."""
        self._run_dialog(asking.edit_mapping)

    async def do_push(self) -> None:
        """Provision the person under the cursor, after asking."""
        self._run_dialog(asking.push)

    @work(group="dialog", description="dialog")
    async def _run_dialog(self, dialog: asking.Dialogue) -> None:
        if self.preview is not None:
            await dialog(self, self.preview)
