"""Who took which unique value, for a million people in little memory.

A table of slots for each kind of value: 32 bits of its hash and the index of the person, eight
bytes together. Two values may share the 32 bits, so a hit is only ever a suspicion, and whoever
asks looks at the person it names.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scim_tui.mapping.check.findings import Finding, collision, primary_email

_BITS = 0xFFFFFFFF


class Slots:
    """The owners of one kind of value; made for a number of people, and never grown."""

    def __init__(self, people: int) -> None:
        size = 16
        while size * 3 < people * 4:
            size *= 2
        self._mask = size - 1
        self._slots = array("Q", bytes(8 * size))

    def put(self, key: str, index: int) -> None:
        """Note that somebody has this value."""
        found = hash(key) & _BITS
        place = found & self._mask
        slots, mask = self._slots, self._mask
        while slots[place]:
            place = (place + 1) & mask
        slots[place] = found << 32 | (index + 1)

    def owners(self, key: str) -> Iterator[int]:
        """Everybody who may have this value, first come first."""
        found = hash(key) & _BITS
        place = found & self._mask
        slots, mask = self._slots, self._mask
        while value := slots[place]:
            if value >> 32 == found:
                yield (value & _BITS) - 1
            place = (place + 1) & mask

    def may_have(self, key: str) -> bool:
        """Whether anybody may have this value; quick, since mostly nobody has."""
        found = hash(key) & _BITS
        place = found & self._mask
        slots, mask = self._slots, self._mask
        while value := slots[place]:
            if value >> 32 == found:
                return True
            place = (place + 1) & mask
        return False


Keys = tuple[str | None, str | None, str | None]
UNIQUE = (
    ("emails.unique", "emails.value"),
    ("externalId.unique", "externalId"),
    ("userName.unique", "userName"),
)
"""Rule and attribute of each kind of value that has to be unique, in the order of `Keys`.

It is the order in which the embedded service names them, as one refusal names one rule only.
"""


def keys_of(user: Mapping[str, Any]) -> Keys:
    """The values of a user that have to be unique, lower-cased; None: there is none."""
    name, external = user.get("userName"), user.get("externalId")
    return (
        primary_email(user),
        external.lower() if isinstance(external, str) else None,
        name.lower() if isinstance(name, str) else None,
    )


class UniqueValues:
    """Who took which unique value, in the order people would be sent."""

    def __init__(self, people: int, user_of: Callable[[int], Mapping[str, Any]]) -> None:
        self._slots = tuple(Slots(people) for _ in UNIQUE)
        self._user_of = user_of

    def collisions(self, keys: Keys, before: int) -> tuple[Finding, ...]:
        """The values that somebody before this index already has."""
        found: tuple[Finding, ...] = ()
        for kind, (slots, key) in enumerate(zip(self._slots, keys, strict=True)):
            if key is not None and slots.may_have(key):
                owner = self._owner(kind, key, before)
                if owner is not None:
                    found += (collision(*UNIQUE[kind], key, owner),)
        return found

    def take(self, keys: Keys, index: int) -> None:
        """Note that this user is accepted, so that the values are gone."""
        for slots, key in zip(self._slots, keys, strict=True):
            if key is not None:
                slots.put(key, index)

    def _owner(self, kind: int, key: str, before: int) -> int | None:
        for index in self._slots[kind].owners(key):
            if index < before and keys_of(self._user_of(index))[kind] == key:
                return index
        return None
