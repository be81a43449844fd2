"""What came out of a preview: a few bytes for each person, so that a million of them fit."""

from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.mapping.memberships import Memberships
from scim_tui.core.mapping.spool import Records
from scim_tui.core.mapping.totals import Totals
from scim_tui.mapping.check.changes import Change, ChangeKind
from scim_tui.mapping.check.engine import Payload
from scim_tui.mapping.check.findings import UNASSIGNED, Finding, Severity, primary_email
from scim_tui.mapping.read.people import Person
from scim_tui.model.unknown_values import UNKNOWN

_STRETCH = 2_000
KINDS = tuple(ChangeKind)
_NOT_COMPARED = 255


@dataclass(frozen=True, slots=True)
class Result:
    """One person of the preview, with everything about them."""

    person: Person
    payload: Payload
    findings: tuple[Finding, ...]
    change: Change | None = None
    """What a listing of the directory tells; None: not compared."""
    assigned: bool | None = None
    """Whether the person is assigned to the app of the IdP; None: unknown."""
    label: str = ""
    """Who it is; from outside, never to be shown raw."""
    members: Memberships | None = None
    """Of a group: who would be in it."""

    @property
    def refused(self) -> bool:
        """Whether the directory would refuse."""
        return is_refused(self.findings)


def is_refused(findings: Iterable[Finding]) -> bool:
    """Whether the directory would refuse somebody with these findings."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def label_of(payload: Payload, person: Person) -> str:
    """userName, else display name or address, else the line of the file."""
    user = payload.user
    for attribute in ("userName", "displayName"):
        value = user.get(attribute)
        if isinstance(value, str) and value:
            return value
    return primary_email(user) or f"line {person.line}"


class Results:
    """The outcome of everybody checked so far."""

    def __init__(self) -> None:
        self.labels = Records()
        self.refused = array("q")
        """Indexes of everybody who would be refused, ascending."""
        self._late = array("q")
        self.codes: Counter[str] = Counter()
        self.warned = 0
        self.unassigned = 0
        self.told = 0
        """Of how many it is known whether they are assigned."""
        self.kinds = bytearray()
        self._kept: tuple[array[int], array[int], Counter[str], int, int] | None = None
        self._sets: dict[tuple[str, ...], int] = {(): 0}
        """Each combination of codes that occurs, with its number."""
        self._codes = array("I")

    def __len__(self) -> int:
        return len(self._codes)

    def add(self, label: str, findings: Sequence[Finding], assigned: bool | None = None) -> bool:
        """Keep what is known of the next person; whether they would be refused."""
        index = len(self._codes)
        self.unassigned += assigned is False
        self.told += assigned is not None
        self.labels.add(label)
        self.kinds.append(_NOT_COMPARED)
        if not findings:
            self._codes.append(0)
            return False
        codes = tuple(dict.fromkeys(finding.code for finding in findings))
        self._codes.append(self._sets.setdefault(codes, len(self._sets)))
        self.codes.update(codes)
        refused = is_refused(findings)
        if refused:
            self.refused.append(index)
        else:
            self.warned += 1
        return refused

    def codes_of(self, index: int) -> tuple[str, ...]:
        """Codes of the findings of one person."""
        wanted = self._codes[index]
        return next(codes for codes, number in self._sets.items() if number == wanted)

    def kind(self, index: int) -> ChangeKind | None:
        """What a push would do for one person; None: not compared."""
        found = self.kinds[index]
        return None if found == _NOT_COMPARED else KINDS[found]

    def select(self, *, code: str, change: str, text: str, failures: bool) -> "array[int]":
        """Indexes of everybody who fits all that is asked."""
        found: Iterable[int] = self.refused if failures else range(len(self))
        if code:
            having = {number for codes, number in self._sets.items() if code in codes}
            found = [index for index in found if self._codes[index] in having]
        if change:
            wanted = KINDS.index(ChangeKind(change))
            found = [index for index in found if self.kinds[index] == wanted]
        if text:
            named = self._named(text.lower())
            found = [index for index in found if index in named]
        return array("q", found)

    def is_refused(self, index: int) -> bool:
        """Whether one person would be refused."""
        place = bisect_left(self.refused, index)
        return place < len(self.refused) and self.refused[place] == index

    def keep(self) -> None:
        """Keep the outcome as it is before any comparison."""
        self._kept = (
            self.refused[:],
            self._codes[:],
            Counter(self.codes),
            self.warned,
            len(self._codes),
        )

    def restore(self) -> None:
        """Take back what a comparison added."""
        if self._kept is None:
            return
        refused, codes, counts, warned, count = self._kept
        self.refused, self._codes = refused[:], codes[:]
        self.codes, self.warned = Counter(counts), warned
        self._late = array("q")
        self.labels.cut(count)
        self.kinds = bytearray([_NOT_COMPARED]) * count

    def compared(self, index: int, kind: ChangeKind, findings: Sequence[Finding]) -> None:
        """Keep what a push of one person would do, and what there is to say about it."""
        self.kinds[index] = KINDS.index(kind)
        if not findings:
            return
        before = self.codes_of(index)
        new = tuple(finding.code for finding in findings if finding.code not in before)
        codes = (*before, *new)
        self._codes[index] = self._sets.setdefault(codes, len(self._sets))
        self.codes.update(new)
        if is_refused(findings):
            self._late.append(index)
            self.warned -= bool(before)
        else:
            self.warned += not before

    def again(self, index: int, kind: ChangeKind | None, findings: Sequence[Finding]) -> None:
        """Keep another outcome of somebody in the place of the one before."""
        before, was = self.codes_of(index), self.is_refused(index)
        codes = tuple(dict.fromkeys(finding.code for finding in findings))
        self._codes[index] = self._sets.setdefault(codes, len(self._sets))
        self.codes.subtract(before)
        self.codes.update(codes)
        self.codes = +self.codes
        now = is_refused(findings)
        self.warned += (bool(codes) and not now) - (bool(before) and not was)
        if now and not was:
            insort(self.refused, index)
        elif was and not now:
            self.refused.remove(index)
        self.kinds[index] = _NOT_COMPARED if kind is None else KINDS.index(kind)

    def is_sent(self, index: int) -> bool:
        """Whether somebody checked is neither refused nor out of the scope of the IdP."""
        if not self._codes[index]:
            return True
        return not self.is_refused(index) and UNASSIGNED not in self.codes_of(index)

    def settle(self) -> None:
        """End a comparison: whom the directory would refuse is refused."""
        self.refused = array("q", sorted([*self.refused, *self._late]))
        self._late = array("q")

    def add_left_over(self, label: str, kind: ChangeKind) -> None:
        """Keep somebody whom the directory has and the people have not."""
        self.labels.add(label)
        self._codes.append(0)
        self.kinds.append(KINDS.index(kind))

    def totals(self, *, of: int, seconds: float) -> Totals:
        """The numbers so far."""
        checked, refused = min(len(self), of), len(self.refused) + len(self._late)
        return Totals(
            people=checked,
            accepted=checked - refused - self.unassigned,
            refused=refused,
            warned=self.warned - self.unassigned,
            codes=tuple(self.codes.most_common()),
            seconds=seconds,
            of=of,
            unassigned=self.unassigned if self.told else UNKNOWN,
            untold=checked - self.told,
        )

    def worth_reporting(self) -> "array[int]":
        """Indexes of everybody with a finding or a change."""
        quiet = (_NOT_COMPARED, KINDS.index(ChangeKind.UNCHANGED))
        return array(
            "q",
            (
                index
                for index, number in enumerate(self._codes)
                if number or self.kinds[index] not in quiet
            ),
        )

    def _named(self, text: str) -> set[int]:
        found: set[int] = set()
        for first in giving_way(range(0, len(self.labels), _STRETCH)):
            some = self.labels.stretch(first, min(first + _STRETCH, len(self.labels)))
            found.update(first + n for n, label in enumerate(some) if text in label.lower())
        return found

    def counted(self) -> tuple[tuple[str, int], ...]:
        """How many people each kind of change concerns."""
        return tuple((str(kind), self.kinds.count(n)) for n, kind in enumerate(KINDS))
