"""The mapping preview: what would arrive if these rules ran on these people.

Nothing here sends anything. Long work runs in short slices, so that a screen stays alive; the
payload of a person is made again when it is looked at, and only findings are kept.
"""

import asyncio
import bisect
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scim_tui.core.mapping_files import read_people, read_rules, write_report
from scim_tui.mapping.changes import Change, compare
from scim_tui.mapping.engine import Payload, apply
from scim_tui.mapping.findings import Batch, Finding, Severity, primary_email
from scim_tui.mapping.people import People, Person
from scim_tui.mapping.presets import DEFAULT, PREFIX, preset_names
from scim_tui.mapping.report import Entry
from scim_tui.mapping.rules import Rule, RuleSet
from scim_tui.model.directory import Page, UserRow
from scim_tui.model.errors import UsageError

__all__ = [
    "Change", "Directory", "Finding", "MappingPreview", "Payload", "Person", "Result", "Rule",
    "Severity", "Totals", "preset_names",
]  # fmt: skip

_SLICE = 0.01
"""Seconds of work before the event loop gets its turn."""


class Directory(Protocol):
    """The users of the directory, as far as a comparison needs them; a provider is one."""

    def users(self, filter: str = "") -> AsyncIterator[Page[UserRow]]:
        """Users that a SCIM filter finds."""
        ...


@dataclass(frozen=True, slots=True)
class Totals:
    """The preview in numbers."""

    people: int
    """How many were checked so far."""
    accepted: int
    refused: int
    warned: int
    """Accepted, with a warning."""
    codes: tuple[tuple[str, int], ...]
    """How many people have a finding of each code, most frequent first."""
    seconds: float
    of: int
    """How many there are in the file."""

    def as_object(self) -> dict[str, object]:
        """The numbers as JSON."""
        return {
            "people": self.people,
            "accepted": self.accepted,
            "refused": self.refused,
            "warned": self.warned,
            "codes": dict(self.codes),
        }

    @property
    def complete(self) -> bool:
        """Whether everybody was checked."""
        return self.people == self.of


@dataclass(frozen=True, slots=True)
class Result:
    """One person of the preview, with everything about them."""

    person: Person
    payload: Payload
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether the directory would refuse."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def label(self) -> str:
        """Who it is; from outside, never to be shown raw."""
        return label_of(self.payload, self.person)


def label_of(payload: Payload, person: Person) -> str:
    """userName, else display name or address, else the line of the file."""
    user = payload.user
    for value in (user.get("userName"), user.get("displayName"), primary_email(user)):
        if isinstance(value, str) and value:
            return value
    return f"line {person.line}"


