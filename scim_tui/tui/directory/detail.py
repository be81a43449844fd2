"""The detail of one user or group: profile, groups or members, raw JSON, fresh from the server."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import Worker

from scim_tui.model.errors import ScimTuiError
from scim_tui.scim.references import say_left_out
from scim_tui.tui.directory.body import body_lines
from scim_tui.tui.directory.fields import GROUPS, USERS
from scim_tui.tui.directory.history import past_of
from scim_tui.tui.directory.related import Stretch, empty_words, joined, next_stretch
from scim_tui.tui.directory.rows import row_cells
from scim_tui.tui.directory.subject import HISTORY, PROFILE, RELATED, Subject, tab_line
from scim_tui.tui.drawing.record import raw_text
from scim_tui.tui.drawing.text import GLYPHS, Line, Span, fit, line, reveal, width
from scim_tui.tui.faults.guarded import Guarded
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.sources import lazy_source
from scim_tui.tui.widgets.table import ListSource, Source, Table

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.directory import Kind
    from scim_tui.tui.app import ScimApp

FETCH_DELAY = 0.15
"""Seconds the cursor has to rest before the server is asked for the record."""


class DetailPane(Guarded, Vertical):
    """Follows the cursor; shows the row's own data until the server has answered."""

    DEFAULT_CSS = """
    DetailPane #head { height: 3; }
    DetailPane #text { height: 1fr; }
    DetailPane #related { height: 1fr; display: none; }
    DetailPane.-related #related { display: block; }
    DetailPane.-related #text { display: none; }
    """

    class Chosen(Message):
        """A member or a group of the subject was opened."""

        def __init__(self, kind: "Kind", id: str) -> None:
            super().__init__()
            self.kind = kind
            self.id = id

    class Answered(Message):
        """The server answered for a subject."""

        def __init__(self, subject: Subject) -> None:
            super().__init__()
            self.subject = subject

    class Related(Message):
        """Members or groups came."""

        def __init__(self, id: str, found: Stretch, *, first: bool) -> None:
            super().__init__()
            self.id, self.found, self.first = id, found, first

    class Failed(Message):
        """The server failed where there is no room in the pane to say so."""

        def __init__(self, error: ScimTuiError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="-ascii" if GLYPHS.ascii else None)
        self._reading: Worker[None] | None = None
        self.subject: Subject | None = None
        self.tab = PROFILE
        self.place: Line = ()
        """Where the subject stands in the list, at the right of the head."""
        self._drawn: Subject | None = None

    if TYPE_CHECKING:

        @property
        def app(self) -> ScimApp:  # type: ignore[override]
            """The running app."""
            ...

    def compose(self) -> ComposeResult:
        """Name and tabs, then lines or a list."""
        yield Lines(id="head")
        yield Lines(id="text", can_focus=True)
        yield Table((), id="related")

    def on_resize(self) -> None:
        """Lay the lines out for the new width; a redraw may have come before the layout."""
        self.draw()

    @property
    def _space(self) -> "Workspace | None":
        return self.app.session.workspace

    def about(self, subject: Subject | None, place: Line) -> None:
        """Show this one, which stands at `place` in the list; ask the server if it is news."""
        self.place, before = place, self.subject
        if before is not None and subject is not None and before.id == subject.id:
            changed = subject.row is not None and subject.row != before.row
            before.row = subject.row or before.row
            if changed:
                self._ask(before)
        else:
            self.subject = subject
            self.workers.cancel_group(self, "related")
            if subject is not None:
                self._ask(subject)
        self.draw()

    def ask_again(self) -> None:
        """Ask the server for the same once more."""
        if self.subject is not None:
            self._ask(self.subject)

    def _ask(self, subject: Subject) -> None:
        self.run_worker(self._fetch(subject), group="record", exclusive=True, description="record")
        if self.tab == RELATED:
            self._ask_related(subject)
        elif self.tab == HISTORY:
            self._ask_past(subject)

    def _ask_past(self, subject: Subject) -> None:
        self.run_worker(self._fetch_past(subject), group="past", exclusive=True, description="past")

    def _ask_related(self, subject: Subject) -> None:
        """From the beginning."""
        subject.pages = None
        self._read_on(subject, first=True)

    def _read_on(self, subject: Subject, *, first: bool) -> None:
        self._reading = self.run_worker(
            self._fetch_related(subject, first=first),
            group="related",
            exclusive=True,
            description="members",
        )

    async def _fetch(self, subject: Subject) -> None:
        if subject.row is not None:
            await asyncio.sleep(FETCH_DELAY)
        if (space := self._space) is None:
            return
        from scim_tui.core.directory.schema_names import schema_names

        answer = Subject(subject.kind, subject.id)
        try:
            answer.record = await space.directory.record(subject.kind, subject.id)
            answer.raw = await asyncio.to_thread(raw_text, answer.record.attributes)
            answer.schemas = await schema_names(space.provider, answer.record.attributes)
        except ScimTuiError as error:
            answer.error = error
        self.post_message(self.Answered(answer))

    async def _fetch_related(self, subject: Subject, *, first: bool) -> None:
        if first:
            await asyncio.sleep(FETCH_DELAY if subject.row is not None else 0)
        if (space := self._space) is None:
            return
        try:
            if subject.pages is None:
                subject.pages = space.directory.related(subject.kind, subject.id)
            found = await next_stretch(subject.pages)
        except ScimTuiError as error:
            found = Stretch(error=error)
        self.post_message(self.Related(subject.id, found, first=first))

    async def _fetch_past(self, subject: Subject) -> None:
        await asyncio.sleep(FETCH_DELAY if subject.row is not None else 0)
        if (space := self._space) is not None:
            answer = Subject(subject.kind, subject.id)
            answer.past = await past_of(space, subject.kind, subject.id)
            self.post_message(self.Answered(answer))

    @on(Answered)
    def _take(self, event: Answered) -> None:
        event.stop()
        subject, answer = self.subject, event.subject
        if subject is None or subject.id != answer.id:
            return
        if answer.past is not None:
            subject.past = answer.past
        else:
            subject.record = answer.record or subject.record
            subject.raw = answer.raw or subject.raw
            subject.error = answer.error
            subject.schemas = answer.schemas or subject.schemas
        self.draw()

    @on(Related)
    def _take_related(self, event: Related) -> None:
        event.stop()
        subject = self.subject
        if subject is not None and subject.id == event.id:
            subject.related = joined(None if event.first else subject.related, event.found)
            self.draw()
            if subject.related.rows and (error := event.found.error) is not None:
                self.post_message(self.Failed(error))

    def turn(self, tab: int) -> None:
        """Show another tab."""
        self.tab = tab % 4
        subject, in_pane = self.subject, self.has_focus_within
        self.set_class(self.tab == RELATED, "-related")
        if in_pane:
            self.take_focus()
        if self.tab == RELATED and subject is not None and subject.related is None:
            self._ask_related(subject)
        if self.tab == HISTORY and subject is not None:
            self._ask_past(subject)
        self.draw()

    def take_focus(self) -> None:
        """Give the keys to what is scrolled."""
        self.query_one("#related" if self.tab == RELATED else "#text").focus()

    def draw(self) -> None:
        """Draw the subject as far as it is known."""
        if not self.display or not self.size.width:
            return
        subject, text = self.subject, self.query_one("#text", Lines)
        same = subject is not None and self._drawn is not None and subject.id == self._drawn.id
        self._drawn = subject
        self.query_one("#head", Lines).show(self._head())
        if subject is None or self._space is None:
            text.show(())
            self.query_one("#related", Table).show(ListSource())
        elif self.tab == RELATED:
            self._draw_related(subject, self._space.clock(), same=same)
        else:
            text.show(
                body_lines(subject, self.tab, self._space.clock(), self.size.width), keep_place=same
            )

    def _head(self) -> list[Line]:
        subject, cells = self.subject, self.size.width
        if subject is None:
            return []
        room = max(cells - width(self.place) - 2, 8)
        name = Span(fit(f" {reveal(subject.name)}", room), "title")
        return [(name, *self.place), tab_line(subject, self.tab), self._left_out(subject)]

    def _left_out(self, subject: Subject) -> Line:
        """What the list of members leaves out, above it."""
        if self.tab != RELATED or subject.related is None or not subject.related.left_out:
            return ()
        return line((f"  {say_left_out(subject.related.left_out)}", "warn"))

    def _draw_related(self, subject: Subject, now: datetime, *, same: bool) -> None:
        table = self.query_one("#related", Table)
        columns = [column for _, column in (USERS if subject.is_group else GROUPS)]
        words = empty_words(subject.related, self.size.width, of_group=subject.is_group)
        table.wait_with(words)
        table.show(_related(subject, now), columns=columns)
        if not same:
            table.go_to(0)

    @on(Table.NearEnd, "#related")
    def _near_end(self, event: Table.NearEnd) -> None:
        event.stop()
        self.read_on()

    def read_on(self) -> bool:
        """Read more members or groups; False: there are no more, or they are not shown."""
        subject = self.subject
        if subject is None or self.tab != RELATED or not (subject.related and subject.related.more):
            return False
        if self._reading is None or self._reading.is_finished:
            self._read_on(subject, first=False)
        return True

    @on(Table.Opened, "#related")
    def _choose(self, event: Table.Opened) -> None:
        event.stop()
        if self.subject is not None and event.table.current:
            from scim_tui.model.directory import Kind

            other = Kind.USERS if self.subject.is_group else Kind.GROUPS
            self.post_message(self.Chosen(other, event.table.current))


def _related(subject: Subject, now: datetime) -> Source:
    if subject.related is None:
        return ListSource()
    rows = subject.related.rows
    return lazy_source(rows, key=lambda row: row.id, cells=lambda row: row_cells(row, now))
