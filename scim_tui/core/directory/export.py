"""Writes rows to a file, one by one: CSV for spreadsheets, JSON and JSONL for programs."""

import asyncio
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from scim_tui.core.directory.view import View
from scim_tui.model.csv_safety import csv_line, disarmed
from scim_tui.model.directory import GroupRow, Kind, Row, UserRow
from scim_tui.model.errors import UsageError
from scim_tui.model.escaping import ODD
from scim_tui.model.typed_path import at_home

CHUNK = 500
"""Rows that are written between two points at which the export can be cancelled."""
FIELDS: dict[Kind, tuple[str, ...]] = {Kind.USERS: UserRow._fields, Kind.GROUPS: GroupRow._fields}
Progress = Callable[[int], None]


class Format(StrEnum):
    """The format of a file; the value is the extension of its name."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


def format_of(path: Path | str) -> Format:
    """The format for the extension of a file. Raises `UsageError`."""
    try:
        return Format(Path(path).suffix.removeprefix(".").lower())
    except ValueError:
        raise UsageError(
            f"{Path(path).name} does not end in a format.", "Let it end in .csv, .json or .jsonl."
        ) from None


def chosen_fields(kind: Kind, names: Sequence[str]) -> tuple[str, ...]:
    """The fields with these names, or all fields for no names. Raises `UsageError`."""
    for name in names:
        if name not in FIELDS[kind]:
            raise UsageError(
                f"There is no column {name!r}.", f"Choose from {', '.join(FIELDS[kind])}."
            )
    return tuple(names) or FIELDS[kind]


def view_rows(view: View) -> Iterator[list[Row]]:
    """The rows of a view, `CHUNK` at a time."""
    for first in range(0, len(view), CHUNK):
        yield view.rows(first, CHUNK)


def texts(
    form: Format, kind: Kind, stretches: Iterable[Iterable[Row]], fields: Sequence[str]
) -> Iterator[str]:
    """The text of a file in parts; the first has the header, the last the end."""
    match form:
        case Format.CSV:
            return _csv(stretches, fields)
        case Format.JSONL:
            return ("".join(f"{each}\n" for each in _objects(rows, fields)) for rows in stretches)
    return _json(kind, stretches, fields)


async def export(
    view: View,
    path: Path | str,
    *,
    fields: Sequence[str] = (),
    progress: Progress = lambda _: None,
) -> int:
    """Write the rows of a view to a new file; returns how many.

    The file, mode 0600, is complete or not there at all, also when this is cancelled. `progress`
    gets the number of rows read. Raises `UsageError` when it exists or cannot be written.
    """
    form, columns = format_of(path), chosen_fields(view.kind, fields)
    written = looked_at = 0

    def counted() -> Iterator[list[Row]]:
        nonlocal written, looked_at
        for rows in view_rows(view):
            written += len(rows)
            looked_at = min(looked_at + CHUNK, len(view))
            yield rows

    file = await asyncio.to_thread(_NewFile, path)
    try:
        parts = texts(form, view.kind, counted(), columns)
        while (part := await asyncio.to_thread(next, parts, None)) is not None:
            await asyncio.to_thread(file.write, part)
            progress(looked_at)
        await asyncio.to_thread(file.finish)
    except OSError as error:
        raise UsageError(f"{file.target} cannot be written: {error.strerror}.") from error
    finally:
        file.leave()
    return written


class _NewFile:
    """A file that gets its name when it is complete; never replaces another file."""

    def __init__(self, path: Path | str) -> None:
        self.target = target = at_home(path)
        if os.path.exists(target):
            raise _taken(target)
        try:
            handle, self._name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        except OSError as error:
            raise UsageError(
                f"{target} cannot be written: {error.strerror}.", "Name another folder."
            ) from error
        self._file = os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace")

    def write(self, text: str) -> None:
        self._file.write(text)

    def finish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        try:
            os.link(self._name, self.target)
        except FileExistsError:
            raise _taken(self.target) from None

    def leave(self) -> None:
        self._file.close()
        Path(self._name).unlink(missing_ok=True)


def _taken(target: Path) -> UsageError:
    return UsageError(f"{target} exists and is left as it is.", "Name a new file.")


def _csv(stretches: Iterable[Iterable[Row]], fields: Sequence[str]) -> Iterator[str]:
    yield csv_line(fields)
    for rows in stretches:
        yield "".join(csv_line([_cell(getattr(row, name)) for name in fields]) for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return disarmed(value)
    return "unknown" if value is None else "true" if value else "false"


def json_object(row: Row, fields: Sequence[str]) -> dict[str, object]:
    """A row as a JSON object; an attribute that is absent or unknown is null."""
    values = {name: getattr(row, name) for name in fields}
    return {name: None if value == "" else value for name, value in values.items()}


def _objects(rows: Iterable[Row], fields: Sequence[str]) -> Iterator[str]:
    for row in rows:
        text = json.dumps(json_object(row, fields), ensure_ascii=False)
        # Escaped is also what ends a line for some readers, such as U+2028.
        yield ODD.sub(lambda found: json.dumps(found.group())[1:-1], text)


def _json(kind: Kind, stretches: Iterable[Iterable[Row]], fields: Sequence[str]) -> Iterator[str]:
    yield f'{{"{kind.lower()}": [\n'
    first = True
    for rows in stretches:
        lines = list(_objects(rows, fields))
        comma = "" if first or not lines else ",\n"
        first = first and not lines
        yield comma + ",\n".join(lines)
    yield "\n]}\n"
