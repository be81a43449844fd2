"""The capabilities that a provider declares; the server is not asked."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import fields

from scim_tui.config.profile_table import access_word
from scim_tui.core.workspace import Workspace
from scim_tui.model.capabilities import Capabilities, Capability, Support
from scim_tui.model.checkup import Finding, Verdict


async def abilities(space: Workspace) -> AsyncIterator[Finding]:
    """What can be done, and what cannot, grouped by reason."""
    declared = dict(_declared(space.provider.capabilities))
    able = [name for name, each in declared.items() if each]
    yield Finding("Able to", Verdict.OK, ", ".join(able) or "nothing")
    for (support, reason), names in _missing(declared).items():
        title = "By hand" if support is Support.GUIDED else "Not able to"
        yield Finding(title, Verdict.NONE, f"{', '.join(names)}: {reason}")


def changes(*, read_only: bool) -> Finding:
    """Whether this profile allows changes when it is opened without options."""
    word = access_word(read_only=read_only)
    if read_only:
        return Finding("Changes", Verdict.NONE, f"{word}: nothing is changed from here")
    return Finding("Changes", Verdict.OK, f"{word}: changes are allowed")


def _declared(capabilities: Capabilities) -> Iterator[tuple[str, Capability]]:
    for each in fields(capabilities):
        value = getattr(capabilities, each.name)
        if isinstance(value, Capability):
            yield each.name.replace("_", " "), value


def _missing(declared: dict[str, Capability]) -> dict[tuple[Support, str], list[str]]:
    found: dict[tuple[Support, str], list[str]] = {}
    for name, each in declared.items():
        if not each:
            found.setdefault((each.support, each.reason), []).append(name)
    return found
