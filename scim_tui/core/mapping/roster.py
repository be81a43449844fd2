"""Whom the groups name as members, found again among the people."""

from array import array
from collections.abc import Iterable

from scim_tui.mapping.read.members import Member

NOBODY = -1


class Roster:
    """Every member that some group names, each with a number of their own.

    Kept as texts and numbers only, which the garbage collector does not have to go through.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._people = array("q")
        self._names: list[str] = []
        self._shown: list[str] = []
        self._are_groups = bytearray()

    def number(self, member: Member) -> int:
        """The number of a member; the same whichever of the names a group uses."""
        known = (self._numbers[name] for name in member.names if name in self._numbers)
        number = next(known, len(self._people))
        if number == len(self._people):
            self._names.append("\n".join(member.names))
            self._shown.append(member.shown)
            self._are_groups.append(member.group)
            self._people.append(NOBODY)
        for name in member.names:
            self._numbers.setdefault(name, number)
        return number

    def meet(self, person: int, names: Iterable[str | None]) -> None:
        """Note that somebody of the people has these names; the first one counts."""
        for name in names:
            number = self._numbers.get(name) if name else None
            if number is not None and self._people[number] == NOBODY:
                self._people[number] = person

    def person(self, number: int) -> int:
        """Who of the people a member is, or `NOBODY`."""
        return self._people[number]

    def member(self, number: int) -> Member:
        """A member as the file names them."""
        names = tuple(self._names[number].split("\n"))
        return Member(names, self._shown[number], bool(self._are_groups[number]))

    def everybody(self) -> set[int]:
        """All of the people who are in some group."""
        return {person for person in self._people if person != NOBODY}

    def __bool__(self) -> bool:
        return bool(self._people)
