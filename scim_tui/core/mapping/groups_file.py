"""The groups of a preview: read from a file, or named by a column of the people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.mapping.people import FileReading, counted, keep
from scim_tui.core.mapping.spool import Spool
from scim_tui.mapping.base.bounds import OF_GROUPS
from scim_tui.mapping.read.assignment import Assigned, key_paths
from scim_tui.mapping.read.groups import COLUMNS, merged, of_name
from scim_tui.mapping.read.people import Person, open_people
from scim_tui.mapping.read.remarks import Remarks


@dataclass(frozen=True, slots=True)
class GroupsFile:
    """All groups of a file, with their members."""

    name: str
    """Name of the file; text from outside."""
    format: str
    columns: tuple[str, ...]
    records: Spool = field(repr=False)
    notes: tuple[str, ...] = ()
    """Notes about the file, as sentences."""
    remarks: Remarks = field(default_factory=Remarks)
    """The notes as data: whether it is one page of several, and columns that cannot be read."""

    def __len__(self) -> int:
        return len(self.records)

    def group(self, index: int) -> Person:
        """One group as the file has it."""
        line, source, _ = self.records[index]
        return Person(index, line, source)


def groups_from_file(path: Path, reading: FileReading, encoding: str = "") -> GroupsFile:
    """All groups in a file. Raises `UsageError` with file and line."""
    source = reading.source = open_people(path, bounds=OF_GROUPS, encoding=encoding)
    records, people = Spool(), counted(source, reading)
    rows = merged(people, source.columns) if source.format == "csv" else people
    for group in rows:
        keep(records, group.line, group.source, Assigned.UNKNOWN)
    columns, notes, remarks = source.columns, source.notes, source.remarks
    return GroupsFile(source.name, source.format, columns, records, notes, remarks)


def groups_of_names(names: Iterable[str]) -> GroupsFile:
    """Groups of which only the name is known."""
    records = Spool()
    for name in giving_way(names):
        keep(records, 0, of_name(name), Assigned.UNKNOWN)
    return GroupsFile("the people", "column", ("displayName",), records)


def column_of_groups(columns: Iterable[str]) -> str:
    """The columns of the people that name groups, as text; empty: there is none."""
    return ", ".join(column for (column,) in key_paths(tuple(columns), COLUMNS))
