"""The report as one page of HTML: no network, no script; everything from outside is escaped.

Findings are shown or hidden by check boxes and CSS alone, so that it works in a mail reader too.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any

from scim_tui.mapping.report.html_groups import group_rows
from scim_tui.mapping.report.html_parts import change, findings, text
from scim_tui.mapping.report.rows import GroupEntry, ReportEntry, ReportHead, is_failure

MOST_ROWS = 20_000
"""Most people on one page, as browsers get slow with more. The totals are of all people."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_lines(
    head: ReportHead, entries: Iterable[ReportEntry], groups: Iterable[GroupEntry] = ()
) -> Iterator[str]:
    """The page, a person and a group at a time."""
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Mapping report: {text(head.people)}</title>"
        f"<style>\n{_style()}</style></head><body>"
    )
    yield from _top(head)
    yield from group_rows(groups)
    yield from _people(entries)
    yield "</body></html>\n"


@cache
def _style() -> str:
    """The style sheet, which is a file of the package: a page carries it inside."""
    return resources.files(__package__).joinpath("page.css").read_text("utf-8")


def _top(head: ReportHead) -> Iterator[str]:
    against = f", compared with {text(head.directory)}" if head.directory else ""
    yield (
        "<h1>Mapping report</h1>"
        f'<p class="of">{text(head.people)} through {text(head.mapping)}{against},'
        f" {text(head.made_at.isoformat(' ', 'seconds'))}</p>"
    )
    totals = head.totals
    yield "<dl>" + "".join(_figures(totals)) + "</dl>"
    if head.notes:
        notes = "".join(f"<li>{text(note)}</li>" for note in head.notes)
        yield f"<h2>To know about the files</h2><ul>{notes}</ul>"
    yield _counts("Findings", "finding", totals["codes"])
    if totals["changes"]:
        yield _counts("Changes", "change", totals["changes"])


def _figures(totals: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for name, role in (
        ("people", ""),
        ("accepted", "good"),
        ("refused", "bad"),
        ("warned", "warn"),
        ("unassigned", ""),
    ):
        yield _figure(name, totals[name], role)
    if totals["writes"] is not None:
        yield _figure("requests", totals["reads"] + totals["writes"], "")
        yield _figure("seconds to push", totals["push_seconds"], "")


def _figure(name: str, value: float | None, role: str) -> str:
    shown = "unknown" if value is None else f"{value:,}"
    return f'<div><dt>{name}</dt><dd class="{role if value else ""}">{shown}</dd></div>'


def _counts(title: str, head: str, counts: dict[str, int]) -> str:
    rows = "".join(
        f'<tr><td><code>{text(name)}</code></td><td class="n">{count:,}</td></tr>'
        for name, count in counts.items()
        if count
    )
    rows = rows or '<tr><td colspan="2" class="good">none</td></tr>'
    return f"<h2>{title}</h2><table><tr><th>{head}</th><th>people</th></tr>{rows}</table>"


def _people(entries: Iterable[ReportEntry]) -> Iterator[str]:
    yield (
        '<h2>People</h2><p class="filter">'
        '<label><input type="checkbox" id="refused" checked> would be refused</label>'
        '<label><input type="checkbox" id="other" checked> warnings and changes</label></p>'
        "<table><thead><tr><th>line</th><th>who</th><th>what</th><th>change</th></tr></thead>"
    )
    more = 0
    for number, entry in enumerate(entries):
        if number < MOST_ROWS:
            yield _person(entry)
        else:
            more += 1
    yield "</table>"
    if more:
        yield f'<p class="dim">{more:,} more people: see the report as CSV or JSON.</p>'


def _person(entry: ReportEntry) -> str:
    kind = "refused" if is_failure(entry) else "other"
    line = str(entry.line) if entry.line else "directory"
    return (
        f'<tr class="{kind}"><td class="n">{line}</td><td>{text(entry.label)}</td>'
        f"<td>{findings(entry)}</td><td>{change(entry)}</td></tr>"
    )
