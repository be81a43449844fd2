"""The files of a mapping preview as they were typed, and whether they changed on disk."""

import asyncio
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from scim_tui.model.typed_path import at_home
from scim_tui.tui.mapping import messages

PRESET = "preset:"
LIVE = "entra:"
DIRECTORY = "directory"
"""What is typed for the people of the directory itself."""


@dataclass(slots=True)
class Files:
    """The names of the files as they were typed; empty: none."""

    people: str = ""
    groups: str = ""
    mapping: str = ""
    scope: str = ""
    encoding: str = ""
    """Of files that are not UTF-8; empty: it is guessed."""
    dropped_groups: str = ""
    """The file of groups that was dropped last; the dialog for groups offers it again."""
    dropped_scope: str = ""
    """The same for the file or column that says who is assigned."""
    seen: frozenset[str] = frozenset()
    """All paths so far: where two files have the same name, their folders are shown too."""
    _stamps: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def own_mapping(self) -> Path | None:
        """The user's file of rules; None: a preset, or nothing."""
        if not self.mapping or self.mapping.startswith((PRESET, LIVE)):
            return None
        return at_home(self.mapping)

    def take_people(self, name: str) -> str:
        """Use another file of people; returns a sentence about the files this drops, or "".

        Groups and assignments name the people of one file, so they are dropped with it.
        """
        if _parts(name) == _parts(self.people):
            return ""
        dropped = [
            messages.dropped(what, self.short(old), key)
            for what, old, key in (("groups", self.groups, "b"), ("assigned", self.scope, "i"))
            if old
        ]
        self.dropped_groups = self.groups or self.dropped_groups
        self.dropped_scope = self.scope or self.dropped_scope
        self.people, self.groups, self.scope, self.encoding = name, "", "", ""
        return messages.dropped_with_people(" and ".join(dropped)) if dropped else ""

    def take_mapping(self, name: str) -> None:
        """Use another file of rules, preset or app of Entra ID."""
        self.mapping = name

    def take_groups(self, name: str) -> None:
        """Use another file of groups; empty: the groups that the people name."""
        self.groups, self.dropped_groups = name, ""

    def take_encoding(self, name: str) -> None:
        """The encoding of files that are not UTF-8; empty: it is guessed."""
        self.encoding = name

    def take_scope(self, name: str) -> None:
        """Use another file or column that says who is assigned; empty: not known."""
        self.scope, self.dropped_scope = name, ""

    def short(self, name: str) -> str:
        """The end of a path, long enough that no other file named here ends so."""
        return short_name(name, {*self._named(), *self.seen})

    async def remember_stamps(self) -> None:
        """Remember the time of change and the size of each file, to notice later changes."""
        self.seen |= {name for name in self._named() if name}
        self._stamps = await asyncio.to_thread(self._read_stamps)

    async def changed(self) -> list[str]:
        """The files that changed since they were read."""
        now = await asyncio.to_thread(self._read_stamps)
        return [name for name in self._named() if name and now.get(name) != self._stamps.get(name)]

    def _named(self) -> tuple[str, ...]:
        return self.people, self.groups, self.mapping, self.scope

    def _read_stamps(self) -> dict[str, tuple[int, int]]:
        found = {}
        for name in self._named():
            if name and (stamp := _stamp(name)):
                found[name] = stamp
        return found


def short_name(name: str, known: Collection[str]) -> str:
    """The end of a path, with as many folders as no other known path ends with."""
    if not name or name == DIRECTORY or name.startswith((PRESET, LIVE)):
        return name
    parts = _parts(name)
    others = [place for each in known if each and (place := _parts(each)) != parts]
    most = len(parts)
    count = next(
        n for n in range(1, most + 1) if n == most or all(o[-n:] != parts[-n:] for o in others)
    )
    return os.path.join(*parts[-count:])


def _parts(name: str) -> tuple[str, ...]:
    """The whole path of a file in parts; two spellings of one path are the same file."""
    try:
        return Path(os.path.abspath(at_home(name))).parts if name else ()
    except (OSError, ValueError):
        return (name,)


def _stamp(name: str) -> tuple[int, int] | None:
    """Time of the last change, and size; None: there is no such file."""
    try:
        facts = os.stat(at_home(name))
    except (OSError, ValueError):
        return None
    return facts.st_mtime_ns, facts.st_size