class MappingPreview:
    """People and rules that are loaded, and what came out of them.

    Loading either forgets the results. Raises `UsageError` with file and line for files that
    cannot be read, and when something is asked for before it is loaded.
    """

    def __init__(self, directory: Directory | None = None) -> None:
        self._directory = directory
        self.people: People | None = None
        self.rules: RuleSet | None = None
        self.totals: Totals | None = None
        """None: not run since something was loaded."""
        self._run = object()
        self._forget()

    async def load_people(self, path: Path | str) -> People:
        """Read a file of people."""
        people = await asyncio.to_thread(read_people, Path(path))
        self.people = people
        self._forget()
        return people

    async def load_mapping(self, source: Path | str = PREFIX + DEFAULT) -> RuleSet:
        """Read a file of rules, or take a preset: "preset:NAME"."""
        rules = await asyncio.to_thread(read_rules, str(source))
        self.rules = rules
        self._forget()
        return rules

    async def run(self, progress: Callable[[Totals], None] | None = None) -> Totals:
        """Check everybody, and tell the progress after each slice of work."""
        people, rules = self._loaded()
        self._forget()
        run = self._run = object()
        started = time.monotonic()
        turn = started
        for person in people.people:
            self._check(rules, person)
            if time.monotonic() - turn > _SLICE:
                if progress:
                    progress(self._count(started))
                await asyncio.sleep(0)
                if self._run is not run:
                    raise UsageError("The preview was started again with other files.")
                turn = time.monotonic()
        self.totals = self._count(started)
        if progress:
            progress(self.totals)
        return self.totals

    def result(self, index: int) -> Result:
        """Everything about one person. Before the run, without duplicates."""
        people, rules = self._loaded()
        if not 0 <= index < len(people.people):
            raise UsageError(f"There is no person {index + 1}.")
        person = people.people[index]
        payload = apply(rules, person.source)
        checked = index < len(self._labels)
        findings = self._findings.get(index, ()) if checked else payload.findings
        return Result(person, payload, findings)

    def label(self, index: int) -> str:
        """Who somebody checked is, without making the payload again."""
        return self._labels[index]

    def findings(self, index: int) -> tuple[Finding, ...]:
        """The findings of somebody checked, without making the payload again."""
        return self._findings.get(index, ())

    def failures(self) -> list[int]:
        """Indexes of everybody who would be refused, ascending."""
        return self._refused

    def next_failure(self, index: int) -> int | None:
        """The first failure after an index; None: there is none."""
        place = bisect.bisect_right(self._refused, index)
        return self._refused[place] if place < len(self._refused) else None

    def previous_failure(self, index: int) -> int | None:
        """The last failure before an index; None: there is none."""
        place = bisect.bisect_left(self._refused, index)
        return self._refused[place - 1] if place else None

    def select(self, *, code: str = "", text: str = "", failures: bool = False) -> list[int]:
        """Indexes of people with a finding of this code and this text in their name."""
        lowered = text.lower()
        everybody = range(len(self._labels))
        return [index for index in everybody if self._selected(index, code, lowered, failures)]

    def unused_columns(self) -> list[str]:
        """Columns of the file that no rule looks at."""
        people, rules = self._loaded()
        return [column for column in people.columns if column not in rules.fields]

    def unfed_rules(self) -> list[Rule]:
        """Rules whose columns are all missing in the file: never a value for anybody."""
        people, rules = self._loaded()
        columns = frozenset(people.columns)
        return [
            rule
            for rule in rules.rules
            if rule.source and rule.source.fields and not rule.source.fields & columns
        ]

    def entries(self, indexes: list[int]) -> list[Entry]:
        """People with their findings, to print or to write."""
        people, _ = self._loaded()
        return [
            Entry(index, people.people[index].line, self._labels[index], self.findings(index))
            for index in indexes
        ]

    async def report(self, path: Path | str) -> None:
        """Write everybody with findings to a file that ends in .json or .csv."""
        totals = self.totals
        if totals is None:
            raise UsageError("There is nothing to report yet.", "Run the preview first.")
        entries = self.entries(sorted(self._findings))
        await asyncio.to_thread(write_report, Path(path), totals.as_object(), entries)

    async def change(self, index: int) -> Change:
        """What a push of this person would do to the directory as it is now.

        A third user with the same address is not found: Identity Center is asked by externalId
        and userName only (SCIM developer guide, listusers).
        """
        if self._directory is None:
            raise UsageError("No directory is connected.", "Choose a profile.")
        user = self.result(index).payload.user
        rows: dict[str, UserRow] = {}
        for attribute in ("externalId", "userName"):
            value = user.get(attribute)
            if isinstance(value, str) and value:
                async for page in self._directory.users(f"{attribute} eq {_quoted(value)}"):
                    rows |= {row.id: row for row in page.rows}
        return compare(user, rows.values())

    def _loaded(self) -> tuple[People, RuleSet]:
        if self.people is None:
            raise UsageError("No people are loaded.", "Load a CSV or JSON file first.")
        if self.rules is None:
            raise UsageError("No mapping is loaded.", "Load a TOML file or a preset first.")
        return self.people, self.rules

    def _forget(self) -> None:
        self.totals = None
        self._run = object()
        self._batch = Batch()
        self._labels: list[str] = []
        self._findings: dict[int, tuple[Finding, ...]] = {}
        self._refused: list[int] = []
        self._codes: Counter[str] = Counter()

    def _check(self, rules: RuleSet, person: Person) -> None:
        payload = apply(rules, person.source)
        findings = (*payload.findings, *self._batch.collisions(payload.user))
        self._labels.append(label_of(payload, person))
        if findings:
            self._findings[person.index] = findings
            self._codes.update({finding.code for finding in findings})
        if any(finding.severity is Severity.ERROR for finding in findings):
            self._refused.append(person.index)
        else:
            self._batch.take(payload.user, person.index)

    def _count(self, started: float) -> Totals:
        checked, refused = len(self._labels), len(self._refused)
        return Totals(
            people=checked,
            accepted=checked - refused,
            refused=refused,
            warned=len(self._findings) - refused,
            codes=tuple(self._codes.most_common()),
            seconds=time.monotonic() - started,
            of=len(self.people.people) if self.people else 0,
        )

    def _selected(self, index: int, code: str, text: str, failures: bool) -> bool:
        findings = self._findings.get(index, ())
        if failures and not any(finding.severity is Severity.ERROR for finding in findings):
            return False
        if code and not any(finding.code == code for finding in findings):
            return False
        return not text or text in self._labels[index].lower()


def _quoted(value: str) -> str:
    """A text of a SCIM filter (RFC 7644 section 3.4.2.2: as in JSON)."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
