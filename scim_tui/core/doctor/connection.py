"""One look at a connection: the way there, what the server says, and what it lets us do.

Nothing is changed by it, and nothing is tried that would change something.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from scim_tui.config.profiles import Profile
from scim_tui.core.doctor.abilities import abilities
from scim_tui.core.doctor.discovery import discovered
from scim_tui.core.doctor.health import health
from scim_tui.core.workspace import Workspace
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.errors import ScimTuiError


@dataclass(frozen=True, slots=True)
class Ways:
    """How a profile is reached; handed down, since only the wiring builds connections."""

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
"""What an open connection is asked."""


async def look(profile: Profile, ways: Ways) -> AsyncIterator[Finding]:
    """Walk there, open the profile, and ask; over a way that is shut nothing is asked.

    Each question would only end with the same time-out, one after the other.
    """
    shut = False
    try:
        async for finding in ways.walk(profile):
            shut = shut or finding.verdict is Verdict.BAD
            yield finding
        space = await ways.open(profile)
    except ScimTuiError as error:
        yield _failed("Profile", error)
        return
    try:
        yield Finding("Profile", Verdict.OK, f"{profile.label}: {space.provider.title}")
        if shut:
            yield Finding("Connection", Verdict.UNKNOWN, "not asked: there is no way to the server")
        for check in (abilities,) if shut else THERE:
            async for finding in _safely(check, space):
                yield finding
    finally:
        await space.aclose()


async def _safely(
    check: Callable[[Workspace], AsyncIterator[Finding]], space: Workspace
) -> AsyncIterator[Finding]:
    """A check that fails is a finding, so that the next one is made."""
    try:
        async for finding in check(space):
            yield finding
    except ScimTuiError as error:
        yield _failed("Connection", error)


def _failed(name: str, error: ScimTuiError) -> Finding:
    return Finding(name, Verdict.BAD, error.message, error.hint)
