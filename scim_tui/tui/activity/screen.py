"""Activity: what the IdP asked for, live, and what operators did."""

import asyncio
from collections.abc import Iterable, Sized
from typing import TYPE_CHECKING, Any

from textual import on
from textual.message import Message
from textual.widget import Widget

from scim_tui.tui.activity.feeds import (
    NEWER,
    NEWEST,
    OLDER,
    AuditFeed,
    EntryFeed,
    FetchResult,
    RequestFeed,
)
from scim_tui.tui.drawing.record import sentence_lines, trouble
from scim_tui.tui.drawing.text import Line, Span, line
from scim_tui.tui.session.host import OpenObject
from scim_tui.tui.shell.actions import Action, bindings
from scim_tui.tui.shell.browse import BrowsePage
from scim_tui.tui.shell.screen_actions import ACTIVITY
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.sources import LazySource
from scim_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace

MOST_SEARCHED = 2_000
"""A filter that finds too little for a screen looks through so many entries by itself."""
RETRY_SECONDS = 5.0
"""Pause before a question that failed is asked again."""
AnyFeed = EntryFeed[Any]


class ActivityPage(BrowsePage):
    """The fifth screen."""

    NAME = "activity"
    ACTIONS = ACTIVITY
    BINDINGS = bindings(ACTIVITY)
    IN_DETAIL = ("next_row", "go_to", "copy", "refresh", "back")
    FILTER_HINT = "words in any order; !not; operation:create why:emails"
    DEFAULT_CSS = """
    ActivityPage #detail { height: 7; }
    ActivityPage.-low #detail, ActivityPage.-cards #detail { height: 3; }
    ActivityPage.-wide #rows { width: 23fr; }
    ActivityPage.-wide #detail { height: 1fr; width: 17fr; }
    ActivityPage.-full #detail { height: 1fr; width: 1fr; }
    """

    class Arrived(Message):
        """Entries came, or why not."""

        def __init__(self, feed: AnyFeed, answer: FetchResult[Any]) -> None:
            super().__init__()
            self.feed, self.answer = feed, answer

    def __init__(self) -> None:
        super().__init__()
        self.requests, self.acts = RequestFeed(), AuditFeed()
        self.feed: AnyFeed = self.requests
        self._listed: AnyFeed | None = None
        """The feed that the rows in the table are of; right after Tab it is the other one."""
        self.following = True
        """The cursor keeps to the newest, until somebody moves it or opens an entry."""

    def detail(self) -> Iterable[Widget]:
        """All of one entry; how much of it is seen depends on the room."""
        yield Lines(id="detail", can_focus=True)

    @property
    def entry(self) -> Any:  # noqa: ANN401 - an event or an audit entry
        """The entry under the cursor."""
        source = self.table.source
        if self._listed is not self.feed:
            return None
        return source.item(self.table.cursor) if isinstance(source, LazySource) else None

    def draw_open(self, space: "Workspace") -> None:
        """Draw what is at hand, and ask for what is new."""
        self._ask_news(space)
        self._show(space)

    def forget(self) -> None:
        """Begin anew."""
        self.requests.forget()
        self.acts.forget()

    def _ask_news(self, space: "Workspace") -> None:
        """Ask for newer entries when the snapshot says that there are some."""
        feed, log = self.feed, self.feed.log
        if feed.cannot(space):
            return
        again = log.error is not None and self.session.trouble is None and feed.retry_at <= _now()
        if not log.asked:
            self._ask(NEWEST)
        elif feed.mark(self.session.snapshot) != log.mark or again:
            self._ask(NEWER if log.entries else NEWEST)

    def _ask(self, way: str) -> None:
        feed = self.feed
        if way == OLDER:
            feed.waits = True
        else:
            feed.log.asked, feed.log.mark = True, feed.mark(self.session.snapshot)
        self.run_worker(
            self._fetch(feed, way),
            group=f"{feed.name} {way}",
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

    def _show(self, space: "Workspace") -> None:
        feed, table, now = self.feed, self.table, space.clock()
        self._draw_title()
        table.wait_with(self._awaited(space))
        source = feed.log.source(lambda entry: feed.cells(entry, now))
        self._listed = feed
        table.show(source, columns=feed.columns)
        if self.following:
            table.go_to(0)
        elif feed.at and (place := source.find(feed.at)) is not None:
            table.go_to(place)
        feed.at = ""
        self._draw_detail()
        self._search_on()

    def _search_on(self) -> None:
        """Look further back while what matches does not fill the screen."""
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
        if log.ready and not log.whole and not self.feed.waits:
            self._ask(OLDER)

    def _draw_title(self) -> None:
        feed, log = self.feed, self.feed.log
        tabs = [
            Span(
                f"[{each.name}]" if each is feed else f" {each.name} ",
                "tab" if each is feed else "dim",
            )
            for each in (self.requests, self.acts)
        ]
        spans: list[Span] = [Span(" "), *tabs]
        if log.entries:
            spans.append(Span(f"  {_amount(log.shown, log.entries, whole=log.whole)}", "dim"))
        spans += feed.words(self.session.snapshot)
        if log.query:
            spans += [Span("  filter: ", "dim"), Span(log.query)]
        if log.error is not None and log.entries:
            spans.append(Span(f"  may be old: {log.error.message} r", "bad"))
        if self.following:
            spans.append(Span("  following", "accent"))
        elif self.table.cursor:
            spans.append(Span("  resting: F goes to the newest", "warn"))
        self.query_one("#title", Lines).show((tuple(spans),))

    def _awaited(self, space: "Workspace") -> list[Line]:
        """Why there is no row, and what to do about it."""
        feed, log = self.feed, self.feed.log
        if reason := feed.cannot(space):
            words = f"Not known here: {reason}"
            return [
                *sentence_lines(words, self.table.size.width, lead="  ", role="unknown"),
                line(("  Tab shows what operators did.", "dim")),
            ]
        if log.error is not None:
            again = line("   ", ("r", "accent"), (" asks again now", "dim"))
            return [*trouble(log.error, self.table.size.width)[:-1], again]
        if not log.ready:
            return [line(("  asking for the newest", "dim"))]
        if log.entries:
            return [
                line(f"  0 of {len(log.entries):,} match {log.query!r}."),
                line("  ", ("Esc", "accent"), (" clears the filter", "dim")),
            ]
        if feed is self.requests and self.requests.refused:
            return [
                line("  No request was refused."),
                line("  ", ("f", "accent"), (" shows all", "dim")),
            ]
        return [
            line((f"  {words}", "dim" if index else "")) for index, words in enumerate(feed.empty)
        ]

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
            shown = self.feed.lines(entry, space.clock(), pane.size.width or self.size.width)
        pane.show(shown if self.full or self.has_class("-wide") else [(), *shown])

    def set_full(self, full: bool) -> None:
        """Give the screen to the entry, which then stays the same one, or back to the list."""
        self.following = self.following and not full
        super().set_full(full)

    def focus_detail(self) -> None:
        """Give the keys to the entry."""
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
        """Show the requests about one user or group, among those that are kept."""
        self.feed = self.requests
        self.feed.log.filter("")
        self.feed.log.show_about(f"id:{id}", lent=True)
        self._show_refused(False)

    @property
    def term(self) -> str:
        """The user or group that the requests are about."""
        return self.feed.log.about

    @property
    def lent(self) -> bool:
        """Whether the Directory asked about it."""
        return self.feed.log.lent

    def take_term(self, term: str) -> None:
        """Requests about one user or group, or about any."""
        self.feed.log.show_about(term)
        if self.space is not None:
            self._show(self.space)

    def back_to_all(self) -> None:
        """Show the requests about others, then the accepted ones again."""
        if self.term:
            self.take_term("")
            return
        if self.feed is self.requests and self.requests.refused:
            self._show_refused(False)

    def _show_refused(self, refused: bool) -> None:
        if refused != self.requests.refused:
            self.requests.refused = refused
            self.requests.forget()
        self.redraw()

    def reason(self, action: Action) -> str | None:
        """What makes no sense here."""
        if self.space is None and action in ACTIVITY:
            return "The connection is not open yet."
        if action.id == "facets" and self.feed is self.acts:
            return "The audit has no refused requests; filter for result:failed."
        if action.id == "go_to" and (self.entry is None or not self.feed.object_of(self.entry)):
            return "The entry names no user or group."
        return None

    def copyable(self) -> str:
        """The id of the request, or the hash of the act."""
        return self.feed.copyable(self.entry) if self.entry is not None else ""

    def stop(self) -> str:
        """Stop asking."""
        stopped = [
            self.workers.cancel_group(self, f"{self.feed.name} {way}")
            for way in (NEWEST, NEWER, OLDER)
        ]
        self.feed.waits = False
        return "Stopped asking." if any(stopped) else super().stop()

    async def do_refresh(self) -> None:
        """Ask for newer entries now."""
        await super().do_refresh()
        if self.space is not None and not self.feed.cannot(self.space):
            self._ask(NEWER if self.feed.log.entries else NEWEST)

    async def do_next_tab(self) -> None:
        """Requests or acts."""
        self.feed.at = self.table.current or ""
        self.feed = self.acts if self.feed is self.requests else self.requests
        self.redraw()

    async def do_facets(self) -> None:
        """Refused requests only, or all."""
        self._show_refused(not self.requests.refused)
        self.say(f"Showing {'refused requests only' if self.requests.refused else 'all'}.", "dim")

    async def do_follow(self) -> None:
        """Keep the cursor on the newest, or let it rest."""
        self.following = not self.following
        self.redraw()

    async def do_go_to(self) -> None:
        """Show the user or group in the directory."""
        if found := self.feed.object_of(self.entry):
            self.post_message(OpenObject(*found))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _amount(shown: Sized, entries: Sized, *, whole: bool) -> str:
    """How many entries are in the list, and of how many that were asked for."""
    older = "" if whole else ", older ones below"
    if len(shown) == len(entries):
        return f"{len(entries):,}{older}"
    return f"{len(shown):,} of {len(entries):,} match{older}"
