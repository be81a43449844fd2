"""The rows that a server has sent in one listing so far, compared with the total that it states."""

from typing import Generic

from scim_tui.model.directory import RowT
from scim_tui.model.errors import Incomplete
from scim_tui.scim.wire import Received

_REPORT = "Try again; if it stays so, report it to the operator of the directory."


class ReceivedRows(Generic[RowT]):
    """The ids received, the rows that came twice, and the newest total.

    A server that stores a resource twice also counts it twice. So a repeated row counts towards the
    total, but only at another position: in the same answer, or in an answer for positions that were
    not requested before. A page without new rows never counts, as then the server ignored the
    position.
    """

    def __init__(self, asked: str, before: int | None) -> None:
        self._asked, self._before = asked, before
        self._seen: set[str] = set()
        self._skipped = 0
        self.repeated = 0
        """Rows that came twice, at two positions that were each asked for once."""
        self.uncounted = 0
        """Rows of the newest page that came before and are not in `repeated`."""
        self.total: int | None = None
        """The newest total that the server stated."""

    def __len__(self) -> int:
        return len(self._seen)

    @property
    def all_there(self) -> bool:
        """Whether as many rows came as the server counts; false without a total."""
        return self.total is not None and self._count >= self.total

    def would_be_whole_with(self, more: int) -> bool:
        """Whether it is not, and so many rows more would be all that the server counts."""
        return self.total is not None and self._count < self.total <= self._count + more

    @property
    def _count(self) -> int:
        return (self._before or 0) + len(self._seen) + self.repeated + self._skipped

    def take(self, received: Received[RowT], *, apart: bool) -> list[RowT]:
        """The new rows of a page; `apart`: its positions were not requested before."""
        by_id = {row.id: row for row in reversed(received.rows)}
        known = self._seen.intersection(by_id)
        if not known and len(by_id) == len(received.rows):
            fresh = received.rows
        else:
            fresh = [row for row in reversed(by_id.values()) if row.id not in known]
        self.uncounted = len(received.rows) - len(fresh)
        if fresh:
            counted = sum(1 for row in received.rows if apart or row.id not in known)
            self.repeated += counted - len(fresh)
            self.uncounted = len(received.rows) - counted
        self._seen.update(by_id)
        self._skipped += received.items - len(received.rows)
        self.total = self.total if received.total is None else received.total
        return fresh

    def check(self) -> None:
        """Raise `Incomplete` when the server counts more than it gave."""
        if self._before is None or self.total is None or self.all_there:
            return
        raise Incomplete(
            f"{self._asked} is incomplete: the server counts {self.total:,}"
            f" and gave {self._count:,}.",
            f"No user or group is taken for removed. {_REPORT}",
        )

    def endless(self, how: str) -> Incomplete:
        """The error for a listing that never ends."""
        return Incomplete(f"{self._asked} came to no end: the server {how}.", _REPORT)
