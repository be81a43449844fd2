"""The page of the directory's list, as its parts need it."""

from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.screen import Screen
from textual.widget import Widget

from scim_tui.tui.directory.columns import ColumnsChoice
from scim_tui.tui.directory.export import Export
from scim_tui.tui.directory.facets import Facets
from scim_tui.tui.directory.job import Stoppable
from scim_tui.tui.directory.list_state import Lists, ListState
from scim_tui.tui.directory.list_view import ListView
from scim_tui.tui.directory.listing import Listing
from scim_tui.tui.directory.marks import Marks
from scim_tui.tui.directory.search import Search
from scim_tui.tui.directory.seek import Seek
from scim_tui.tui.directory.server_filter import ServerFilter
from scim_tui.tui.shell.browse import BrowsePage
from scim_tui.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.directory import Row

R = TypeVar("R")


class DirectoryList(BrowsePage):
    """Owns the state of both lists, and their parts."""

    def __init__(self) -> None:
        super().__init__()
        self.lists = Lists()
        self.view = ListView(self, self.lists)
        self.search = Search(self, self.lists, self.view)
        self.listing = Listing(self, self.lists, self.view, self.search)
        self.marks = Marks(self, self.lists, self.view, self.search)
        self.columns = ColumnsChoice(self, self.lists, self.view, self.search)
        self.server_filter = ServerFilter(self, self.lists, self.view)
        self.facets = Facets(self, self.lists, self.view, self.search)
        self.export = Export(self, self.lists, self.view, self.search)
        self.seek = Seek(self, self.lists, self.search)
        self.parts: tuple[Stoppable, ...] = (
            self.export,
            self.facets,
            self.marks,
            self.server_filter,
            self.search,
            self.listing,
        )

    @property
    def row(self) -> "Row | None":
        """The row under the cursor."""
        source = self.lists.shown.source
        return source.item(self.table.cursor) if source is not None else None

    @property
    def cells(self) -> int:
        """The width of the terminal."""
        return self.app.size.width

    def lines(self, id: str) -> Lines:
        """The block of lines with this id."""
        return self.query_one(f"#{id}", Lines)

    def hush(self) -> None:
        """Take back the sentence above the key line."""
        self._words = None
        self._draw_bottom()

    async def ask(self, dialog: Screen[R]) -> R | None:
        """Show a dialog and wait for its answer."""
        return await self.app.ask(dialog)

    def run_dialog(self, work: Coroutine[None, None, None], description: str) -> None:
        """Run a coroutine that asks with dialogs."""
        self.run_worker(work, group="dialog", description=description)

    def stop(self) -> str:
        """Stop the first part that runs something."""
        running = next((part for part in self.parts if part.busy), None)
        return running.stop() if running is not None else super().stop()

    def draw_open(self, space: "Workspace") -> None:
        """Draw what is at hand, and list again where that is due."""
        self.columns.recall(space.profile)
        self.view.draw_rows()
        if self.lists.shown.view is None:
            self.search.start()
        self.listing.plan()

    @on(Search.Found)
    def _found(self, event: Search.Found) -> None:
        self.search.take(event)

    @on(Listing.Ended)
    def _listed(self, event: Listing.Ended) -> None:
        self.listing.take(event)

    def follow(self) -> None:
        """Bring the detail in line with the cursor."""

    def turn_to(self, state: ListState) -> None:
        """Show this list."""
        self.lists.shown = state

    def forget(self) -> None:
        """Begin anew; the rows went with the connection."""
        for state in self.lists:
            state.forget()
        self.columns.forget()

    def between(self) -> Iterable[Widget]:
        """How far the work is that runs."""
        yield Lines(id="progress")
