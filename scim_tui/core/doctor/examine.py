"""The checks of `doctor`, in their order; a new check is a new entry in a list."""

from collections.abc import AsyncIterator, Callable, Iterable

from scim_tui.config.profiles import Profile
from scim_tui.core.doctor.connection import Connectors, look
from scim_tui.core.doctor.files import config, data, secrets
from scim_tui.core.doctor.machine import machine
from scim_tui.core.doctor.terminal import terminal
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.errors import ScimTuiError

HERE: tuple[Callable[[], Iterable[Finding]], ...] = (machine, config)
"""Checks that need no profile."""
OF_PROFILE: tuple[Callable[[Profile], Iterable[Finding]], ...] = (data, secrets)
"""Checks of a profile that need no connection."""
LAST: tuple[Callable[[], Iterable[Finding]], ...] = (terminal,)
"""Checks that matter to the screens only."""


async def examine(choose: Callable[[], Profile], connectors: Connectors) -> AsyncIterator[Finding]:
    """Make every check; an error becomes a finding, and the next check follows."""
    for here in HERE:
        for finding in here():
            yield finding
    try:
        profile = choose()
    except ScimTuiError as error:
        yield Finding("Profile", Verdict.BAD, error.message, error.hint)
    else:
        for of_profile in OF_PROFILE:
            for finding in of_profile(profile):
                yield finding
        async for finding in look(profile, connectors):
            yield finding
    for last in LAST:
        for finding in last():
            yield finding
