"""The lines above the list: files, totals, changes, progress, and the change since the last run."""

from collections.abc import Sequence

from scim_tui.core.mapping.api import MappingPreview, Totals, WorkProgress
from scim_tui.model.plural import plural
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.text import GLYPHS, Line, Span, clean, fit, line, middle, width
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.facet import Facet
from scim_tui.tui.mapping.files import Files
from scim_tui.tui.mapping.rows import CHANGE_ROLES

BAR = 12
"""Cells of the progress bar."""


def files_lines(preview: MappingPreview, files: Files, cells: int) -> list[Line]:
    """The names of the files, on as many lines as they take."""
    rules, people = preview.rules, preview.people
    partial = people is not None and bool(people.remarks.partial)
    name = middle(files.short(files.mapping) if rules else "none", max(cells // 2, 16))
    count = (Span(f"  {len(rules.rules)} rules", "dim"),) if rules and not partial else ()
    parts: list[Line] = [(Span(" MAPPING ", "title"), Span(name), *count)]
    parts.append(_named("people", files.short(files.people) if people else "no file", cells))
    if people and people.remarks.guessed:
        words = messages.read_as(people.remarks.guessed)
        parts.append(
            (Span(words, "warn"), Span("x", "accent"), Span(messages.NAMES_ANOTHER, "warn"))
        )
    if files.groups:
        parts.append(_named("groups", files.short(files.groups), cells))
    if people and cells >= 70:
        column = files.scope in people.columns
        scope = files.scope if column else files.short(files.scope)
        parts.append(_named("assigned", scope or "unknown", cells, "" if scope else "unknown"))
    if notes := len(preview.notes()):
        words = messages.ONE_PAGE if partial else f" {notes} to know"
        parts.append((Span("   "), Span("s", "accent"), Span(words, "warn")))
    return _flowing(parts, cells)


def _named(what: str, name: str, cells: int, role: str = "") -> Line:
    """A kind of file and its name, on one line whatever its length."""
    room = max(cells - len(what) - 4, 8)
    return (Span(f"   {what} ", "dim"), Span(middle(name, room), role))


def _flowing(parts: Sequence[Line], cells: int) -> list[Line]:
    """The parts one after the other; each that does not fit begins a new line."""
    lines: list[Line] = [()]
    for part in parts:
        if lines[-1] and width(lines[-1]) + width(part) > cells:
            lines.append(())
        lines[-1] = (*lines[-1], *part)
    return lines


def totals_line(totals: Totals, cells: int) -> Line:
    """How many would be accepted or refused, with the most frequent findings that fit."""
    parts = [
        Span(f" {totals.people:,} checked", ""),
        Span(f"   {totals.accepted:,} ok", "good"),
        Span(f"   {totals.refused:,} refused", "bad" if totals.refused else "dim"),
        Span(f"   {totals.warned:,} warned", "warn" if totals.warned else "dim"),
    ]
    if not totals.complete:
        parts.append(Span(f"   of {totals.of:,}", "dim"))
    if not isinstance(totals.unassigned, Absent):
        parts.append(Span(f"   {totals.unassigned:,} not assigned", "dim"))
    for n, (code, count) in enumerate(totals.codes):
        more = Span(f"{',' if n else '  '} {code} {count:,}", "dim")
        if width(parts) + width((more,)) > cells:
            break
        parts.append(more)
    return tuple(parts)


def changes_line(totals: Totals, cells: int) -> Line:
    """The changes of a push of all people, with its requests and time."""
    if not totals.compared:
        return line((messages.NOT_COMPARED_YET, "dim"), ("V", "accent"), (" compares", "dim"))
    cost = Span(f" {GLYPHS.bar} {cost_words(totals)}", "dim")
    whole, short = _kinds(totals, _NAMED), _kinds(totals, ())
    for line_of in ((*whole, cost), (*short, cost), whole):
        if width(line_of) <= cells:
            return line_of
    return short


_NAMED = ("create", "update", "deactivate")
"""Kinds of change that are shown also with a count of 0, where there is room."""


def _kinds(totals: Totals, named: tuple[str, ...]) -> Line:
    return tuple(
        Span(f" {count:,} {kind} ", CHANGE_ROLES.get(kind, "") if count else "dim")
        for kind, count in totals.changes
        if count or kind in named
    )


def cost_words(totals: Totals) -> str:
    """Requests and time of a push of all people, as far as they are known."""
    reads, writes = totals.reads, totals.writes
    if isinstance(reads, Absent) or isinstance(writes, Absent):
        return messages.REQUESTS_UNKNOWN
    groups = sum(1 for group in totals.groups if group.requests)
    also = f", {plural(groups, 'group')}" if groups else ""
    if isinstance(totals.push_seconds, Absent):
        return messages.cost(reads + writes, also, "time not known")
    return messages.cost(reads + writes, also, duration(totals.push_seconds))


def duration(seconds: float) -> str:
    """A duration, rounded."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def progress_line(work: WorkProgress, cells: int) -> Line:
    """The work that is running, with its share, count, rate and remaining time."""
    of, share = work.of, work.share
    if share is None and of:
        share = work.done / of
    rate = work.done / work.seconds if work.seconds > 0 else 0
    count = f"  {work.done:,}" + (f" of {of:,}" if of else "") if work.done else ""
    parts = [
        *(_bar(min(share, 1)) if share is not None else ()),
        Span(f" {work.what}", "info"),
        Span(count),
    ]
    pace = f"   {rate:,.0f}/s" if rate >= 1 else ""
    left = f"   {duration(work.seconds / share - work.seconds)} left" if share and rate else ""
    for extra in ("   Ctrl-C stops", left, pace):
        if width(parts) + len(extra) <= cells:
            parts.append(Span(extra, "dim"))
    return tuple(parts)


def _bar(share: float) -> Line:
    full = round(share * BAR)
    bar = GLYPHS.full * full + GLYPHS.dot * (BAR - full)
    return (Span(f" {bar}", "accent"), Span(f" {share:4.0%}"))


def filter_line(facet: Facet, shown: int, of: int, cells: int) -> Line:
    """What narrows the list, and the key that shows all people again."""
    of = max(of, shown)
    words = fit(clean(f" {facet.words}  {shown:,} of {of:,}"), max(cells - 24, 10)).rstrip()
    return line((words, "warn"), (messages.SHOWS_ALL, "dim"))


def changes_since(before: Totals | None, now: Totals) -> str:
    """How the totals differ from those of the run before, such as "refused 12 -> 3"."""
    if before is None:
        return ""
    pairs = [
        ("ok", before.accepted, now.accepted),
        ("refused", before.refused, now.refused),
        ("warned", before.warned, now.warned),
    ]
    old, new = dict(before.codes), dict(now.codes)
    pairs += [(code, old.get(code, 0), new.get(code, 0)) for code in {**old, **new}]
    if before.compared and now.compared:
        was = dict(before.changes)
        pairs += [(kind, was.get(kind, 0), count) for kind, count in now.changes]
    words = [f"{name} {one:,} -> {two:,}" for name, one, two in pairs if one != two]
    return ", ".join(words) if words else messages.NOTHING_MOVED
