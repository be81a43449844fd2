"""The parts of a page that people and groups share; everything from outside is escaped here."""

from html import escape

from scim_tui.mapping.report.rows import ReportEntry, json_text
from scim_tui.model.escaping import reveal

_MOST_TEXT = 300


def text(value: object) -> str:
    """Text from outside: short, with odd characters as escapes, and HTML escaped."""
    shown = str(value)
    if len(shown) > _MOST_TEXT:
        shown = f"{shown[:_MOST_TEXT]}... ({len(shown):,} characters)"
    return escape(reveal(shown, keep="\t\n"))


def number(value: int | None) -> str:
    """A number, or that it is not known."""
    return "unknown" if value is None else f"{value:,}"


def findings(entry: ReportEntry) -> str:
    """The findings, each with its value, its fix and the source of the rule."""
    return "".join(
        f'<p><span class="{"bad" if each.severity == "error" else "warn"}">'
        f"{each.severity} <code>{text(each.code)}</code></span> {text(each.path)}"
        f"{_offered(each.value)}<br>{text(each.message)}<br>"
        f'<span class="dim">Fix: {text(each.fix)} ({text(each.source)})</span></p>'
        for each in entry.findings
    )


def _offered(value: object) -> str:
    shown = value if isinstance(value, str) else json_text(value)
    return f" <code>{text(shown)}</code>" if shown else ""


def change(entry: ReportEntry) -> str:
    """What would change, attribute by attribute."""
    found = entry.change
    if found is None:
        return '<span class="dim">not compared</span>'
    lines = "".join(
        f"<p><code>{text(one.path)}</code> {text(json_text(one.now))}"
        f" &rarr; {text(json_text(one.after))}</p>"
        for one in found.differences
    )
    return f'<p>{found.kind.value}</p>{lines}<p class="dim">{text(found.message)}</p>'
