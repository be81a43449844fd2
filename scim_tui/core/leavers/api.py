"""Leavers of one directory: found in what is kept, with the IdP's export and the log beside it."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from scim_tui.config.aws import AwsRef
from scim_tui.core.access.api import Access
from scim_tui.core.directory.api import Directory
from scim_tui.core.index.api import Index
from scim_tui.core.index.cancel import stoppable
from scim_tui.core.leavers.find import Finder
from scim_tui.core.leavers.leaver import SESSIONS, Evidence, IdpState, Leaver, Leavers, Reason
from scim_tui.core.leavers.plan import write_plan
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import UsageError
from scim_tui.model.unknown_values import Absent
from scim_tui.providers.port import Provider, SignIns, TracesSignIns

__all__ = [
    "SESSIONS",
    "Evidence",
    "IdpState",
    "Leaver",
    "LeaverSearch",
    "Leavers",
    "Reason",
]


class LeaverSearch:
    """Finds people who left and still have something. It changes nothing anywhere."""

    def __init__(
        self, provider: Provider, directory: Directory, access: Access, clock: Clock = utc_now
    ) -> None:
        self._provider, self._directory, self._access = provider, directory, access
        self._clock = clock

    async def find(
        self,
        idp: Mapping[str, IdpState] | None = None,
        *,
        source: str = "",
        sign_ins: SignIns | None = None,
    ) -> Leavers:
        """Everyone who left, by what is kept; `idp` is what the export `source` says, by user id.

        Raises `UsageError` where neither memberships nor access are known.
        """
        ages = await self._access.ages()
        if isinstance(ages.memberships, Absent) and isinstance(ages.assignments, Absent):
            raise UsageError(
                "Neither memberships nor access are known, so no leaver can be found.",
                "Leave out --cached, so that they are listed.",
            )
        index = await self._directory.index()
        search = partial(_search, index, idp or {}, sign_ins)
        people = await stoppable(search, partial(index.connections.interrupt, "counter"))
        return Leavers(tuple(people), ages.assignments, ages.memberships, source, SESSIONS)

    async def sign_ins(self) -> SignIns | None:
        """Who signed in lately, by the log of the product; None: it has no such log."""
        if not isinstance(self._provider, TracesSignIns):
            return None
        return await self._provider.sign_ins()

    async def plan(self, path: Path, leavers: Leavers, aws: AwsRef | None) -> int:
        """Write the plan to a file; returns how many commands it has. Raises `UsageError`."""
        return await asyncio.to_thread(write_plan, path, leavers, aws, self._clock())


def _search(index: Index, idp: Mapping[str, IdpState], sign_ins: SignIns | None) -> list[Leaver]:
    with index.connections.one_state("counter") as db:
        return [] if db is None else Finder(db, idp, sign_ins).all()
