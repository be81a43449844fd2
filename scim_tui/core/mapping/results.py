"""The results of a preview: a few bytes for each person, so that a million fit in memory."""

from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.mapping.memberships import GroupMembers
from scim_tui.core.mapping.spool import Spool
from scim_tui.core.mapping.totals import Totals
from scim_tui.mapping.check.changes import ChangeKind, PlannedChange
from scim_tui.mapping.check.engine import Payload
from scim_tui.mapping.check.findings import UNASSIGNED, Finding, Severity, primary_email
from scim_tui.mapping.read.people import Person
from scim_tui.model.unknown_values import UNKNOWN

_STRETCH = 2_000
KINDS = tuple(ChangeKind)
_NOT_COMPARED = 255


@dataclass(frozen=True, slots=True)
class Result:
    """Everything about one person, or one group."""

    person: Person
    payload: Payload
    findings: tuple[Finding, ...]
    change: PlannedChange | None = None
    """What a push would do, compared with a listing of the directory; None: not compared."""
    assigned: bool | None = None
    """Whether the person is assigned to the app of the IdP; None: unknown."""
    label: str = ""
    """The name; text from outside."""
    members: GroupMembers | None = None
    """The members of a group; None: it is a person."""

    @property
    def refused(self) -> bool:
        """Whether the directory would refuse this person or group."""
        return is_refused(self.findings)


