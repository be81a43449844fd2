"""The groups of one run: the payload of each, its findings and its members."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.mapping.groups_file import GroupsFile, column_of_groups, groups_of_names
from scim_tui.core.mapping.memberships import GroupComparison, GroupMembers
from scim_tui.core.mapping.people import PeopleFile
from scim_tui.core.mapping.results import Result, Results, is_refused
from scim_tui.core.mapping.roster import NOT_LISTED, Roster
from scim_tui.core.mapping.selection import ResultSelection
from scim_tui.core.mapping.totals import Totals
from scim_tui.mapping.authoring.columns import bound_of_groups
from scim_tui.mapping.check import group_findings as about
from scim_tui.mapping.check.changes import ChangeKind, PlannedChange
from scim_tui.mapping.check.engine import Payload, apply_to_group
from scim_tui.mapping.check.findings import Finding
from scim_tui.mapping.presets import DEFAULT, preset
from scim_tui.mapping.read.assignment import KEYS, key_paths, names_of
from scim_tui.mapping.read.groups import COLUMNS, GroupChange, groups_of
from scim_tui.mapping.read.members import (
    GROUP_OF_ROW,
    ONE_A_ROW,
    Member,
    is_cut,
    members_in,
    members_of,
)
from scim_tui.mapping.read.members import KEYS as MEMBERS
from scim_tui.mapping.read.people import Person
from scim_tui.mapping.read.remarks import refuse_unclear
from scim_tui.mapping.report.rows import GroupEntry, ReportEntry
from scim_tui.mapping.rules.expressions import EvaluationFailed
from scim_tui.mapping.rules.rules import RuleSet
from scim_tui.model.directory import GroupRow
from scim_tui.model.unknown_values import UNKNOWN, Count

DEFAULT_RULES = f"There are no rules below [group]: those of preset:{DEFAULT} are used."

ComparedGroups = tuple[
    Results, Mapping[int, GroupComparison], tuple[GroupRow, ...], tuple[GroupChange, ...]
]
"""Results, the comparison of each group, groups that only the directory has, and the summary."""


class GroupRun:
    """All groups, from a file of groups or from a column of the people."""

    def __init__(self, rules: RuleSet, file: GroupsFile | None, columns: Iterable[str]) -> None:
        named = tuple(columns)
        self.results = Results()
        self.file = file if file is not None else groups_of_names(())
        self.own_rules = bool(rules.group_rules)
        """Whether the mapping has rules for groups; else those of the default preset are used."""
        whole = rules if self.own_rules else _with_default_rules(rules)
        self.rules = bound_of_groups(whole, self.file.columns)
        self.column = "" if file is not None else column_of_groups(named)
        """The columns of the people that name groups; empty: there are none, or a file is used."""
        self.summary: tuple[GroupChange, ...] = ()
        self.people = Results()
        self.roster = Roster()
        self.members: list[array[int] | None] = []
        """For each group the numbers of its members in the roster; None: the file has none."""
        self._keys = tuple(key for key in KEYS if key_paths(named, (key,)))
        self._named: dict[str, array[int]] = {}
        self._owners: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self._ids: set[str] = set()
        """Names and ids of the groups, to recognise a group that is a member."""
        self.stopped = False
        """Whether a thread should end its work, because another run replaced this one."""
        self.comparisons: Mapping[int, GroupComparison] = {}
        """The comparison of each group with the directory; empty: not compared."""
        self._latest: tuple[int, GroupComparison | None, GroupMembers] | None = None
        """The members of the group that was requested last: several callers request it again."""
        self.left: tuple[GroupRow, ...] = ()
        """Groups that the IdP made and the file does not have."""

    def __len__(self) -> int:
        return len(self.file)

    @property
    def selection(self) -> ResultSelection:
        """The results, for lists and filters."""
        return ResultSelection(self)

    @property
    def source(self) -> str:
        """Which column, rule or file says who is in a group; contains text from outside."""
        if self.column:
            return f"the column {self.column} of the people"
        rule = self.rules.members
        return f"the rule on line {rule.line}" if rule is not None else f"the file {self.file.name}"

    def refuse_unclear(self, people: PeopleFile) -> None:
        """Raise `BadPeople` when a rule or the members need a column that cannot be read."""
        for rule in self.rules.group_rules:
            purpose = f"rule {rule.target.text} of groups (line {rule.line})"
            refuse_unclear(self.file.remarks.unclear, rule.fields, purpose)
        keys = (*MEMBERS, *ONE_A_ROW, *GROUP_OF_ROW)
        of_file = {way[0] for way in key_paths(self.file.columns, keys)}
        refuse_unclear(self.file.remarks.unclear, of_file, "who is in a group")
        named = {
            way[0] for way in key_paths(people.columns, COLUMNS if self.column else self._keys)
        }
        if self.column or len(self.file):
            refuse_unclear(people.remarks.unclear, named, "who is in a group")

    def collect(self) -> None:
        """Collect the members that the groups name, before the people are checked."""
        for index in giving_way(range(len(self.file))):
            group = self.file.group(index)
            self._ids.update(names_of(group.source))
            named = self._members_of(group)
            numbers = dict.fromkeys(map(self.roster.number, named or ()))
            self.members.append(None if named is None else array("q", numbers))
            if self.stopped:
                return

    def _members_of(self, group: Person) -> list[Member] | None:
        rule = self.rules.members
        if rule is None or rule.source is None:
            return members_in(group.source)
        try:
            value = rule.source.of(group.source)
        except EvaluationFailed:
            return None
        return None if value is None else list(members_of(value))

    @property
    def needs_people(self) -> bool:
        """Whether a person may be in a group, so that each one has to be linked."""
        return bool(self.column or self.roster)

    def link(self, person: Person, keys: Iterable[str | None]) -> None:
        """Add a person to the groups that name the person, or that the person names."""
        if self.column:
            for name in groups_of(person.source):
                self._named.setdefault(name, array("q")).append(person.index)
        else:
            self.roster.link(person.index, (*keys, *names_of(person.source, self._keys)))

    def check(self, people: Results) -> None:
        """Check every group after all people are checked; in a thread, as a group may be large."""
        self.people = people
        if self.column:
            names = sorted(self._named)
            self.file, self.members = groups_of_names(names), [self._named[one] for one in names]
        for index in giving_way(range(len(self.file))):
            payload, findings = self.check_one(index)
            self.results.add(label_of(payload, self.file.group(index)), findings)
            if not is_refused(findings):
                self._claim(payload, index)
            if self.stopped:
                return
        self.results.keep()
        self.summary = self.summarised()

    def payload(self, index: int) -> Payload:
        """What would be sent to create a group."""
        return apply_to_group(self.rules, self.file.group(index).source)

    def check_one(self, index: int) -> tuple[Payload, tuple[Finding, ...]]:
        """What would be sent for a group, with the findings about it and its members."""
        group = self.file.group(index)
        payload, members = apply_to_group(self.rules, group.source), self.memberships(index)
        found = (*payload.findings, *self._collisions(payload, index))
        if not self.column and payload.user.get("externalId") is None:
            found = (*found, about.without_external_id())
        cut = (about.cut_members(),) if is_cut(group.source) else ()
        return payload, (*found, *_of_members(members), *cut)

    def _collisions(self, payload: Payload, index: int) -> Iterator[Finding]:
        for (code, path), owners in zip(_UNIQUE, self._owners, strict=True):
            key = _key(payload, path)
            owner = owners.get(key, index) if key else index
            if owner < index:
                yield about.taken(code, path, key, owner)

    def _claim(self, payload: Payload, index: int) -> None:
        for (_, path), owners in zip(_UNIQUE, self._owners, strict=True):
            if key := _key(payload, path):
                owners.setdefault(key, index)

    def memberships(self, index: int) -> GroupMembers:
        """The members that a group would have, and those it names but would not have."""
        comparison, latest = self.comparisons.get(index), self._latest
        if latest is None or latest[0] != index or latest[1] is not comparison:
            latest = self._latest = (index, comparison, self._memberships(index))
        return latest[2]

    def compared(self) -> ComparedGroups:
        """What the comparison before found."""
        return self.results, self.comparisons, self.left, self.summary

    def take(self, found: ComparedGroups) -> None:
        """Replace what a comparison found."""
        self.results, self.comparisons, self.left, self.summary = found
        self._latest = None

    def reset_comparison(self) -> None:
        """Remove what the comparison before added."""
        self.take((self.results.again(), {}, (), self.summary))

    def _memberships(self, index: int) -> GroupMembers:
        numbers, comparison = self.members[index], self.comparisons.get(index)
        if numbers is None:
            return GroupMembers(self.source, UNKNOWN)
        found = GroupMembers(self.source, 0, label=self._label, named=len(numbers))
        for number in numbers:
            person = number if self.column else self.roster.person(number)
            if person == NOT_LISTED:
                member = self.roster.member(number)
                (found.groups if self.is_group(member) else found.unknown).append(member.shown)
            elif self.people.is_sent(person):
                found.people.append(person)
            else:
                found.held_back.append(person)
        return comparison.apply_to(found) if comparison else replace(found, count=len(found.people))

    def is_group(self, member: Member) -> bool:
        """Whether a member is a group itself."""
        return member.group or not self._ids.isdisjoint(member.names)

    def unknown_members(self, index: int) -> Iterator[Member]:
        """The members of a group that are neither people of the file nor groups."""
        for number in () if self.column else self.members[index] or ():
            member = self.roster.member(number)
            if self.roster.person(number) == NOT_LISTED and not self.is_group(member):
                yield member

    def _label(self, person: int) -> str:
        return self.people.label(person)

    def people_in_groups(self) -> set[int]:
        """Indexes of all people who are in a group."""
        if not self.column:
            return self.roster.people_in_groups()
        return {person for some in self.members for person in some or ()}

    def result(self, index: int) -> Result:
        """Everything about one group; after the last come those that are in the directory only."""
        if index >= len(self.file):
            return _left_over(self.left[index - len(self.file)], index)
        payload, findings = self.check_one(index)
        group, comparison = self.file.group(index), self.comparisons.get(index)
        return Result(
            group,
            payload,
            (*findings, *(comparison.findings if comparison else ())),
            comparison.change if comparison else None,
            label=label_of(payload, group),
            members=self.memberships(index),
        )

    def entries(self) -> Iterator[GroupEntry]:
        """All groups checked, to print or to write."""
        for index, numbers in enumerate(self.summary):
            found = self.result(index)
            entry = ReportEntry(index, found.person.line, found.label, found.findings, found.change)
            members = self.memberships(index)
            not_members = [*members.groups, *members.unknown, *members.not_sent]
            yield GroupEntry(
                entry, numbers, members.source, members.added, members.removed, not_members
            )

    def totals(self) -> Totals:
        """The groups in numbers."""
        totals = self.results.totals(of=len(self.file), seconds=0.0)
        return replace(totals, changes=self.results.counted() if self.comparisons else ())

    def summarised(self) -> tuple[GroupChange, ...]:
        """The summary of every group, computed again."""
        return tuple(map(self._summary, giving_way(range(len(self.file)))))

    def _summary(self, index: int) -> GroupChange:
        comparison, found = self.comparisons.get(index), self.memberships(index)
        return GroupChange(
            self.results.label(index),
            comparison.change.kind if comparison else UNKNOWN,
            found.count,
            _count(found.added),
            _count(found.removed),
            self._problem(index),
            renamed=bool(comparison and comparison.change.differences),
        )

    def _problem(self, index: int) -> str:
        if not self.results.is_refused(index):
            return ""
        worst = next(each for each in self.result(index).findings if is_refused((each,)))
        return f"{worst.code}: {worst.message}"


_UNIQUE = (("group.displayName.unique", "displayName"), ("externalId.unique", "externalId"))
"""Values that must be unique among groups, ignoring case (CloudTrail messages)."""


def _of_members(members: GroupMembers) -> Iterator[Finding]:
    """The findings about the members that a group names."""
    if members.count == UNKNOWN:
        yield about.unlisted_members()
        return
    if members.groups:
        yield about.nested(members.groups)
    if members.unknown:
        yield about.unknown_members(members.unknown, members.named)
    if members.held_back:
        yield about.refused_members(members.not_sent, members.named)


def _count(names: Sequence[str] | None) -> Count:
    return UNKNOWN if names is None else len(names)


def _left_over(row: GroupRow, index: int) -> Result:
    source = {"displayName": row.display_name, "externalId": row.external_id}
    change = PlannedChange(ChangeKind.NOT_SENT, row.id, message=_LEFT)
    return Result(
        Person(index, 0, source), Payload({}, ()), (), change, label=row.display_name or row.id
    )


_LEFT = "The IdP made this group and the file lacks it: the settings of the IdP keep or delete it."


def _key(payload: Payload, path: str) -> str:
    value = payload.user.get(path)
    return value.lower() if isinstance(value, str) else ""


def label_of(payload: Payload, group: Person) -> str:
    """The name that is sent, else the line of the file."""
    name = payload.user.get("displayName")
    return name if isinstance(name, str) and name else f"line {group.line}"


def _with_default_rules(rules: RuleSet) -> RuleSet:
    return replace(rules, group_rules=preset(DEFAULT).group_rules)
