"""Which files a mapping preview came from, and whether they changed since."""

import asyncio
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from scim_tui.model.typed_path import at_home

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
    dropped_groups: str = ""
    """The groups that came with the people before; the question for groups offers them again."""
    dropped_scope: str = ""
    """The same of who is assigned."""
    seen: frozenset[str] = frozenset()
    """Every file that was named here, so that two of the same name are told apart."""
    _stamps: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def own_mapping(self) -> Path | None:
        """The user's file of rules; None: a preset, or nothing."""
        if not self.mapping or self.mapping.startswith((PRESET, LIVE)):
            return None
        return at_home(self.mapping)

    def take_people(self, name: str) -> str:
        """Other people; gives what went with those before, as a sentence, or an empty text.

        Groups and assignments name people: those of another file would be counted for these.
        """
        if _place(name) == _place(self.people):
            return ""
        went = [
            f"{what} {self.short(old)} ({key} takes it back)"
            for what, old, key in (("groups", self.groups, "b"), ("assigned", self.scope, "i"))
            if old
        ]
        self.dropped_groups = self.groups or self.dropped_groups
        self.dropped_scope = self.scope or self.dropped_scope
        self.people, self.groups, self.scope = name, "", ""
        return f"Dropped with the people before: {' and '.join(went)}." if went else ""

    def take_groups(self, name: str) -> None:
        """Another file of groups; empty: those that the people name."""
        self.groups, self.dropped_groups = name, ""

    def take_scope(self, name: str) -> None:
        """Another file or column that tells who is assigned; empty: not known."""
        self.scope, self.dropped_scope = name, ""

    def short(self, name: str) -> str:
        """The end of a path, long enough that no other file named here ends so."""
        return short_name(name, {*self._named(), *self.seen})

    async def note(self) -> None:
        """Remember how the files are now."""
        self.seen |= {name for name in self._named() if name}
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


def short_name(name: str, known: Collection[str]) -> str:
    """The end of a path, with as many folders as tell it from all others that are known."""
    if not name or name == DIRECTORY or name.startswith((PRESET, LIVE)):
        return name
    parts = _place(name)
    others = [place for each in known if each and (place := _place(each)) != parts]
    most = len(parts)
    count = next(
        n for n in range(1, most + 1) if n == most or all(o[-n:] != parts[-n:] for o in others)
    )
    return os.path.join(*parts[-count:])


def _place(name: str) -> tuple[str, ...]:
    """The whole path of a file in parts; two spellings of one path are the same file."""
    try:
        return Path(os.path.abspath(at_home(name))).parts if name else ()
    except (OSError, ValueError):
        return (name,)


def _stamp(name: str) -> tuple[int, int] | None:
    """When a file was changed and how large it is; None: there is none of this name."""
    try:
        facts = os.stat(at_home(name))
    except (OSError, ValueError):
        return None
    return facts.st_mtime_ns, facts.st_size
