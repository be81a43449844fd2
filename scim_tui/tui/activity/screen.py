"""The Activity screen: the requests of the IdP, live, and the audit of operators."""

import asyncio
from collections.abc import Iterable
from typing import Any

from textual import on
from textual.message import Message
from textual.widget import Widget

from scim_tui.core.workspace import Workspace
from scim_tui.model.directory import Kind
from scim_tui.tui.activity import messages
from scim_tui.tui.activity.feeds import EntryFeed, FetchResult
from scim_tui.tui.activity.sources import NEWER, NEWEST, OLDER, AuditSource, RequestSource
from scim_tui.tui.drawing.record import sentence_lines, trouble
from scim_tui.tui.drawing.text import Line, Span, line
from scim_tui.tui.session.host import OpenObject
from scim_tui.tui.shell.actions import Action, bindings
from scim_tui.tui.shell.browse import BrowsePage
from scim_tui.tui.shell.screen_actions import ACTIVITY
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.sources import LazySource
from scim_tui.tui.widgets.table import Table

MOST_SEARCHED = 2_000
"""Entries that a filter reads by itself while its matches do not fill the screen."""
RETRY_SECONDS = 5.0
"""Pause before a failed request is repeated."""
AnyFeed = EntryFeed[Any]


class ActivityPage(BrowsePage):
    """The fifth screen."""

    NAME = "activity"
    ACTIONS = ACTIVITY
    BINDINGS = bindings(ACTIVITY)
    IN_DETAIL = ("next_row", "go_to", "copy", "refresh", "back")
    FILTER_HINT = messages.FILTER_HINT
    DEFAULT_CSS = """
    ActivityPage #detail { height: 7; }
    ActivityPage.-low #detail, ActivityPage.-cards #detail { height: 3; }
    ActivityPage.-wide #rows { width: 23fr; }
    ActivityPage.-wide #detail { height: 1fr; width: 17fr; }
    ActivityPage.-full #detail { height: 1fr; width: 1fr; }
    """

    class Arrived(Message):
        """Entries arrived, or the reading failed."""

        def __init__(self, feed: AnyFeed, answer: FetchResult[Any]) -> None:
            super().__init__()
            self.feed, self.answer = feed, answer

    def __init__(self) -> None:
        super().__init__()
        self.request_source = RequestSource()
        self.requests = EntryFeed(self.request_source)
        self.audit = EntryFeed(AuditSource())
        self.feed: AnyFeed = self.requests
        self._listed: AnyFeed | None = None
        """The feed whose rows are in the table; right after Tab still the other one."""
        self.following = True
        """Whether the cursor stays on the newest entry: until it is moved or an entry is opened."""

    def detail(self) -> Iterable[Widget]:
        """The details of the entry under the cursor."""
        yield Lines(id="detail", can_focus=True)

    @property
    def entry(self) -> Any:  # noqa: ANN401 - an event or an audit entry
        """The entry under the cursor."""
        source = self.table.source
        if self._listed is not self.feed:
            return None
        return source.item(self.table.cursor) if isinstance(source, LazySource) else None

    def draw_open(self, space: Workspace) -> None:
        """Draw what is loaded, and read what is new."""
        self._ask_newer(space)
        self._show(space)

    def forget(self) -> None:
        """Drop all entries."""
        self.requests.forget()
        self.audit.forget()

    def _ask_newer(self, space: Workspace) -> None:
        """Read newer entries when the snapshot shows that there are some."""
        feed, log = self.feed, self.feed.log
        if feed.source.cannot(space):
            return
        again = log.error is not None and self.session.trouble is None and feed.retry_at <= _now()
        if not log.asked:
            self._ask(NEWEST)
        elif feed.source.mark(self.session.snapshot) != log.mark or again:
            self._ask(NEWER if log.entries else NEWEST)

    def _ask(self, way: str) -> None:
        feed = self.feed
        if way == OLDER:
            feed.waits = True
        else:
            feed.log.asked, feed.log.mark = True, feed.source.mark(self.session.snapshot)
        self.run_worker(
            self._fetch(feed, way),
            group=f"{feed.source.name} {way}",
            exclusive=True,
            description=f"{way} entries",
        )

    async def _fetch(self, feed: AnyFeed, way: str) -> None:
        if (space := self.space) is not None:
            self.post_message(self.Arrived(feed, await feed.ask(space, way)))

    @on(Arrived)
    def _arrived(self, event: Arrived) -> None:
        event.feed.take(event.answer)
        if event.answer.error is not None:
            event.feed.retry_at = _now() + RETRY_SECONDS
            self.set_timer(RETRY_SECONDS, self.redraw)
        if event.feed is self.feed and self.in_front and self.space is not None:
            self._show(self.space)

    def _show(self, space: Workspace) -> None:
        feed, table, now = self.feed, self.table, space.clock()
        self._draw_title()
        table.show_when_empty(self._awaited(space))
        source = feed.log.source(lambda entry: feed.source.cells(entry, now))
        self._listed = feed
        table.show(source, columns=feed.source.columns)
        if self.following:
            table.go_to(0)
        elif feed.at and (place := source.find(feed.at)) is not None:
            table.go_to(place)
        feed.at = ""
        self._draw_detail()
        self._read_more_to_search()

    def _read_more_to_search(self) -> None:
        """Read older entries while the matches do not fill the screen."""
        log = self.feed.log
        if (
            len(log.shown) < self.table.size.height
            and len(log.entries) < MOST_SEARCHED
            and log.error is None
        ):
            self._ask_older()

    @on(Table.NearEnd, "#rows")
    def _ask_older(self) -> None:
        log = self.feed.log
        if log.ready and not log.complete and not self.feed.waits:
            self._ask(OLDER)

    def _draw_title(self) -> None:
        feed, log = self.feed, self.feed.log
        tabs = [
            Span(
                f"[{each.source.name}]" if each is feed else f" {each.source.name} ",
                "tab" if each is feed else "dim",
            )
            for each in (self.requests, self.audit)
        ]
        spans: list[Span] = [Span(" "), *tabs]
        if log.entries:
            shown, read = len(log.shown), len(log.entries)
            spans.append(Span(f"  {messages.amount(shown, read, complete=log.complete)}", "dim"))
        spans += feed.source.title_words(self.session.snapshot)
        if log.query:
            spans += [Span("  filter: ", "dim"), Span(log.query)]
        if log.error is not None and log.entries:
            spans.append(Span(f"  {messages.outdated(log.error.message)}", "bad"))
        if self.following:
            spans.append(Span(f"  {messages.FOLLOWING}", "accent"))
        elif self.table.cursor:
            spans.append(Span(f"  {messages.RESTING}", "warn"))
        self.query_one("#title", Lines).show((tuple(spans),))

    def _awaited(self, space: Workspace) -> list[Line]:
        """Why there is no row, and what to do."""
        feed, log = self.feed, self.feed.log
        if reason := feed.source.cannot(space):
            words = messages.NOT_KNOWN.format(reason=reason)
            return [
                *sentence_lines(words, self.table.size.width, lead="  ", role="unknown"),
                line((f"  {messages.SEE_AUDIT}", "dim")),
            ]
        if log.error is not None:
            again = line("   ", ("r", "accent"), (f" {messages.ASKS_AGAIN}", "dim"))
            return [*trouble(log.error, self.table.size.width)[:-1], again]
        if not log.ready:
            return [line((f"  {messages.LOADING}", "dim"))]
        if log.entries:
            return [
                line(f"  {messages.no_match(len(log.entries), log.query)}"),
                line("  ", ("Esc", "accent"), (f" {messages.CLEARS_FILTER}", "dim")),
            ]
        if feed is self.requests and self.request_source.refused:
            return [
                line(f"  {messages.NOTHING_REFUSED}"),
                line("  ", ("f", "accent"), (f" {messages.SHOWS_ALL}", "dim")),
            ]
        first, second = feed.source.empty
        return [line(f"  {first}"), line((f"  {second}", "dim"))]

    @on(Table.Highlighted, "#rows")
    def _moved(self) -> None:
        if self.following and self.table.cursor:
            self.following = False
            self._draw_title()
        self._draw_detail()

    def _draw_detail(self) -> None:
        entry, space, pane = self.entry, self.space, self.query_one("#detail", Lines)
        shown: list[Line] = []
        if entry is not None and space is not None:
            shown = self.feed.source.lines(entry, space.clock(), pane.size.width or self.size.width)
        pane.show(shown if self.full or self.has_class("-wide") else [(), *shown])

    def set_full(self, full: bool) -> None:
        """Show the entry alone, without following newer ones, or the list again."""
        self.following = self.following and not full
        super().set_full(full)

    def focus_detail(self) -> None:
        """Focus the entry."""
        self.query_one("#detail", Lines).focus()

    @property
    def filter_text(self) -> str:
        """What is filtered for."""
        return self.feed.log.text

    def filter_by(self, text: str) -> None:
        """Show only what matches."""
        self.feed.log.filter(text)
        if self.space is not None:
            self._show(self.space)

    def show_about(self, id: str) -> None:
        """Show the requests about one user or group, at the request of another screen."""
        self.feed = self.requests
        self.feed.log.filter("")
        self.feed.log.show_about(f"id:{id}", from_other_screen=True)
        self._show_refused(False)

    @property
    def term(self) -> str:
        """The user or group that the requests are about."""
        return self.feed.log.about

    @property
    def from_other_screen(self) -> bool:
        """Whether the Directory asked about it."""
        return self.feed.log.from_other_screen

    def set_term(self, term: str) -> None:
        """Requests about one user or group, or about any."""
        self.feed.log.show_about(term)
        if self.space is not None:
            self._show(self.space)

    def back_to_all(self) -> None:
        """Remove the user or group from the filter, then show accepted requests again."""
        if self.term:
            self.set_term("")
            return
        if self.feed is self.requests and self.request_source.refused:
            self._show_refused(False)

    def _show_refused(self, refused: bool) -> None:
        if refused != self.request_source.refused:
            self.request_source.refused = refused
            self.requests.forget()
        self.redraw()

    def reason(self, action: Action) -> str | None:
        """Why an action makes no sense now."""
        if self.space is None and action in ACTIVITY:
            return messages.NOT_OPEN
        if action.id == "facets" and self.feed is self.audit:
            return messages.AUDIT_HAS_NO_REFUSED
        if action.id == "go_to" and self._object_of_entry() is None:
            return messages.NO_OBJECT
        return None

    def _object_of_entry(self) -> tuple[Kind, str] | None:
        """The user or group of the entry under the cursor, where it names one."""
        return self.feed.source.object_of(self.entry) if self.entry is not None else None

    def copyable(self) -> str:
        """The id of the request, or the hash of the audit entry."""
        return self.feed.source.copyable(self.entry) if self.entry is not None else ""

    def stop(self) -> str:
        """Stop reading."""
        stopped = [
            self.workers.cancel_group(self, f"{self.feed.source.name} {way}")
            for way in (NEWEST, NEWER, OLDER)
        ]
        self.feed.waits = False
        return messages.STOPPED if any(stopped) else super().stop()

    async def do_refresh(self) -> None:
        """Read newer entries now."""
        await super().do_refresh()
        if self.space is not None and not self.feed.source.cannot(self.space):
            self._ask(NEWER if self.feed.log.entries else NEWEST)

    async def do_next_tab(self) -> None:
        """Show the other tab."""
        self.feed.at = self.table.current or ""
        self.feed = self.audit if self.feed is self.requests else self.requests
        self.redraw()

    async def do_facets(self) -> None:
        """Refused requests only, or all."""
        self._show_refused(not self.request_source.refused)
        what = messages.SHOWN_REFUSED if self.request_source.refused else messages.SHOWN_ALL
        self.say(messages.showing(what), "dim")

    async def do_follow(self) -> None:
        """Keep the cursor on the newest entry, or stop that."""
        self.following = not self.following
        self.redraw()

    async def do_go_to(self) -> None:
        """Show the user or group in the directory."""
        if found := self._object_of_entry():
            self.post_message(OpenObject(*found))


def _now() -> float:
    return asyncio.get_running_loop().time()