def is_refused(findings: Iterable[Finding]) -> bool:
    """Whether the directory would refuse a resource with these findings."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def label_of(payload: Payload, person: Person) -> str:
    """The name to show: userName, else display name or address, else the line of the file."""
    user = payload.user
    for attribute in ("userName", "displayName"):
        value = user.get(attribute)
        if isinstance(value, str) and value:
            return value
    return primary_email(user) or f"line {person.line}"


class Results:
    """The results of all people, or groups, checked so far.

    A thread may read them while another goes on: they grow and never shrink. A comparison begins
    with other ones, made by `again`, and leaves these to those who still read them.
    """

    def __init__(self) -> None:
        self._labels = Spool()
        """Names of the people in the files."""
        self._left_labels = Spool()
        """Names of those who are in the directory only."""
        self.refused = array("q")
        """Indexes of all who would be refused, ascending."""
        self._refused_by_directory = array("q")
        self.codes: Counter[str] = Counter()
        self.warned = 0
        self.unassigned = 0
        self.assignment_known = 0
        """For how many it is known whether they are assigned."""
        self.kinds = bytearray()
        self._before_comparison: tuple[array[int], array[int], Counter[str], int] | None = None
        self._sets: dict[tuple[str, ...], int] = {(): 0}
        """Each combination of codes that occurs, with its number."""
        self._combinations: list[tuple[str, ...]] = [()]
        """The same by number: a list may grow while it is read, a dictionary may not."""
        self._codes = array("I")

    def __len__(self) -> int:
        return len(self._codes)

    def add(self, label: str, findings: Sequence[Finding], assigned: bool | None = None) -> bool:
        """Add the result of the next person; returns whether the person would be refused."""
        index = len(self._codes)
        self.unassigned += assigned is False
        self.assignment_known += assigned is not None
        self._labels.add(label)
        self.kinds.append(_NOT_COMPARED)
        if not findings:
            self._codes.append(0)
            return False
        codes = tuple(dict.fromkeys(finding.code for finding in findings))
        self._codes.append(self._number(codes))
        self.codes.update(codes)
        refused = is_refused(findings)
        if refused:
            self.refused.append(index)
        else:
            self.warned += 1
        return refused

    def codes_of(self, index: int) -> tuple[str, ...]:
        """Codes of the findings of one person."""
        return self._combinations[self._codes[index]]

    def label(self, index: int) -> str:
        """The name of one; from outside, never to be shown raw."""
        given = len(self._labels)
        label: str = self._labels[index] if index < given else self._left_labels[index - given]
        return label

    def kind(self, index: int) -> ChangeKind | None:
        """What a push would do for one person; None: not compared."""
        found = self.kinds[index]
        return None if found == _NOT_COMPARED else KINDS[found]

    def select(self, *, code: str, change: str, text: str, failures: bool) -> "array[int]":
        """Indexes of all who match every condition that is not empty."""
        found: Iterable[int] = self.refused if failures else range(len(self))
        if code:
            having = {n for n, codes in enumerate(self._combinations) if code in codes}
            found = [index for index in found if self._codes[index] in having]
        if change:
            wanted = KINDS.index(ChangeKind(change))
            found = [index for index in found if self.kinds[index] == wanted]
        if text:
            named = self._named(text.lower())
            found = [index for index in found if index in named]
        return array("q", found)

    def is_refused(self, index: int) -> bool:
        """Whether the directory would refuse this one."""
        refused = self.refused
        place = bisect_left(refused, index)
        return place < len(refused) and refused[place] == index

    def keep(self) -> None:
        """Save the results before a comparison, for `restore`."""
        self._before_comparison = (
            self.refused[:],
            self._codes[:],
            Counter(self.codes),
            self.warned,
        )

    def again(self) -> "Results":
        """The results as they were before a comparison, for the next one; these stay."""
        fresh = Results()
        if self._before_comparison is None:
            return self
        refused, codes, counts, warned = fresh._before_comparison = self._before_comparison
        fresh._labels, fresh._sets, fresh._combinations = (
            self._labels,
            self._sets,
            self._combinations,
        )
        fresh.refused, fresh._codes = refused[:], codes[:]
        fresh.codes, fresh.warned = Counter(counts), warned
        fresh.unassigned, fresh.assignment_known = self.unassigned, self.assignment_known
        fresh.kinds = bytearray([_NOT_COMPARED]) * len(codes)
        return fresh

    def compared(self, index: int, kind: ChangeKind, findings: Sequence[Finding]) -> None:
        """Add what a push of one person would do, with the findings that follow from it."""
        self.kinds[index] = KINDS.index(kind)
        if not findings:
            return
        before = self.codes_of(index)
        new = tuple(finding.code for finding in findings if finding.code not in before)
        codes = (*before, *new)
        self._codes[index] = self._number(codes)
        self.codes.update(new)
        if is_refused(findings):
            self._refused_by_directory.append(index)
            self.warned -= bool(before)
        else:
            self.warned += not before

    def replace(self, index: int, kind: ChangeKind | None, findings: Sequence[Finding]) -> None:
        """Replace the result of one person."""
        before, was = self.codes_of(index), self.is_refused(index)
        codes = tuple(dict.fromkeys(finding.code for finding in findings))
        self._codes[index] = self._number(codes)
        self.codes.subtract(before)
        self.codes.update(codes)
        self.codes = +self.codes
        now = is_refused(findings)
        self.warned += (bool(codes) and not now) - (bool(before) and not was)
        if now != was:
            refused = self.refused[:]
            if now:
                insort(refused, index)
            else:
                refused.remove(index)
            self.refused = refused
        self.kinds[index] = _NOT_COMPARED if kind is None else KINDS.index(kind)

    def is_sent(self, index: int) -> bool:
        """Whether the IdP would send this one: neither refused nor unassigned."""
        if not self._codes[index]:
            return True
        return not self.is_refused(index) and UNASSIGNED not in self.codes_of(index)

    def settle(self) -> None:
        """End a comparison: add those it found to be refused to the list of refused."""
        self.refused = array("q", sorted([*self.refused, *self._refused_by_directory]))
        self._refused_by_directory = array("q")

    def add_left_over(self, label: str, kind: ChangeKind) -> None:
        """Add a user of the directory that no person matches."""
        self._left_labels.add(label)
        self.kinds.append(KINDS.index(kind))
        self._codes.append(0)

    def totals(self, *, of: int, seconds: float) -> Totals:
        """The numbers so far."""
        checked, refused = min(len(self), of), len(self.refused) + len(self._refused_by_directory)
        return Totals(
            people=checked,
            accepted=checked - refused - self.unassigned,
            refused=refused,
            warned=self.warned - self.unassigned,
            codes=tuple(self.codes.most_common()),
            seconds=seconds,
            of=of,
            unassigned=self.unassigned if self.assignment_known else UNKNOWN,
            assignment_unknown=checked - self.assignment_known,
        )

    def worth_reporting(self) -> "array[int]":
        """Indexes of all with a finding or a change."""
        unchanged = (_NOT_COMPARED, KINDS.index(ChangeKind.UNCHANGED))
        return array(
            "q",
            (
                index
                for index, number in enumerate(self._codes)
                if number or self.kinds[index] not in unchanged
            ),
        )

    def _named(self, text: str) -> set[int]:
        found: set[int] = set()
        given = len(self._labels)
        for names, base in ((self._labels, 0), (self._left_labels, given)):
            count = len(names)
            for first in giving_way(range(0, count, _STRETCH)):
                some = names.stretch(first, min(first + _STRETCH, count))
                at = base + first
                found.update(at + n for n, label in enumerate(some) if text in label.lower())
        return found

    def _number(self, codes: tuple[str, ...]) -> int:
        """The number of a combination of codes."""
        number = self._sets.get(codes)
        if number is None:
            number = self._sets[codes] = len(self._combinations)
            self._combinations.append(codes)
        return number

    def counted(self) -> tuple[tuple[str, int], ...]:
        """How many people each kind of change concerns."""
        return tuple((str(kind), self.kinds.count(n)) for n, kind in enumerate(KINDS))
