"""Which files a mapping preview came from, and whether they changed since."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

from scim_tui.model.home import at_home

PRESET = "preset:"
LIVE = "entra:"
DIRECTORY = "directory"
"""What is typed for the people of the directory itself."""


@dataclass(slots=True)
class Files:
    """What was loaded, as it was typed; empty: nothing."""

    people: str = ""
    groups: str = ""
    mapping: str = ""
    scope: str = ""
    _stamps: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def own_mapping(self) -> Path | None:
        """The user's file of rules; None: a preset, or nothing."""
        if not self.mapping or self.mapping.startswith((PRESET, LIVE)):
            return None
        return at_home(self.mapping)

    async def note(self) -> None:
        """Remember how the files are now."""
        self._stamps = await asyncio.to_thread(self._look)

    async def changed(self) -> list[str]:
        """Those of the files that are not as they were when they were read."""
        now = await asyncio.to_thread(self._look)
        return [name for name in self._named() if name and now.get(name) != self._stamps.get(name)]

    def _named(self) -> tuple[str, ...]:
        return self.people, self.groups, self.mapping, self.scope

    def _look(self) -> dict[str, tuple[int, int]]:
        found = {}
        for name in self._named():
            if name and (stamp := _stamp(name)):
                found[name] = stamp
        return found


def _stamp(name: str) -> tuple[int, int] | None:
    """When a file was changed and how large it is; None: there is none of this name."""
    try:
        facts = os.stat(at_home(name))
    except (OSError, ValueError):
        return None
    return facts.st_mtime_ns, facts.st_size
