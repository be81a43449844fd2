"""Mapping: what these rules would send for these people, and who would be refused."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.containers import Container
from textual.widget import Widget

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui import preview_lines
from scim_tui.tui.actions import MAPPING, Action, bindings
from scim_tui.tui.changes import tell_failure
from scim_tui.tui.completion import grow_path
from scim_tui.tui.preview_rows import PreviewSource
from scim_tui.tui.screens.page import Page
from scim_tui.tui.text import Line, line
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Column, Table

if TYPE_CHECKING:
    from scim_tui.core.mapping import MappingPreview, Totals

COLUMNS = (Column("", 5), Column("PERSON", 16, 1), Column("FINDING", 20))
NEEDS_PEOPLE = {"next_failure", "previous_failure", "filter", "facets", "raw"}


class MappingPage(Page):
    """The third screen."""

    NAME = "mapping"
    ACTIONS = MAPPING
    BINDINGS = bindings(MAPPING)
    DEFAULT_CSS = """
    MappingPage #title { height: 3; }
    MappingPage #parts { height: 1fr; }
    MappingPage.-wide #parts { layout: horizontal; }
    MappingPage Table { height: 7; }
    MappingPage.-wide Table { height: 1fr; width: 5fr; }
    MappingPage #person { height: 1fr; }
    MappingPage.-wide #person { width: 6fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._preview: MappingPreview | None = None
        self._text = ""
        self._only_failures = False
        self._raw = False
        self._source: PreviewSource | None = None
        self._progress: Totals | None = None

    def body(self) -> Iterable[Widget]:
        """Files and totals, the people, the person under the cursor."""
        yield Lines(id="title")
        with Container(id="parts"):
            table = Table(COLUMNS)
            table.add_class("focus-first")
            yield table
            yield Lines(id="person", can_focus=True)

    def draw(self) -> None:
        """Load what there is to load once, then show what came of it."""
        workspace = self.session.workspace
        if self._preview is None and workspace is not None:
            self._start(workspace.facts.get("people_file", ""))
        self._draw_title()

    @work(exclusive=True, group="preview", description="preview")
    async def _start(self, people: str) -> None:
        from scim_tui.core.mapping import MappingPreview

        workspace = self.session.workspace
        assert workspace is not None  # the caller looked
        self._preview = MappingPreview(workspace.provider)
        await self._load(people=people, mapping="preset:identity-center")

    async def _load(self, *, people: str = "", mapping: str = "") -> None:
        preview = self._preview
        if preview is None:
            return
        try:
            if mapping:
                await preview.load_mapping(mapping)
            if people:
                await preview.load_people(people)
            if preview.people is not None:
                self._progress = await preview.run(self._tell_progress)
        except ScimTuiError as error:
            tell_failure(self, error)
        self._choose()

    def _tell_progress(self, totals: "Totals") -> None:
        self._progress = totals
        self._draw_title()

    def stop(self) -> str:
        """Stop a running preview; what was checked stays."""
        if not any(w.group == "preview" and w.is_running for w in self.workers):
            return super().stop()
        self.workers.cancel_group(self, "preview")
        self.call_later(self._choose)
        return "The preview was stopped; what was checked stays."

    def _choose(self) -> None:
        """Show the people that the filter leaves."""
        preview = self._preview
        if preview is None or preview.people is None:
            self._draw_title()
            return
        chosen = preview.select(text=self._text, failures=self._only_failures)
        self._source = PreviewSource(preview, chosen)
        table = self.query_one(Table)
        table.waiting = line(("  nobody here: Esc clears the filter, f shows all", "dim"))
        table.show(self._source)
        self._draw_title()
        self._draw_person()

    def _draw_title(self) -> None:
        self.query_one("#title", Lines).show(self._title())
        preview = self._preview
        if preview is not None and preview.people is None:
            self.query_one(Table).waiting = line(
                ("  No people yet. ", "dim"), ("u", "accent"),
                (" loads a CSV, JSON or JSONL file as your IdP exports it.", "dim"),
            )  # fmt: skip

    def _title(self) -> list[Line]:
        preview = self._preview
        if preview is None or preview.rules is None:
            return [line((" MAPPING  loading", "dim")), (), ()]
        chosen = [f"filter: {self._text}"] if self._text else []
        chosen += ["problems only"] if self._only_failures else []
        first = line(
            (" MAPPING ", "title"),
            f"{preview.rules.name}  {len(preview.rules.rules)} rules",
            ("   people ", "dim"),
            preview.people.name if preview.people else "no file",
        )
        second = preview_lines.totals_line(self._progress) if self._progress else line(
            (" nothing checked yet", "dim"))  # fmt: skip
        return [first, second, line((f" {', '.join(chosen)}", "warn"))]

    @on(Table.Highlighted)
    def _draw_person(self) -> None:
        person = self._person()
        pane = self.query_one("#person", Lines)
        if person is None or self._preview is None:
            pane.show([])
            return
        result = self._preview.result(person)
        width = pane.size.width or self.app.size.width
        lines = (preview_lines.payload_lines(result) if self._raw
                 else preview_lines.person_lines(result, width))  # fmt: skip
        note = line((" Preview only: nothing is sent from this screen.", "dim"))
        pane.show([*lines, (), note], keep_place=False)

    def _person(self) -> int | None:
        source, cursor = self._source, self.query_one(Table).cursor
        return source.person(cursor) if source is not None and cursor < len(source) else None

    def reason(self, action: Action) -> str | None:
        """Most actions need people."""
        if action.id in NEEDS_PEOPLE and (self._preview is None or self._preview.people is None):
            return "no people are loaded; u loads a file."
        return None

    def copyable(self) -> str:
        """The payload of the person, as JSON."""
        import json

        person = self._person()
        if person is None or self._preview is None:
            return ""
        user = self._preview.result(person).payload.user
        return json.dumps(dict(user), ensure_ascii=False, indent=2)

    async def do_next_failure(self) -> None:
        """Go to the next person who would be refused."""
        self._go(1)

    async def do_previous_failure(self) -> None:
        """Go to the previous person who would be refused."""
        self._go(-1)

    def _go(self, step: int) -> None:
        preview, source, person = self._preview, self._source, self._person()
        if preview is None or source is None:
            return
        at = person if person is not None else -1
        look = preview.next_failure if step > 0 else preview.previous_failure
        while (found := look(at)) is not None and source.place(found) is None:
            at = found
        place = None if found is None else source.place(found)
        if place is None:
            self.say("No further problem this way.", "dim")
        else:
            self.query_one(Table).go_to(place)

    async def do_filter(self) -> None:
        """Ask for a text to look for."""
        self._ask_filter()

    @work(group="dialog", description="filter")
    async def _ask_filter(self) -> None:
        from scim_tui.tui.modals.prompt import Prompt

        words = ("Any part of the name shown in the list. Empty shows all.",)
        text = await self.app.ask(Prompt("Filter people", words, self._text))
        if text is not None:
            self._text = text.strip()
            self._choose()

    async def do_back(self) -> None:
        """Clear the filter."""
        self._text, self._only_failures = "", False
        self._choose()

    async def do_facets(self) -> None:
        """Show only problems, or everybody."""
        self._only_failures = not self._only_failures
        self._choose()

    async def do_raw(self) -> None:
        """Show the payload as JSON, or field by field."""
        self._raw = not self._raw
        self._draw_person()

    async def do_people(self) -> None:
        """Ask for a file of people."""
        self._ask_file(
            "Load people",
            ("CSV, JSON or JSONL, as an IdP exports it; the file stays where it is.",),
            mapping=False,
        )

    async def do_rules(self) -> None:
        """Ask for a mapping."""
        from scim_tui.core.mapping import preset_names

        names = ", ".join(f"preset:{name}" for name in preset_names())
        words = ("A TOML file with one rule for each target attribute, or one of:", names)
        self._ask_file("Load a mapping", words, mapping=True)

    @work(group="dialog", description="file")
    async def _ask_file(self, title: str, words: Sequence[str], *, mapping: bool) -> None:
        from scim_tui.tui.modals.prompt import Prompt

        path = await self.app.ask(Prompt(title, words, complete=grow_path))
        if path and mapping:
            self._reload("", path.strip())
        elif path:
            self._reload(path.strip(), "")

    @work(exclusive=True, group="preview", description="preview")
    async def _reload(self, people: str, mapping: str) -> None:
        self.say("Reading.", "dim", passing=True)
        await asyncio.sleep(0)
        await self._load(people=people, mapping=mapping)
