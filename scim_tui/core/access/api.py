"""Access of one directory: crawled, kept beside its rows, and read by person, group, account, set.

Every read answers from what is kept and sends nothing; `ages` says how old that is.
"""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from scim_tui.core.access import queries
from scim_tui.core.access.crawl import Crawl
from scim_tui.core.access.findings import AccessFinding, FindingRow, access_findings
from scim_tui.core.access.loss import Cause, Loss, Losses, PersonChange, losses
from scim_tui.core.access.report import (
    ASSIGNMENT_FIELDS,
    HOLDING_FIELDS,
    ReportHead,
    write_report,
)
from scim_tui.core.access.rows import Ages, AssignmentRow, Holding
from scim_tui.core.access.store import AS_OF, NAMES
from scim_tui.core.directory.api import Directory
from scim_tui.core.index.api import Index
from scim_tui.core.index.cancel import stoppable
from scim_tui.core.index.memberships import AS_OF as MEMBERS_AS_OF
from scim_tui.core.index.passes import Passes
from scim_tui.core.index.results import LoadState, Progress
from scim_tui.model.capabilities import Capability, no
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotFound, Unsupported, UsageError
from scim_tui.providers.port import ListsAccess, Provider

__all__ = [
    "Access",
    "AccessFinding",
    "Ages",
    "AssignmentRow",
    "Cause",
    "FindingRow",
    "Holding",
    "Loss",
    "Losses",
    "PersonChange",
]
T = TypeVar("T")
_TABLES = {
    "user": Kind.USERS.value,
    "group": Kind.GROUPS.value,
    "account": "access_accounts",
    "set": "access_sets",
}
_CALLED = {"set": "permission set"}
_SHORT = "painter"
"""The connection for what takes no longer than a row to paint."""
CRAWL = "Run: scim-tui access crawl"


def _ignore(_: LoadState) -> None:
    """Ignore the progress."""


class Access:
    """Who has which permission set in which account."""

    def __init__(self, provider: Provider, directory: Directory, clock: Clock = utc_now) -> None:
        self._provider, self._directory, self._clock = provider, directory, clock
        self._passes: tuple[Index, Passes] | None = None

    @property
    def capability(self) -> Capability:
        """Whether access can be listed here, and why not."""
        if not isinstance(self._provider, ListsAccess):
            declared = self._provider.capabilities.access
            return declared if not declared else no("This provider does not list access.")
        return self._provider.capabilities.access

    async def crawl(self, progress: Progress = _ignore) -> LoadState:
        """Read all permission sets, accounts and assignments anew. Raises `Unsupported`.

        An interrupted crawl resumes where it stopped. A failure is a state, not an exception; what
        was known before stays.
        """
        self.capability.require()
        if not isinstance(self._provider, ListsAccess):
            raise Unsupported("This provider does not list access.")
        index = await self._directory.index()
        return await Crawl(index, self._passes_of(index), self._provider, progress).run()

    def _passes_of(self, index: Index) -> Passes:
        """The passes of this session: it may resume its own at once."""
        if self._passes is None or self._passes[0] is not index:
            self._passes = index, Passes(index)
        return self._passes[1]

    async def ages(self) -> Ages:
        """How old what is known is."""
        index = await self._directory.index()

        def read() -> Ages:
            keys = (AS_OF, MEMBERS_AS_OF, *(f"as_of:{kind}" for kind in Kind))
            assigned, members, users, groups = (
                queries.moment_of(index.setting(key)) for key in keys
            )
            return Ages(assigned, members, users, groups, index.setting(NAMES))

        return await asyncio.to_thread(read)

    async def of_user(self, user_id: str) -> list[Holding]:
        """Every way in which a person has access, also while the person is disabled.

        Raises `UsageError` before the first crawl.
        """
        return await self._read(_SHORT, partial(queries.holdings_of, user_id=user_id))

    async def assignments(
        self, *, account: str = "", pset: str = "", principal: str = ""
    ) -> list[AssignmentRow]:
        """The assignments in an account, of a set, or of a user or group; else all of them.

        Raises `UsageError` before the first crawl.
        """

        def read(db: Connection) -> list[AssignmentRow]:
            return list(queries.assignments(db, account=account, pset=pset, principal=principal))

        return await self._read("counter", read)

    async def people(self, *, account: str = "", pset: str = "", group: str = "") -> list[Holding]:
        """Every way in which people have access in an account, with a set or through a group.

        Raises `UsageError` before the first crawl.
        """

        def read(db: Connection) -> list[Holding]:
            return list(queries.holdings(db, account=account, pset=pset, group=group))

        return await self._read("counter", read)

    async def losses(self, changes: Iterable[PersonChange]) -> Losses:
        """What people would lose by these changes, by what is kept.

        Raises `UsageError` before the first crawl.
        """
        ages = await self.ages()
        return await self._read("counter", partial(losses, changes=list(changes), ages=ages))

    async def findings(self) -> list[AccessFinding]:
        """What is dangerous or untidy, counted. Raises `UsageError` before the first crawl."""
        return await self._read("counter", access_findings)

    async def report(self, path: Path, *, people: bool = False) -> int:
        """Write all access to a file: .html, .csv or .json; returns how many rows.

        `people`: a row for each way of each person, not for each assignment. Raises `UsageError`.
        """
        head = ReportHead(
            self._provider.title, self._clock(), await self.ages(), await self.findings()
        )
        fields = HOLDING_FIELDS if people else ASSIGNMENT_FIELDS

        def write(db: Connection) -> int:
            # Row by row: so many kept at once would make the garbage collector stop the loop.
            rows = queries.holdings(db) if people else queries.assignments(db)
            return write_report(path, head, fields, rows)

        return await self._read("counter", write)

    async def find(self, what: str, name: str) -> str:
        """The id of the user, group, account or set that has this id or name, as kept.

        Raises `NotFound`, and `UsageError` where several are called so.
        """
        found = await self._read(
            "counter", partial(queries.ids_named, table=_TABLES[what], name=name)
        )
        called = _CALLED.get(what, what)
        if not found:
            raise NotFound(f"No {called} that is kept has the id or the name {name!r}.", CRAWL)
        if len(found) > 1:
            ids = ", ".join(each for each, _ in found)
            raise UsageError(f"Several {called}s are called {name!r}.", f"Name one by id: {ids}.")
        return found[0][0]

    async def _read(self, which: str, read: Callable[[Connection], T]) -> T:
        index = await self._directory.index()
        reading = partial(self._in_index, index, which, read)
        if which == _SHORT:
            return await asyncio.to_thread(reading)  # An interrupt would end a paint, too.
        return await stoppable(reading, partial(index.connections.interrupt, which))

    def _in_index(self, index: Index, which: str, read: Callable[[Connection], T]) -> T:
        with index.connections.one_state(which) as db:
            if db is None or not queries.is_crawled(db):
                self.capability.require()
                raise UsageError("Who has access to what is not known yet.", CRAWL)
            return read(db)
