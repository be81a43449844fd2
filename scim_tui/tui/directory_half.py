"""What one half of the directory's list is asked for, and when it is listed again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scim_tui.tui.directory_rows import Fields
from scim_tui.tui.text import GLYPHS
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.core.directory import LoadState, View
    from scim_tui.model.directory import Row
    from scim_tui.tui.widgets.sources import Stretches

RELOAD_SECONDS = 3.0
"""Least pause between two listings of a directory that keeps changing."""
RELOAD_SHARE = 5
"""A listing that took a second is not repeated for this many seconds."""
PATIENCE = (2.0, 5.0, 10.0, 30.0)
"""Pauses after listings that failed."""
FACETS = ("", "active", "inactive")
_FACET_TERMS = {"": "", "active": "active:yes", "inactive": "active:no"}


@dataclass(slots=True)
class Half:
    """The users or the groups: what is asked for, and what was found."""

    name: str
    """"Users" or "Groups", as in the SCIM endpoint."""
    fields: Fields
    text: str = ""
    facet: int = 0
    sort: int = 0
    """Number of the column the rows are sorted by."""
    down: bool = False
    """Sorted from the last to the first."""
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
    """Id the cursor was on when the other half was shown."""
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
    def facet_name(self) -> str:
        """The ready-made filter; empty: all."""
        return FACETS[self.facet]

    @property
    def query(self) -> tuple[str, str]:
        """The filter with its facet, and the sort field, as the core takes them."""
        text = f"{self.text} {_FACET_TERMS[FACETS[self.facet]]}".strip()
        return text, ("-" if self.down else "") + self.fields[self.sort][0]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, with a sign at the sorted one."""
        up, down = ("^", "v") if GLYPHS.ascii else ("↑", "↓")
        return tuple(
            column._replace(title=f"{column.title} {down if self.down else up}")
            if number == self.sort
            else column
            for number, (_, column) in enumerate(self.fields)
        )

    def sort_next(self, shown: Sequence[int]) -> str:
        """Turn the order round; from its end go on to the next column that has a width."""
        if not self.down:
            self.down = True
        else:
            self.down = False
            places = [number for number, width in enumerate(shown) if width] or [0]
            later = [number for number in places if number > self.sort]
            self.sort = later[0] if later else places[0]
        way = "descending" if self.down else "ascending"
        return f"Sorted by {self.fields[self.sort][1].title.lower()}, {way}."

    def due(self, state: "LoadState", mark: object, now: float) -> float | None:
        """Seconds until it should be listed again; None: there is no need."""
        if self.started is None:
            return 0.0
        if state.phase == "failed":
            told = getattr(state.error, "retry_after", 0.0)
            pause = max(PATIENCE[min(self.failures, len(PATIENCE)) - 1], told)
        elif state.phase == "ready" and mark is not None and mark != self.mark:
            pause = max(RELOAD_SECONDS, RELOAD_SHARE * (self.ended - self.started))
        else:
            return None
        return max(self.ended + pause - now, 0.0)
