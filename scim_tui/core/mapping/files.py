"""The files of a mapping preview: rules to read, and the report to write."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scim_tui.config.paths import write_atomic
from scim_tui.mapping.authoring.load import MAX_BYTES as MAX_MAPPING
from scim_tui.mapping.authoring.load import read_mapping
from scim_tui.mapping.base.errors import BadMapping
from scim_tui.mapping.presets import PREFIX, preset
from scim_tui.mapping.report.rows import GroupEntry, ReportEntry, ReportHead, csv_lines, json_lines
from scim_tui.mapping.rules.rules import RuleSet
from scim_tui.model.errors import UsageError
from scim_tui.model.typed_path import at_home


def read_rules(source: str) -> RuleSet:
    """The rules in a file, or of "preset:NAME". Raises `UsageError` with file and line."""
    if source.startswith(PREFIX):
        return preset(source.removeprefix(PREFIX))
    path = Path(source)
    data = _read(path, MAX_MAPPING)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadMapping(path.name, line, "Not UTF-8 text.", "Save the file as UTF-8.") from error
    return read_mapping(text, path.name)


def write_report(
    path: Path, head: ReportHead, entries: Iterable[ReportEntry], groups: Iterable[GroupEntry]
) -> None:
    """Write the findings as HTML, CSV or JSON, by the file's extension. Raises `UsageError`."""
    target = at_home(path)
    if target.suffix not in _REPORTS:
        raise UsageError(f"{path} ends in none of .html, .csv and .json.", "Name the report so.")
    try:
        # Half a surrogate pair, which JSON can carry, is no text: it is written as an escape.
        lines = _REPORTS[target.suffix](head, entries, groups)
        write_atomic(target, (line.encode("utf-8", "backslashreplace").decode() for line in lines))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", "Name another place."
        ) from error


def _html(
    head: ReportHead, entries: Iterable[ReportEntry], groups: Iterable[GroupEntry]
) -> Iterator[str]:
    from scim_tui.mapping.report.html_page import html_lines

    return html_lines(head, entries, groups)


_REPORTS: dict[
    str, Callable[[ReportHead, Iterable[ReportEntry], Iterable[GroupEntry]], Iterator[str]]
] = {
    ".html": _html,
    ".json": json_lines,
    ".csv": lambda _, entries, groups: csv_lines(entries, groups),
}


def _read(path: Path, most: int) -> bytes:
    """The bytes of a regular file; a device or a pipe may never end."""
    place = at_home(path)
    try:
        if place.exists() and not place.is_file():
            raise UsageError(f"{path} is not a regular file.", "Name a file.")
        if not place.is_file():
            raise UsageError(f"There is no file {path}.", "Check the path.")
        with place.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path} cannot be read: {reason}.", "Check the path.") from error
    if len(data) > most:
        raise UsageError(f"{path.name} is larger than {most // 2**20} MB.", "Split the file.")
    return data
