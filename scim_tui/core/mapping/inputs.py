"""What a mapping preview is of: people, groups and rules, from files, a directory or an IdP."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from scim_tui.core.base.mutation import Guard
from scim_tui.core.mapping.files import read_rules
from scim_tui.core.mapping.group_run import OURS, GroupRun
from scim_tui.core.mapping.groups_file import GroupsFile, groups_from_file
from scim_tui.core.mapping.matching import Counterpart
from scim_tui.core.mapping.people import PeopleFile, Reading, from_directory, from_file, in_a_thread
from scim_tui.core.mapping.results import Results
from scim_tui.core.mapping.run import Run
from scim_tui.core.mapping.selection import Walk
from scim_tui.core.mapping.totals import Told, Totals
from scim_tui.mapping.authoring.load import ENTRA, read_mapping
from scim_tui.mapping.presets import DEFAULT, PREFIX
from scim_tui.mapping.rules.rules import RuleSet
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import UsageError
from scim_tui.providers.port import Provider

Live = Callable[[str], Awaitable[str]]
"""Asks Entra ID for the schema of an app."""

NO_STATUS = "No column of the people says who is active, so active is not sent."


def ignore(_: object) -> None:
    """Listen to no progress."""


class Loaded(Walk):
    """People, groups and rules, and the run over them that they begin.

    Loading any of them forgets the results. Raises `UsageError` with file and line for files that
    cannot be read, and when something is asked for before it is loaded.
    """

    def __init__(
        self,
        directory: Provider | None = None,
        *,
        guard: Guard | None = None,
        clock: Clock = utc_now,
        live: Live | None = None,
    ) -> None:
        self._provider, self._guard, self._clock, self._live = directory, guard, clock, live
        self.people: PeopleFile | None = None
        self.rules: RuleSet | None = None
        self.totals: Totals | None = None
        """None: not run since something was loaded."""
        self._groups: GroupsFile | None = None
        self._before: Totals | None = None
        self._counterpart: Counterpart | None = None
        self._run: Run | None = None
        """None: people or rules are not loaded yet."""
        self._results = Results()

    async def load_people(
        self,
        path: Path | str,
        *,
        scope: Path | str | None = None,
        encoding: str = "",
        progress: Told = ignore,
    ) -> PeopleFile:
        """Read a file of people, and who of them is assigned: a second file, or a column.

        `encoding` is that of files that are not UTF-8; empty: it is guessed, and a note says so.
        `progress` is told how many are read. Cancelling stops the reading.
        """
        reading = Reading("reading people")

        def read() -> PeopleFile:
            return from_file(Path(path), scope, reading, encoding)

        return self._take(await in_a_thread(read, reading, progress))

    async def load_groups(
        self, path: Path | str | None, progress: Told = ignore, *, encoding: str = ""
    ) -> GroupsFile | None:
        """Read a file of groups with their members; None: take the groups the people name."""
        reading = Reading("reading groups")

        def read() -> GroupsFile | None:
            return None if path is None else groups_from_file(Path(path), reading, encoding)

        self._groups = await in_a_thread(read, reading, progress)
        self._forget()
        return self._groups

    @property
    def groups(self) -> GroupRun:
        """The groups of the file, or those that the people name. Raises `UsageError`."""
        return self._loaded().groups

    async def load_directory(self, progress: Told = ignore) -> PeopleFile:
        """Take everybody in the directory as the people, as far as a list tells of them."""
        people = await from_directory(self._connected(), progress)
        return self._take(people)

    async def load_mapping(self, source: Path | str = PREFIX + DEFAULT) -> RuleSet:
        """Read a file of rules, take a preset: "preset:NAME", or ask Entra ID: "entra:APP"."""
        name = str(source)
        if name.startswith(ENTRA):
            if self._live is None:
                raise UsageError("Entra ID cannot be asked from here.", "Name a saved schema.")
            text = await self._live(name.removeprefix(ENTRA))
            rules = await asyncio.to_thread(read_mapping, text, name)
        else:
            rules = await asyncio.to_thread(read_rules, name)
        self._before = self.totals or self._before
        self.rules = rules
        self._forget()
        return rules

    @property
    def given(self) -> int:
        """How many people the file has."""
        return len(self.people) if self.people is not None else 0

    def notes(self) -> tuple[str, ...]:
        """What a person should know about the files, from outside: never to be shown raw."""
        files = (self.people, self._groups, self.rules)
        found = [note for file in files if file is not None for note in file.notes]
        if self._run is not None and len(self._run.groups) and not self._run.rules.group_rules:
            found.append(OURS)
        if self._run is not None and self._run.no_status:
            found.append(NO_STATUS)
        return tuple(found)

    def _connected(self) -> Provider:
        if self._provider is None:
            raise UsageError("No directory is connected.", "Choose a profile.")
        return self._provider

    def _loaded(self) -> Run:
        if self.people is None:
            raise UsageError("No people are loaded.", "Load a CSV or JSON file first.")
        if self._run is None:
            raise UsageError("No mapping is loaded.", "Load a TOML file or a preset first.")
        return self._run

    def _take(self, people: PeopleFile) -> PeopleFile:
        self.people, self._before, self.totals = people, None, None
        self._forget()
        return people

    def _forget(self) -> None:
        """End the run, and begin another one when there are people and rules."""
        self._before = self.totals or self._before
        self.totals = None
        if self._run is not None:
            self._run.end()
            self._run = None
        self._results = Results()
        if self.people is not None and self.rules is not None:
            self._run = Run(self.people, self.rules, self._groups, self._before)
            self._results = self._run.results
