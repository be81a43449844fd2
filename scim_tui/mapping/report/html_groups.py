"""The groups on the page of a report, with the changes and their members."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from scim_tui.mapping.report.html_parts import change, findings, number, text
from scim_tui.mapping.report.rows import GroupEntry, is_failure

MOST_ROWS = 5_000
MOST_NAMES = 50
"""Members that a page names for each group."""
_HEADS = ("line", "group", "members", "what", "change", "memberships")


def group_rows(groups: Iterable[GroupEntry]) -> Iterator[str]:
    """The groups, one at a time; nothing at all where there is none."""
    rest = iter(groups)
    first = next(rest, None)
    if first is None:
        return
    heads = "".join(f"<th>{name}</th>" for name in _HEADS)
    yield f"<h2>Groups</h2><table><thead><tr>{heads}</tr></thead>"
    more = 0
    for place, group in enumerate(chain((first,), rest)):
        if place < MOST_ROWS:
            yield _group(group)
        else:
            more += 1
    yield "</table>"
    if more:
        yield f'<p class="dim">{more:,} more groups: see the report as CSV or JSON.</p>'


def _group(group: GroupEntry) -> str:
    entry = group.entry
    numbers = group.numbers.as_object()
    members = numbers["members"]
    shown = number(members if isinstance(members, int) else None)
    line = str(entry.line) if entry.line else ""
    kind = "refused" if is_failure(entry) else "other"
    return (
        f'<tr class="{kind}"><td class="n">{line}</td><td>{text(entry.label)}</td>'
        f'<td class="n">{shown}</td><td>{findings(entry)}</td><td>{change(entry)}</td>'
        f"<td>{_memberships(group)}</td></tr>"
    )


def _memberships(group: GroupEntry) -> str:
    """The names that would be added and removed."""
    if group.added is None and group.removed is None:
        return f'<span class="dim">not compared; by {text(group.members_from)}</span>'
    added = _names("+", "good", group.added or ())
    removed = _names("&minus;", "bad", group.removed or ())
    return added + removed or '<span class="dim">no member changes</span>'


def _names(sign: str, role: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    listed = ", ".join(text(name) for name in names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return f'<p><span class="{role}">{sign}{len(names):,}</span> {listed}{more}</p>'
