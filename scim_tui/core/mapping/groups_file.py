"""The groups of a preview: read once from a file of their own, or named by the people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.mapping.people import Reading, kept, noted
from scim_tui.core.mapping.spool import Records
from scim_tui.mapping.base.bounds import OF_GROUPS
from scim_tui.mapping.read.assignment import Assigned, ways
from scim_tui.mapping.read.groups import COLUMNS, merged, of_name
from scim_tui.mapping.read.people import Person, open_people
from scim_tui.mapping.read.remarks import Remarks


@dataclass(frozen=True, slots=True)
class GroupsFile:
    """Every group of a file, with its members."""

    name: str
    """Name of the file, from outside: never to be shown raw."""
    format: str
    columns: tuple[str, ...]
    records: Records = field(repr=False)
    notes: tuple[str, ...] = ()
    """What a person should know about the file."""
    remarks: Remarks = field(default_factory=Remarks)
    """The same for programs: whether it is one page of more, and columns that are unclear."""

    def __len__(self) -> int:
        return len(self.records)

    def group(self, index: int) -> Person:
        """One of them, as the file has it."""
        line, source, _ = self.records[index]
        return Person(index, line, source)


def groups_from_file(path: Path, reading: Reading, encoding: str = "") -> GroupsFile:
    """Every group in a file. Raises `UsageError` with file and line."""
    source = reading.source = open_people(path, bounds=OF_GROUPS, encoding=encoding)
    records, people = Records(), noted(source, reading)
    rows = merged(people, source.columns) if source.format == "csv" else people
    for group in rows:
        kept(records, group.line, group.source, Assigned.UNKNOWN)
    columns, notes, remarks = source.columns, source.notes, source.remarks
    return GroupsFile(source.name, source.format, columns, records, notes, remarks)


def groups_of_names(names: Iterable[str]) -> GroupsFile:
    """Groups of which only the names are known."""
    records = Records()
    for name in giving_way(names):
        kept(records, 0, of_name(name), Assigned.UNKNOWN)
    return GroupsFile("the people", "column", ("displayName",), records)


def column_of_groups(columns: Iterable[str]) -> str:
    """The columns of the people that name groups; empty: there is none."""
    return ", ".join(column for (column,) in ways(tuple(columns), COLUMNS))
