"""The query and the rows of the list of users or groups, and when it is listed again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scim_tui.core.directory.api import LoadState, View
from scim_tui.model.directory import Kind, Row
from scim_tui.model.errors import Incomplete
from scim_tui.tui.directory import messages
from scim_tui.tui.directory.fields import GROUPS, USERS, Fields
from scim_tui.tui.directory.layout import Layout, chosen
from scim_tui.tui.drawing.text import GLYPHS, Line
from scim_tui.tui.widgets.sources import LazySource
from scim_tui.tui.widgets.table import Column

RELOAD_SECONDS = 3.0
"""Shortest pause between two listings of a directory that keeps changing."""
RELOAD_SHARE = 5
"""A listing that took a second is not repeated for this many seconds."""
RETRY_PAUSES = (2.0, 5.0, 10.0, 30.0)
"""Pauses after listings that failed."""


@dataclass(slots=True)
class ListState:
    """The list of the users, or of the groups: its query, and the rows that match."""

    name: str
    """"Users" or "Groups", as in the SCIM endpoint."""
    fields: Fields
    text: str = ""
    """The filter as it is typed."""
    facet: str = ""
    """Terms of a ready-made filter, besides what is typed."""
    from_other_screen: bool = False
    """Whether another screen set the facet."""
    sort: str = ""
    """The field the rows are sorted by; a minus before it sorts in descending order."""
    layout: Layout = ()
    """The columns that were chosen; empty: all that fit."""
    all_columns: bool = False
    """All columns are shown, whatever was chosen."""
    query_error: str = ""
    """Why the typed filter cannot be read."""
    server_rows: Sequence[Row] | None = field(default=None, repr=False)
    """What the server returned for a SCIM filter."""
    view: View | None = field(default=None, repr=False)
    """The rows of the local index that match."""
    source: LazySource[Row] | None = field(default=None, repr=False)
    """The matching rows as the table draws them."""
    total: int = 0
    """Rows in the local index, matching or not."""
    started: float | None = None
    """When the newest listing began, in seconds of the event loop's clock."""
    ended: float = 0.0
    """When it ended, on the same clock."""
    listed_once: bool = False
    """A listing ended once; before that, a cursor on the first row stays on the first row."""
    failures: int = 0
    """Listings that failed in a row."""
    listed_summary: object = None
    """The snapshot's summary of the directory when the newest listing began."""
    wanted: str = ""
    """Id of the row that the cursor goes to once the row is found."""
    cursor_id: str = ""
    """Id of the row the cursor was on when the other list was shown."""
    marks: frozenset[str] = field(default=frozenset(), repr=False)
    """Ids of the marked rows; a mark stays when its row is filtered out or sorted elsewhere."""
    anchor: str = ""
    """Id of the newest mark, at which a range begins."""

    def forget(self) -> None:
        """Drop the rows; the query stays."""
        self.view = self.source = self.started = self.listed_summary = None
        self.total = self.failures = 0
        self.marks = frozenset()
        self.ended, self.listed_once = 0.0, False

    @property
    def kind(self) -> Kind:
        """The resource type that is listed."""
        return Kind(self.name)

    @property
    def query(self) -> tuple[str, str]:
        """The typed filter joined with the facet, and the sort field."""
        return f"{self.text} {self.facet}".strip(), self.sort or self.fields[0][0]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of the columns, also of those that the terminal has no room for."""
        layout = () if self.all_columns else self.layout
        return tuple(name for name, _ in chosen(self.fields, layout))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown, with an arrow at the sorted one."""
        up, down = ("^", "v") if GLYPHS.ascii else ("↑", "↓")
        sort = self.query[1]
        return tuple(
            column._replace(title=f"{column.title} {down if sort.startswith('-') else up}")
            if name == sort.removeprefix("-")
            else column
            for name, column in chosen(self.fields, () if self.all_columns else self.layout)
        )

    def cells(self, all_cells: Line) -> Line:
        """Out of the cells of all fields, those of the columns that are shown."""
        if self.all_columns or not self.layout:
            return all_cells
        places = {name: place for place, (name, _) in enumerate(self.fields)}
        return tuple(all_cells[places[name]] for name, _ in self.layout)

    def sort_words(self) -> str:
        """How the rows are sorted, in a sentence."""
        sort = self.query[1]
        title = dict(self.fields)[sort.removeprefix("-")].title.lower()
        direction = "descending" if sort.startswith("-") else "ascending"
        return messages.sorted_by(title, direction)

    def due(self, load: LoadState, summary: object, now: float) -> float | None:
        """Seconds until the next listing is due; None: none is needed."""
        if self.started is None:
            return 0.0
        if load.phase == "failed":
            retry_after = getattr(load.error, "retry_after", 0.0)
            pause = max(RETRY_PAUSES[min(self.failures, len(RETRY_PAUSES)) - 1], retry_after)
            if isinstance(load.error, Incomplete):  # It begins at the first page again.
                pause = max(pause, RELOAD_SHARE * (self.ended - self.started))
        elif load.phase == "ready" and summary is not None and summary != self.listed_summary:
            pause = max(RELOAD_SECONDS, RELOAD_SHARE * (self.ended - self.started))
        else:
            return None
        return max(self.ended + pause - now, 0.0)


class Lists:
    """The list of the users and the list of the groups; one of them is shown."""

    def __init__(self) -> None:
        self.users = ListState("Users", USERS)
        self.groups = ListState("Groups", GROUPS)
        self.shown = self.users

    def __iter__(self) -> Iterator[ListState]:
        return iter((self.users, self.groups))

    def of(self, kind: str) -> ListState:
        """The list of a resource type."""
        return next(each for each in self if each.name == kind)

    @property
    def other(self) -> ListState:
        """The list that is not shown."""
        return self.groups if self.shown is self.users else self.users
