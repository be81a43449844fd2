"""The report as one page of HTML: no network, no script; everything from outside is escaped.

Findings are shown or hidden by check boxes and CSS alone, so that it works in a mail reader too.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from scim_tui.mapping.report.html_groups import group_rows
from scim_tui.mapping.report.html_parts import change, findings, text
from scim_tui.mapping.report.rows import Entry, GroupEntry, Head, is_failure

MOST_ROWS = 20_000
"""People in one page; a browser takes no more in comfort. The totals are of everybody."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root{color-scheme:light dark;--bad:#b3261e;--warn:#8a5a00;--good:#1b6e3c;--line:#8884;--dim:#777}
@media(prefers-color-scheme:dark){:root{--bad:#ff8a80;--warn:#ffc46b;--good:#7fd9a0;--dim:#aaa}}
body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:1.8rem 0 .5rem}
p.of{color:var(--dim);margin:.2rem 0 1.2rem}
dl{display:flex;flex-wrap:wrap;gap:.6rem;margin:0}
dl div{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .9rem;min-width:6rem}
dt{color:var(--dim);font-size:.8rem}dd{margin:0;font-size:1.35rem;font-variant-numeric:tabular-nums}
.bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}.dim{color:var(--dim)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line);
overflow-wrap:anywhere}th{font-size:.8rem;color:var(--dim)}td.n{text-align:right;
font-variant-numeric:tabular-nums}code{font-size:.9em}td p{margin:0 0 .3rem}
label{margin-right:1rem}
body:has(#refused:not(:checked)) tr.refused,body:has(#other:not(:checked)) tr.other{display:none}
@media print{body{margin:0;max-width:none;font-size:10pt}.filter{display:none}
tr{break-inside:avoid}thead{display:table-header-group}}
"""


def html_lines(
    head: Head, entries: Iterable[Entry], groups: Iterable[GroupEntry] = ()
) -> Iterator[str]:
    """The page, a person and a group at a time."""
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Mapping report: {text(head.people)}</title><style>{_STYLE}</style></head><body>"
    )
    yield from _top(head)
    yield from group_rows(groups)
    yield from _people(entries)
    yield "</body></html>\n"


def _top(head: Head) -> Iterator[str]:
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


def _people(entries: Iterable[Entry]) -> Iterator[str]:
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


def _person(entry: Entry) -> str:
    kind = "refused" if is_failure(entry) else "other"
    line = str(entry.line) if entry.line else "directory"
    return (
        f'<tr class="{kind}"><td class="n">{line}</td><td>{text(entry.label)}</td>'
        f"<td>{findings(entry)}</td><td>{change(entry)}</td></tr>"
    )
