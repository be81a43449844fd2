"""A session for a profile; its connection is opened after the first paint."""

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
    """A session that imports and connects only when it runs."""

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


async def check_profile(profile: "Profile") -> AsyncIterator["Finding"]:
    """The findings of a connection test of a profile, each as it is found."""
    wiring = await asyncio.to_thread(importlib.import_module, "scim_tui.wiring")
    from scim_tui.core.doctor import connection

    async for finding in connection.look(profile, wiring.connectors(via="tui")):
        yield finding


async def check_open_profile(space: "Workspace") -> AsyncIterator["Finding"]:
    """The same for a profile that is open."""
    wiring = await asyncio.to_thread(importlib.import_module, "scim_tui.wiring")
    from scim_tui.core.doctor import connection

    async for finding in connection.look_again(space, wiring.connectors(via="tui")):
        yield finding
