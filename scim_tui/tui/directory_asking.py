"""The questions of the Directory screen: which facet, and where an export goes."""

from typing import TYPE_CHECKING

from scim_tui.model.absent import UNKNOWN, Absent, Count
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.tui.changes import tell_failure
from scim_tui.tui.completion import grow_path
from scim_tui.tui.directory_half import Half
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.text import Line, Span
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.core.directory import Directory, Findings
    from scim_tui.tui.screens.directory import DirectoryPage

_COLUMNS = (Column("COUNT", 9, right=True), Column("SHOW ONLY", 30, 1))
RECENT = "changed:<24h"
ALL = "all"
"""Stands for no facet, since a choice that is left answers nothing."""


async def facet(page: "DirectoryPage", directory: "Directory") -> None:
    """Ask which rows to show: what is worth a look, with its count."""
    half = page.half
    rows = facet_rows(half, await directory.findings())
    titles = {key: cells[1].text for key, cells in rows}
    chosen = await page.app.ask(Choice("Show only", _COLUMNS, rows, half.facet or ALL))
    if chosen is not None:
        half.facet = "" if chosen == ALL else chosen
        half.facet_name = "" if chosen == ALL else titles[chosen]
        page.query_changed()


def facet_rows(half: Half, findings: "Findings") -> list[tuple[str, Line]]:
    """Each ready-made filter with its search; what was not counted is said to be unknown."""
    rows = [(ALL, _row(half.total, f"all {half.name.lower()}"))]
    if half.name == "Users":
        rows.append(("active:yes", (Span(""), Span("active users"))))
    rows.append((RECENT, (Span(""), Span("changed in the last 24 hours"))))
    mine = [found for found in findings.values() if found.kind == half.name]
    return rows + [(found.query, _row(found.count, found.title)) for found in mine]


def _row(count: Count, title: str) -> Line:
    if isinstance(count, Absent):
        return Span("?", "unknown"), Span(title, "dim")
    return Span(f"{count:,}", "" if count else "dim"), Span(title, "" if count else "dim")


async def export(page: "DirectoryPage", directory: "Directory") -> None:
    """Ask for a new file, and write what is marked, or else what is found."""
    half = page.half
    count: Count = len(half.marked) or (len(half.view) if half.view is not None else UNKNOWN)
    which = "marked" if half.marked else "found"
    words = (f"{_number(count)} {half.name.lower()} that are {which}. The ending decides: .csv for "
             "sheets, .json or .jsonl for programs. Only you can read the file.",)  # fmt: skip
    start = f"{half.name.lower()}.csv"
    path = await page.app.ask(Prompt("Export", words, start, _wrong_path, grow_path))
    if path:
        page.export_to(directory, path.strip())


def _number(count: Count) -> str:
    return "?" if isinstance(count, Absent) else f"{count:,}"


def _wrong_path(text: str) -> str:
    from pathlib import Path

    from scim_tui.core.export import format_of

    try:
        format_of(text.strip())
        there = Path(text.strip()).expanduser().exists()
    except UsageError as error:
        return f"{error.message} {error.hint}"
    except (OSError, ValueError, RuntimeError) as error:
        return f"That is not a path: {error}"
    return f"{text.strip()} exists and is left as it is. Name a new file." if there else ""


async def write(page: "DirectoryPage", directory: "Directory", path: str) -> None:
    """Write the file; a page that is left, or Ctrl-C, leaves none."""
    from scim_tui.core.export import export
    from scim_tui.model.directory import Kind

    half = page.half
    kind, only = Kind(half.name), frozenset(half.marked)
    text, sort = half.query
    try:
        # Marks hold for all rows, also those that the filter does not show now.
        view = await directory.view(kind, "" if only else text, sort)

        def tell(seen: int) -> None:
            page.say(f"Exporting {seen:,} of {len(view):,}. Ctrl-C stops.", "dim")

        written = await export(view, path, only=only or None, progress=tell)
    except ScimTuiError as error:
        tell_failure(page, error)
        return
    page.say(f"{written:,} {half.name.lower()} are in {path}; only you can read it.", "good")
