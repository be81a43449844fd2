"""Checks of a connection: the route to the server, what the server says, and what it allows.

No check changes anything on the server.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from scim_tui.config.profile_table import LOCAL
from scim_tui.config.profiles import Profile
from scim_tui.core.doctor.abilities import abilities, changes
from scim_tui.core.doctor.discovery import discovered
from scim_tui.core.doctor.health import health
from scim_tui.core.workspace import Workspace
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.errors import ScimTuiError


@dataclass(frozen=True, slots=True)
class Connectors:
    """Functions that open a profile and check its route; passed in, as only the wiring has them."""

    walk: Callable[[Profile], AsyncIterator[Finding]]
    open: Callable[[Profile], Awaitable[Workspace]]


async def _provider(space: Workspace) -> AsyncIterator[Finding]:
    """What the provider finds: token, tenant, permissions, rate limits."""
    async for finding in space.provider.checkup():
        yield finding


THERE: tuple[Callable[[Workspace], AsyncIterator[Finding]], ...] = (
    _provider,
    discovered,
    abilities,
    health,
)
"""The checks of an open connection."""


async def look(profile: Profile, connectors: Connectors) -> AsyncIterator[Finding]:
    """Check the route, open the profile read-only, and ask the server.

    If the route fails the server is not asked, as each request would end with the same time-out.
    The finding about read-only is about the profile, not about this connection.
    """
    yield changes(read_only=profile.read_only)
    if profile.provider == LOCAL and not profile.data_dir.exists():
        # Opening it would make the folder, and then the first start would not be the first.
        words = f"{profile.label}: a service in this process, which was never started"
        yield Finding("Profile", Verdict.NONE, words)
        return
    shut = False
    try:
        async for finding in connectors.walk(profile):
            shut = shut or _shuts(finding)
            yield finding
        space = await connectors.open(profile)
    except ScimTuiError as error:
        yield _failed("Profile", error)
        return
    try:
        async for finding in ask(space, shut=shut):
            yield finding
    finally:
        await space.aclose()


async def look_again(space: Workspace, connectors: Connectors) -> AsyncIterator[Finding]:
    """As `look`, over a connection that is already open and is not closed."""
    yield changes(read_only=space.read_only)
    shut = False
    try:
        async for finding in connectors.walk(space.profile):
            shut = shut or _shuts(finding)
            yield finding
    except ScimTuiError as error:
        yield _failed("Profile", error)
    async for finding in ask(space, shut=shut):
        yield finding


async def ask(space: Workspace, *, shut: bool = False) -> AsyncIterator[Finding]:
    """Check an open connection; an error becomes a finding, and the same error is reported once.

    With `shut` (the server cannot be reached) only the checks that need no server are made.
    """
    reported: set[str] = set()
    yield Finding("Profile", Verdict.OK, f"{space.profile.label}: {space.provider.title}")
    if shut:
        yield Finding("Connection", Verdict.UNKNOWN, "not asked: there is no way to the server")
    for check in (abilities,) if shut else THERE:
        try:
            async for finding in check(space):
                yield finding
        except ScimTuiError as error:
            if error.message not in reported:
                yield _failed("Connection", error)
            reported.add(error.message)


def _shuts(stage: Finding) -> bool:
    """Whether the server cannot be reached. A wrong clock is a bad finding, but no obstacle."""
    return stage.verdict is Verdict.BAD and stage.name != "Clock"


def _failed(name: str, error: ScimTuiError) -> Finding:
    return Finding(name, Verdict.BAD, error.message, error.hint)
