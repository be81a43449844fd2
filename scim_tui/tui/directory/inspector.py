"""What is known of the user or group in the detail, and the questions to the server about it."""

import asyncio

from textual.message import Message

from scim_tui.core.directory.schema_names import schema_names
from scim_tui.model.directory import Kind
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.history import read_history
from scim_tui.tui.directory.host import DetailHost
from scim_tui.tui.directory.job import Job
from scim_tui.tui.directory.related import Related, append_batch, read_related
from scim_tui.tui.directory.subject import HISTORY, PROFILE, RELATED, TABS, Subject
from scim_tui.tui.drawing.record import raw_text
from scim_tui.tui.drawing.text import Line

FETCH_DELAY = 0.15
"""Seconds the cursor has to rest on a row before the server is asked for its record."""


class Inspector:
    """The user or group under the cursor: its row at once, its record once the server answered."""

    class Answered(Message):
        """The server answered for a subject."""

        def __init__(self, subject: Subject) -> None:
            super().__init__()
            self.subject = subject

    class RelatedRead(Message):
        """More members or groups of a subject were read."""

        def __init__(self, id: str, found: Related, *, first: bool) -> None:
            super().__init__()
            self.id, self.found, self.first = id, found, first

    def __init__(self, host: DetailHost) -> None:
        self._host = host
        self._record = Job(host, "record", "record")
        self._related = Job(host, "related", "members")
        self._history = Job(host, "history", "history")
        self._pinned: Subject | None = None
        self.subject: Subject | None = None
        self.tab = PROFILE
        self.place: Line = ()
        """Where the subject stands in the list, for the right end of the title."""

    def pin(self, kind: Kind, id: str) -> None:
        """Show this user or group, whether or not it is in the list, until `unpin`."""
        self._pinned = Subject(kind, id)

    def unpin(self) -> None:
        """Follow the cursor again."""
        self._pinned = None

    def follow(self, subject: Subject | None, place: Line) -> None:
        """Show the row under the cursor, unless another subject is pinned."""
        pinned = self._pinned
        if pinned is not None and (subject is None or subject.id != pinned.id):
            subject, place = pinned, ()
        self.place = place
        self._show(subject)
        self._host.draw_detail()

    def _show(self, subject: Subject | None) -> None:
        """Make this the subject; the server is asked if it is new, or its row has changed."""
        before = self.subject
        if before is None or subject is None or before.id != subject.id:
            self.subject = subject
            self._related.stop()
            if subject is not None:
                self._ask(subject)
            return
        changed = subject.row is not None and subject.row != before.row
        before.row = subject.row or before.row
        if changed:
            self._ask(before)

    def ask_again(self) -> None:
        """Ask the server for the same subject again."""
        if self.subject is not None:
            self._ask(self.subject)

    def _ask(self, subject: Subject) -> None:
        self._record.start(self._fetch, subject)
        self._ask_for_tab(subject)

    def _ask_for_tab(self, subject: Subject) -> None:
        """Ask for what only the tab in front shows."""
        if self.tab == RELATED:
            subject.pages = None
            self._related.start(self._fetch_related, subject, first=True)
        elif self.tab == HISTORY:
            self._history.start(self._fetch_history, subject)

    def show_tab(self, tab: int) -> None:
        """Show another tab."""
        self.tab = tab % TABS
        subject = self.subject
        if subject is not None and not (self.tab == RELATED and subject.related is not None):
            self._ask_for_tab(subject)
        self._host.draw_detail()

    def read_on(self) -> bool:
        """Read more members or groups; False: there are no more, or they are not shown."""
        subject = self.subject
        if subject is None or self.tab != RELATED or not (subject.related and subject.related.more):
            return False
        if not self._related.busy:
            self._related.start(self._fetch_related, subject, first=False)
        return True

    async def _fetch(self, subject: Subject) -> None:
        await self._wait_for_cursor(subject)
        if (space := self._host.space) is None:
            return
        answer = Subject(subject.kind, subject.id)
        try:
            answer.record = await space.directory.record(subject.kind, subject.id)
            answer.raw = await asyncio.to_thread(raw_text, answer.record.attributes)
            answer.schemas = await schema_names(space.provider, answer.record.attributes)
        except ScimTuiError as error:
            answer.error = error
        self._host.post_message(self.Answered(answer))

    async def _fetch_related(self, subject: Subject, *, first: bool) -> None:
        if first:
            await self._wait_for_cursor(subject)
        if (space := self._host.space) is None:
            return
        try:
            if subject.pages is None:
                subject.pages = space.directory.related(subject.kind, subject.id)
            found = await read_related(subject.pages)
        except ScimTuiError as error:
            found = Related(error=error)
        self._host.post_message(self.RelatedRead(subject.id, found, first=first))

    async def _fetch_history(self, subject: Subject) -> None:
        await self._wait_for_cursor(subject)
        if (space := self._host.space) is not None:
            answer = Subject(subject.kind, subject.id)
            answer.history = await read_history(space, subject.kind, subject.id)
            self._host.post_message(self.Answered(answer))

    async def _wait_for_cursor(self, subject: Subject) -> None:
        """Wait until the cursor has rested on the row; a subject without a row is read at once."""
        await asyncio.sleep(FETCH_DELAY if subject.row is not None else 0)

    def take(self, answered: Answered) -> None:
        """Keep what the server answered, unless another subject is shown by now."""
        subject, answer = self.subject, answered.subject
        if subject is None or subject.id != answer.id:
            return
        if answer.history is not None:
            subject.history = answer.history
        else:
            subject.record = answer.record or subject.record
            subject.raw = answer.raw or subject.raw
            subject.error = answer.error
            subject.schemas = answer.schemas or subject.schemas
        self._host.draw_detail()

    def take_related(self, read: RelatedRead) -> None:
        """Keep the members or groups that were read."""
        subject, found = self.subject, read.found
        if subject is None or subject.id != read.id:
            return
        subject.related = append_batch(None if read.first else subject.related, found)
        self._host.draw_detail()
        if subject.related.rows and found.error is not None:
            self._host.say(messages.asks_again(found.error.message), "bad")
