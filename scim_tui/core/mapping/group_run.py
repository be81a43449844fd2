"""The groups of one run: what would be sent for each, and who would be in it."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.mapping.groups_file import GroupsFile, column_of_groups, groups_of_names
from scim_tui.core.mapping.memberships import Beside, Memberships
from scim_tui.core.mapping.people import PeopleFile
from scim_tui.core.mapping.results import Result, Results, is_refused
from scim_tui.core.mapping.roster import NOBODY, Roster
from scim_tui.core.mapping.selection import Walk
from scim_tui.core.mapping.totals import Totals
from scim_tui.mapping.authoring.columns import bound_of_groups
from scim_tui.mapping.check import group_findings as about
from scim_tui.mapping.check.changes import Change, ChangeKind
from scim_tui.mapping.check.engine import Payload, apply_to_group
from scim_tui.mapping.check.findings import Finding
from scim_tui.mapping.presets import DEFAULT, preset
from scim_tui.mapping.read.assignment import KEYS, names_of, ways
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
from scim_tui.mapping.report.rows import Entry, GroupEntry
from scim_tui.mapping.rules.expressions import EvaluationFailed
from scim_tui.mapping.rules.rules import RuleSet
from scim_tui.model.directory import GroupRow
from scim_tui.model.unknown_values import UNKNOWN, Count

OURS = f"There are no rules below [group]: those of preset:{DEFAULT} are used."


class GroupRun(Walk):
    """Every group, from a file of groups or from a column of the people."""

    def __init__(self, rules: RuleSet, file: GroupsFile | None, columns: Iterable[str]) -> None:
        named = tuple(columns)
        self._results = Results()
        self.file = file if file is not None else groups_of_names(())
        whole = rules if rules.group_rules else _with_ours(rules)
        self.rules = bound_of_groups(whole, self.file.columns)
        self.column = "" if file is not None else column_of_groups(named)
        """The columns of the people that name groups; empty: there is a file, or nothing."""
        self.summary: tuple[GroupChange, ...] = ()
        self.people = Results()
        self.roster = Roster()
        self.members: list[array[int] | None] = []
        """Numbers of the members of each group; None: the file does not say."""
        self._keys = tuple(key for key in KEYS if ways(named, (key,)))
        self._named: dict[str, array[int]] = {}
        self._owners: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self._ids: set[str] = set()
        """What the groups themselves are called, to know a group in a group."""
        self.over = False
        """Whether to stop, as nobody waits for the outcome any more."""
        self.beside: Mapping[int, Beside] = {}
        """Each group beside the directory; empty: not compared."""
        self._latest: tuple[int, Beside | None, Memberships] | None = None
        """The group looked at last, which is looked at more than once."""
        self.left: tuple[GroupRow, ...] = ()
        """Groups that the IdP made and the file does not name."""

    def __len__(self) -> int:
        return len(self.file)

    @property
    def given(self) -> int:
        """How many groups the file has, or the people name."""
        return len(self.file)

    @property
    def source(self) -> str:
        """Where it comes from who is in a group, in words; from outside, never to be shown raw."""
        if self.column:
            return f"the column {self.column} of the people"
        rule = self.rules.members
        return f"the rule on line {rule.line}" if rule is not None else f"the file {self.file.name}"

    def refuse_unclear(self, people: PeopleFile) -> None:
        """Raise `BadPeople` when something here uses a column whose values a file does not tell."""
        for rule in self.rules.group_rules:
            purpose = f"rule {rule.target.text} of groups (line {rule.line})"
            refuse_unclear(self.file.remarks.unclear, rule.fields, purpose)
        keys = (*MEMBERS, *ONE_A_ROW, *GROUP_OF_ROW)
        of_file = {way[0] for way in ways(self.file.columns, keys)}
        refuse_unclear(self.file.remarks.unclear, of_file, "who is in a group")
        named = {way[0] for way in ways(people.columns, COLUMNS if self.column else self._keys)}
        if self.column or len(self.file):
            refuse_unclear(people.remarks.unclear, named, "who is in a group")

    def collect(self) -> None:
        """Look whom the groups of the file name, before the people are gone through."""
        for index in giving_way(range(len(self.file))):
            group = self.file.group(index)
            self._ids.update(names_of(group.source))
            named = self._members_of(group)
            numbers = dict.fromkeys(map(self.roster.number, named or ()))
            self.members.append(None if named is None else array("q", numbers))
            if self.over:
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
    def has_to_meet(self) -> bool:
        """Whether somebody among the people may be in a group."""
        return bool(self.column or self.roster)

    def meet(self, person: Person, keys: Iterable[str | None]) -> None:
        """Take in one of the people, by all that they are called, or by the groups they name."""
        if self.column:
            for name in groups_of(person.source):
                self._named.setdefault(name, array("q")).append(person.index)
        else:
            self.roster.meet(person.index, (*keys, *names_of(person.source, self._keys)))

    def check(self, people: Results) -> None:
        """Check every group, once everybody is checked; in a thread, as a group may be large."""
        self.people = people
        if self.column:
            names = sorted(self._named)
            self.file, self.members = groups_of_names(names), [self._named[one] for one in names]
        for index in giving_way(range(len(self.file))):
            payload, findings = self.alone(index)
            self._results.add(label_of(payload, self.file.group(index)), findings)
            if not is_refused(findings):
                self._take(payload, index)
            if self.over:
                return
        self._results.keep()
        self.summarise()

    def payload(self, index: int) -> Payload:
        """What would be sent to make a group."""
        return apply_to_group(self.rules, self.file.group(index).source)

    def alone(self, index: int) -> tuple[Payload, tuple[Finding, ...]]:
        """What would be sent for a group, and what there is to say about it and its members."""
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

    def _take(self, payload: Payload, index: int) -> None:
        for (_, path), owners in zip(_UNIQUE, self._owners, strict=True):
            if key := _key(payload, path):
                owners.setdefault(key, index)

    def memberships(self, index: int) -> Memberships:
        """Who would be in a group, and who of those that it names would not."""
        beside, latest = self.beside.get(index), self._latest
        if latest is None or latest[0] != index or latest[1] is not beside:
            latest = self._latest = (index, beside, self._memberships(index))
        return latest[2]

    def look_anew(self) -> None:
        """The people, or the directory, are others than before."""
        self.beside, self.left, self._latest = {}, (), None
        self._results.restore()

    def _memberships(self, index: int) -> Memberships:
        numbers, beside = self.members[index], self.beside.get(index)
        if numbers is None:
            return Memberships(self.source, UNKNOWN)
        found = Memberships(self.source, 0, label=self._label, named=len(numbers))
        for number in numbers:
            person = number if self.column else self.roster.person(number)
            if person == NOBODY:
                self._stranger(found, self.roster.member(number))
            elif self.people.is_sent(person):
                found.people.append(person)
            else:
                found.held_back.append(person)
        return beside.told(found) if beside else replace(found, count=len(found.people))

    def _stranger(self, found: Memberships, member: Member) -> None:
        """Somebody who is nobody of the people: a group, or unknown."""
        (found.groups if self.is_group(member) else found.strangers).append(member.shown)

    def is_group(self, member: Member) -> bool:
        """Whether a member is a group itself."""
        return member.group or not self._ids.isdisjoint(member.names)

    def strangers(self, index: int) -> Iterator[Member]:
        """The members of a group who are nobody of the people."""
        for number in () if self.column else self.members[index] or ():
            member = self.roster.member(number)
            if self.roster.person(number) == NOBODY and not self.is_group(member):
                yield member

    def _label(self, person: int) -> str:
        label: str = self.people.labels[person]
        return label

    def everybody(self) -> set[int]:
        """All of the people who are in some group."""
        if not self.column:
            return self.roster.everybody()
        return {person for some in self.members for person in some or ()}

    def result(self, index: int) -> Result:
        """Everything about one group, or about one that is left over, after the last."""
        if index >= len(self.file):
            return _left_over(self.left[index - len(self.file)], index)
        payload, findings = self.alone(index)
        group, beside = self.file.group(index), self.beside.get(index)
        return Result(
            group,
            payload,
            (*findings, *(beside.findings if beside else ())),
            beside.change if beside else None,
            label=label_of(payload, group),
            members=self.memberships(index),
        )

    def entries(self) -> Iterator[GroupEntry]:
        """Every group checked, to print or to write."""
        for index, numbers in enumerate(self.summary):
            found = self.result(index)
            entry = Entry(index, found.person.line, found.label, found.findings, found.change)
            members = self.memberships(index)
            not_members = [*members.groups, *members.strangers, *members.not_sent]
            yield GroupEntry(
                entry, numbers, members.source, members.added, members.removed, not_members
            )

    def totals(self) -> Totals:
        """The groups in numbers."""
        totals = self._results.totals(of=len(self.file), seconds=0.0)
        return replace(totals, changes=self._results.counted() if self.beside else ())

    @property
    def results(self) -> Results:
        """The outcome of every group."""
        return self._results

    def summarise(self) -> None:
        """Say once more of every group what would happen to it."""
        self.summary = tuple(map(self._summary, giving_way(range(len(self.file)))))

    def _summary(self, index: int) -> GroupChange:
        beside, found = self.beside.get(index), self.memberships(index)
        return GroupChange(
            self.label(index),
            beside.change.kind if beside else UNKNOWN,
            found.count,
            _count(found.added),
            _count(found.removed),
            self._problem(index),
            renamed=bool(beside and beside.change.differences),
        )

    def _problem(self, index: int) -> str:
        if not self.refused(index):
            return ""
        worst = next(each for each in self.result(index).findings if is_refused((each,)))
        return f"{worst.code}: {worst.message}"


_UNIQUE = (("group.displayName.unique", "displayName"), ("externalId.unique", "externalId"))
"""What no two groups may share; neither has a case (CloudTrail messages)."""


def _of_members(members: Memberships) -> Iterator[Finding]:
    """What there is to say about those whom a group names."""
    if members.count == UNKNOWN:
        yield about.untold_members()
        return
    if members.groups:
        yield about.nested(members.groups)
    if members.strangers:
        yield about.unknown_members(members.strangers, members.named)
    if members.held_back:
        yield about.refused_members(members.not_sent, members.named)


def _count(names: Sequence[str] | None) -> Count:
    return UNKNOWN if names is None else len(names)


def _left_over(row: GroupRow, index: int) -> Result:
    source = {"displayName": row.display_name, "externalId": row.external_id}
    change = Change(ChangeKind.NOT_SENT, row.id, message=_LEFT)
    return Result(
        Person(index, 0, source), Payload({}, ()), (), change, label=row.display_name or row.id
    )


_LEFT = "The IdP made this group, and the file names it no more: by its settings it stays or goes."


def _key(payload: Payload, path: str) -> str:
    value = payload.user.get(path)
    return value.lower() if isinstance(value, str) else ""


def label_of(payload: Payload, group: Person) -> str:
    """The name that is sent, else the line of the file."""
    name = payload.user.get("displayName")
    return name if isinstance(name, str) and name else f"line {group.line}"


def _with_ours(rules: RuleSet) -> RuleSet:
    return replace(rules, group_rules=preset(DEFAULT).group_rules)
