"""What the list of users or of groups is asked for, and when it is listed again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scim_tui.model.errors import Incomplete
from scim_tui.tui.directory.fields import Fields
from scim_tui.tui.directory.layout import Layout, chosen
from scim_tui.tui.drawing.text import GLYPHS, Line
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.core.directory.api import LoadState, View
    from scim_tui.model.directory import Kind, Row
    from scim_tui.tui.widgets.sources import Stretches

RELOAD_SECONDS = 3.0
"""Least pause between two listings of a directory that keeps changing."""
RELOAD_SHARE = 5
"""A listing that took a second is not repeated for this many seconds."""
PATIENCE = (2.0, 5.0, 10.0, 30.0)
"""Pauses after listings that failed."""


@dataclass(slots=True)
class ListState:
    """The users or the groups: what is asked for, and what was found."""

    name: str
    """"Users" or "Groups", as in the SCIM endpoint."""
    fields: Fields
    text: str = ""
    facet: str = ""
    """Terms of a ready-made filter, besides what is typed."""
    lent: bool = False
    """Whether another screen set the facet."""
    sort: str = ""
    """The field the rows are sorted by, with a minus before it from the last to the first."""
    layout: Layout = ()
    """The columns that were chosen; none: all that fit."""
    everything: bool = False
    """All columns are shown, whatever was chosen."""
    wrong: str = ""
    """Why what is typed is no search."""
    asked: "Sequence[Row] | None" = field(default=None, repr=False)
    """What the server itself found for a filter in its own language."""
    view: "View | None" = field(default=None, repr=False)
    source: "Stretches[Row] | None" = field(default=None, repr=False)
    """The view as the table draws it."""
    total: int = 0
    """Rows at hand, matching or not."""
    started: float | None = None
    """When the newest listing began, on the loop's clock."""
    ended: float = 0.0
    settled: bool = False
    """It was listed whole once; until then a cursor on the first row stays there."""
    failures: int = 0
    """Listings that failed in a row."""
    mark: object = None
    """What the snapshot said of the directory when the newest listing began."""
    wanted: str = ""
    """Id that the cursor shall go to once it is found."""
    at: str = ""
    """Id the cursor was on when the other list was shown."""
    marks: frozenset[str] = field(default=frozenset(), repr=False)
    """Ids of the rows that are marked; they stay while rows come, go and change places."""
    anchor: str = ""
    """Id of the newest mark, from which a range begins."""

    def forget(self) -> None:
        """Let go of what was found; what is asked for stays."""
        self.view = self.source = self.started = self.mark = None
        self.total = self.failures = 0
        self.marks = frozenset()
        self.ended, self.settled = 0.0, False

    @property
    def kind(self) -> "Kind":
        """The resource type that is listed."""
        from scim_tui.model.directory import Kind

        return Kind(self.name)

    @property
    def query(self) -> tuple[str, str]:
        """The filter with its facet, and the sort field, as the core takes them."""
        return f"{self.text} {self.facet}".strip(), self.sort or self.fields[0][0]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of the columns, whether or not the terminal has room for all of them."""
        layout = () if self.everything else self.layout
        return tuple(name for name, _ in chosen(self.fields, layout))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown, with a sign at the sorted one."""
        up, down = ("^", "v") if GLYPHS.ascii else ("↑", "↓")
        sort = self.query[1]
        return tuple(
            column._replace(title=f"{column.title} {down if sort.startswith('-') else up}")
            if name == sort.removeprefix("-")
            else column
            for name, column in chosen(self.fields, () if self.everything else self.layout)
        )

    def cells(self, all_cells: Line) -> Line:
        """The cells of the columns that are shown, out of those of all fields."""
        if self.everything or not self.layout:
            return all_cells
        places = {name: place for place, (name, _) in enumerate(self.fields)}
        return tuple(all_cells[places[name]] for name, _ in self.layout)

    def sort_words(self) -> str:
        """How the rows are sorted, in a sentence."""
        sort = self.query[1]
        title = dict(self.fields)[sort.removeprefix("-")].title.lower()
        way = "descending" if sort.startswith("-") else "ascending"
        return f"Sorted by {title}, {way}."

    def due(self, load: "LoadState", mark: object, now: float) -> float | None:
        """Seconds until it should be listed again; None: there is no need."""
        if self.started is None:
            return 0.0
        if load.phase == "failed":
            told = getattr(load.error, "retry_after", 0.0)
            pause = max(PATIENCE[min(self.failures, len(PATIENCE)) - 1], told)
            if isinstance(load.error, Incomplete):  # It starts over, and costs as much again.
                pause = max(pause, RELOAD_SHARE * (self.ended - self.started))
        elif load.phase == "ready" and mark is not None and mark != self.mark:
            pause = max(RELOAD_SECONDS, RELOAD_SHARE * (self.ended - self.started))
        else:
            return None
        return max(self.ended + pause - now, 0.0)
