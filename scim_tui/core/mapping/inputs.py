"""What a preview is computed from: people, groups and rules, read from files or from an IdP."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from scim_tui.core.mapping.files import read_rules
from scim_tui.core.mapping.group_run import DEFAULT_RULES, GroupRun
from scim_tui.core.mapping.groups_file import GroupsFile, groups_from_file
from scim_tui.core.mapping.people import FileReading, PeopleFile, from_file, in_a_thread
from scim_tui.core.mapping.totals import OnProgress
from scim_tui.mapping.authoring.load import ENTRA, read_mapping
from scim_tui.mapping.rules.rules import RuleSet
from scim_tui.model.errors import UsageError

Live = Callable[[str], Awaitable[str]]
"""Asks Entra ID for the schema of an app."""

NO_STATUS = "No column of the people says who is active, so active is not sent."


@dataclass(slots=True)
class Inputs:
    """The loaded people, groups and rules; None: not loaded yet."""

    people: PeopleFile | None = None
    rules: RuleSet | None = None
    groups: GroupsFile | None = None
    """None: the groups are those that a column of the people names."""

    def notes(self, groups: GroupRun | None) -> tuple[str, ...]:
        """Notes about the files, to be read before the results; contain text from outside.

        `groups` are those of the run over these inputs; None: there is no run yet.
        """
        files = (self.people, self.groups, self.rules)
        found = [note for file in files if file is not None for note in file.notes]
        if groups is not None and len(groups) and not groups.own_rules:
            found.append(DEFAULT_RULES)
        people, rules = self.people, self.rules
        if people is not None and rules is not None and rules.finds_no_status(people.columns):
            found.append(NO_STATUS)
        return tuple(found)


async def read_people(
    path: Path | str, scope: Path | str | None, encoding: str, on_progress: OnProgress
) -> PeopleFile:
    """Read a file of people. Cancelling stops the reading. Raises `UsageError`."""
    reading = FileReading("reading people")

    def read() -> PeopleFile:
        return from_file(Path(path), scope, reading, encoding)

    return await in_a_thread(read, reading, on_progress)


async def read_groups(
    path: Path | str | None, encoding: str, on_progress: OnProgress
) -> GroupsFile | None:
    """Read a file of groups; None for no path. Raises `UsageError`."""
    if path is None:
        return None
    reading, place = FileReading("reading groups"), Path(path)

    def read() -> GroupsFile:
        return groups_from_file(place, reading, encoding)

    return await in_a_thread(read, reading, on_progress)


async def load_rules(source: str, live: Live | None) -> RuleSet:
    """Rules of a file, of "preset:NAME", or of Entra ID: "entra:APP". Raises `UsageError`."""
    if not source.startswith(ENTRA):
        return await asyncio.to_thread(read_rules, source)
    if live is None:
        raise UsageError("Entra ID cannot be asked from here.", "Name a saved schema.")
    text = await live(source.removeprefix(ENTRA))
    return await asyncio.to_thread(read_mapping, text, source)
