"""The members that groups name, and the person that each one is."""

from array import array
from collections.abc import Iterable

from scim_tui.mapping.read.members import Member

NOT_LISTED = -1
"""Index of a member that is not among the people."""


class Roster:
    """Every member that a group names, with a number for each.

    Stored as texts and numbers only, which the garbage collector does not have to visit.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._people = array("q")
        self._names: list[str] = []
        self._shown: list[str] = []
        self._are_groups = bytearray()

    def number(self, member: Member) -> int:
        """The number of a member; the same for each of its names."""
        known = (self._numbers[name] for name in member.names if name in self._numbers)
        number = next(known, len(self._people))
        if number == len(self._people):
            self._names.append("\n".join(member.names))
            self._shown.append(member.shown)
            self._are_groups.append(member.group)
            self._people.append(NOT_LISTED)
        for name in member.names:
            self._numbers.setdefault(name, number)
        return number

    def link(self, person: int, names: Iterable[str | None]) -> None:
        """Link the members that have one of these names to a person; the first person is kept."""
        for name in names:
            number = self._numbers.get(name) if name else None
            if number is not None and self._people[number] == NOT_LISTED:
                self._people[number] = person

    def person(self, number: int) -> int:
        """Index of the person that a member is, or `NOT_LISTED`."""
        return self._people[number]

    def member(self, number: int) -> Member:
        """A member as the file has it."""
        names = tuple(self._names[number].split("\n"))
        return Member(names, self._shown[number], bool(self._are_groups[number]))

    def people_in_groups(self) -> set[int]:
        """Indexes of all people who are in a group."""
        return {person for person in self._people if person != NOT_LISTED}

    def __bool__(self) -> bool:
        return bool(self._people)
