"""From a profile to a session: what is opened, and only once the first frame is painted."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from scim_tui.tui.session.session import Session

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.checkup import Finding


def session_for(profile: "Profile", *, read_only: bool) -> Session:
    """A session that opens the profile when it runs; nothing is imported or asked before."""

    async def opener() -> "Workspace":
        wiring = await asyncio.to_thread(importlib.import_module, "scim_tui.wiring")
        workspace: Workspace = await wiring.open_served_workspace(
            profile, read_only=read_only, via="tui"
        )
        return workspace

    label = "PROD" if profile.production else profile.environment
    return Session(
        profile.name,
        opener,
        read_only=read_only or profile.read_only,
        label=label,
        folder=profile.data_dir,
    )


async def look(profile: "Profile") -> AsyncIterator["Finding"]:
    """What a look at the profile's server finds; nothing is imported or asked before."""
    wiring = await asyncio.to_thread(importlib.import_module, "scim_tui.wiring")
    from scim_tui.core.doctor import connection

    async for finding in connection.look(profile, wiring.connectors(via="tui")):
        yield finding


async def look_again(space: "Workspace") -> AsyncIterator["Finding"]:
    """The same of a profile that is open."""
    wiring = await asyncio.to_thread(importlib.import_module, "scim_tui.wiring")
    from scim_tui.core.doctor import connection

    async for finding in connection.look_again(space, wiring.connectors(via="tui")):
        yield finding
