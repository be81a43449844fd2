"""The report as one page of HTML: no network, no script; everything from outside is escaped.

Findings are shown or hidden by check boxes and CSS alone, so that it works in a mail reader too.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from scim_tui.mapping.report import Entry, Head, is_failure, json_text

MOST_ROWS = 20_000
"""People in one page; a browser takes no more in comfort. The totals are of everybody."""
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_HALVES = re.compile("[\ud800-\udfff]")
_MOST_TEXT = 300
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


def html_lines(head: Head, entries: Iterable[Entry]) -> Iterator[str]:
    """The page, a person at a time."""
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Mapping report: {_text(head.people)}</title><style>{_STYLE}</style></head><body>"
    )
    yield from _top(head)
    yield from _people(entries)
    yield "</body></html>\n"


def _top(head: Head) -> Iterator[str]:
    against = f", compared with {_text(head.directory)}" if head.directory else ""
    yield (
        "<h1>Mapping report</h1>"
        f'<p class="of">{_text(head.people)} through {_text(head.mapping)}{against},'
        f" {_text(head.made_at.isoformat(' ', 'seconds'))}</p>"
    )
    totals = head.totals
    yield "<dl>" + "".join(_figures(totals)) + "</dl>"
    yield _counts("Findings", "finding", totals["codes"])
    if totals["changes"]:
        yield _counts("Changes", "change", totals["changes"])
    if totals["groups"]:
        yield _groups(totals["groups"])


def _figures(totals: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for name, role in (("people", ""), ("accepted", "good"), ("refused", "bad"),
                       ("warned", "warn"), ("unassigned", "")):  # fmt: skip
        yield _figure(name, totals[name], role)
    if totals["writes"] is not None:
        yield _figure("requests", totals["reads"] + totals["writes"], "")
        yield _figure("seconds to push", totals["push_seconds"], "")


def _figure(name: str, value: float | None, role: str) -> str:
    shown = "unknown" if value is None else f"{value:,}"
    return f'<div><dt>{name}</dt><dd class="{role if value else ""}">{shown}</dd></div>'


def _counts(title: str, head: str, counts: dict[str, int]) -> str:
    rows = "".join(
        f'<tr><td><code>{_text(name)}</code></td><td class="n">{count:,}</td></tr>'
        for name, count in counts.items()
        if count
    )
    rows = rows or '<tr><td colspan="2" class="good">none</td></tr>'
    return f"<h2>{title}</h2><table><tr><th>{head}</th><th>people</th></tr>{rows}</table>"


def _groups(groups: list[dict[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td>{_text(one['name'])}</td><td>{_text(one['problem'] or one['change'])}</td>"
        f'<td class="n">{_known(one["members"])}</td><td class="n">{_known(one["added"])}</td>'
        f'<td class="n">{_known(one["removed"])}</td></tr>'
        for one in groups
    )
    heads = "".join(f"<th>{name}</th>" for name in ("group", "change", "members", "new", "gone"))
    return f"<h2>Groups</h2><table><tr>{heads}</tr>{rows}</table>"


def _known(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


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
    found = "".join(
        f'<p><span class="{"bad" if each.severity == "error" else "warn"}">'
        f"{each.severity} <code>{_text(each.code)}</code></span> {_text(each.path)}"
        f"{_offered(each.value)}<br>{_text(each.message)}<br>"
        f'<span class="dim">Fix: {_text(each.fix)} ({_text(each.source)})</span></p>'
        for each in entry.findings
    )
    line = str(entry.line) if entry.line else "directory"
    return (
        f'<tr class="{kind}"><td class="n">{line}</td><td>{_text(entry.label)}</td>'
        f"<td>{found}</td><td>{_change(entry)}</td></tr>"
    )


def _offered(value: object) -> str:
    shown = value if isinstance(value, str) else json_text(value)
    return f" <code>{_text(shown)}</code>" if shown else ""


def _change(entry: Entry) -> str:
    change = entry.change
    if change is None:
        return '<span class="dim">not compared</span>'
    lines = "".join(
        f"<p><code>{_text(one.path)}</code> {_text(json_text(one.now))}"
        f" &rarr; {_text(json_text(one.after))}</p>"
        for one in change.differences
    )
    return f'<p>{change.kind.value}</p>{lines}<p class="dim">{_text(change.message)}</p>'


def _text(value: object) -> str:
    """Text from outside: short, with odd characters spelled out, and escaped."""
    text = str(value)
    if len(text) > _MOST_TEXT:
        text = f"{text[:_MOST_TEXT]}... ({len(text):,} characters)"
    text = _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return escape(_HALVES.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
