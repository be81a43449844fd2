"""The groups of a mapping preview as lines: the members of one, and the totals of all."""

from collections.abc import Iterable, Sequence

from scim_tui.core.mapping.api import GroupMembers, GroupRun, Result, Totals
from scim_tui.model.plural import plural
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.record import sentence_lines
from scim_tui.tui.drawing.text import Line, Span, chop, clean, line, middle, reveal, width, wrap
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.totals import cost_words, totals_line

MOST_NAMES = 200
"""Members that the screen names; a report names all."""
_PARTS = {"added": ("+", "good"), "removed": ("-", "bad")}


def groups_line(groups: GroupRun, cells: int) -> Line:
    """The source of the groups, and how many would be accepted."""
    source = middle(clean(groups.source), cells // 3)
    head: Line = (Span(" GROUPS ", "title"), Span(f"{source}  ", "dim"))
    return (*head, *totals_line(groups.totals(), max(cells - width(head) - 2, 20)))


def memberships_line(groups: GroupRun, totals: Totals) -> Line:
    """How many members all groups gain and lose, and the requests it takes."""
    if not totals.compared:
        return line((messages.NOT_COMPARED_YET, "dim"), ("V", "accent"), (" compares", "dim"))
    kinds = dict(groups.totals().changes)
    shown = [
        Span(f" {kinds[kind]:,} {kind} ")
        for kind in ("create", "update", "conflict")
        if kinds.get(kind)
    ]
    added, removed = (
        _sum(one.added for one in groups.summary),
        _sum(one.removed for one in groups.summary),
    )
    requests = sum(one.requests for one in groups.summary)
    cost = messages.group_cost(requests, cost_words(totals))
    return (*shown, Span(f" memberships +{added:,} -{removed:,}"), Span(cost, "dim"))


def _sum(counts: Iterable[int | Absent]) -> int:
    return sum(count for count in counts if not isinstance(count, Absent))


def member_lines(result: Result, cells: int) -> list[Line]:
    """The members of a group: added, removed, and those named that would not be members."""
    members = result.members
    if members is None:
        return []
    if isinstance(members.count, Absent):
        return sentence_lines(messages.MEMBERS_UNKNOWN, cells, lead=" ? ")
    head = line((f" {members.count:,} MEMBERS ", "title"), (f" by {clean(members.source)}", "dim"))
    lines: list[Line] = [head]
    if members.added is None and members.removed is None:
        return [
            *lines,
            *_names("", "", members.names[:MOST_NAMES], members.count, cells),
            *_left_out(members, cells),
        ]
    for name, names in (("added", members.added), ("removed", members.removed)):
        sign, role = _PARTS[name]
        if names:
            lines.append(line((messages.would_be(sign, len(names), name), role)))
            lines += _names(sign, role, names[:MOST_NAMES], len(names), cells)
    if not members.added and not members.removed:
        lines.append(line((messages.NO_MEMBER_MOVES, "dim")))
    return [*lines, *_left_out(members, cells)]


def _left_out(members: GroupMembers, cells: int) -> list[Line]:
    lines: list[Line] = []
    for names, why in (
        (members.unknown, messages.NOT_AMONG_PEOPLE),
        (members.not_sent, messages.NOT_SENT),
        (members.groups, messages.ARE_GROUPS),
    ):
        if names:
            lines.append(line((messages.named_and(len(names), why), "warn")))
            lines += _names("?", "warn", names[:MOST_NAMES], len(names), cells)
    return lines


def _names(sign: str, role: str, names: Sequence[str], of: int, cells: int) -> list[Line]:
    lines = [
        line((f"   {sign or ' '} ", role), row)
        for name in names
        for row in chop(reveal(name), cells - 6)
    ]
    more = messages.more_names(of - len(names))
    return [*lines, *([line((more, "dim"))] if of > len(names) else [])]


def request_lines(result: Result, cells: int) -> list[Line]:
    """The requests after the first one: members, a hundred at a time."""
    if result.members is None:
        return []
    lines: list[Line] = [()]
    for op, names in result.members.requests:
        several = names[0] if len(names) == 1 else f"{names[0]} .. {names[-1]}"
        words = f"PATCH /Groups/..  {op} {plural(len(names), 'member')}: {several}"
        lines += [line((f" {row}", "dim")) for row in wrap(words, cells - 2)]
    return lines if len(lines) > 1 else []
