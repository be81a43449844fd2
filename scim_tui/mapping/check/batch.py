"""Finds people with the same unique value, for a million people in little memory.

One hash table for each kind of value has 32 bits of the hash and the index of the person, eight
bytes in all. Two values may have the same 32 bits, so the caller compares the value of the person
found.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scim_tui.mapping.check.findings import Finding, collision, primary_email

_BITS = 0xFFFFFFFF


class Slots:
    """The owners of one kind of value, in a hash table of a fixed size."""

    def __init__(self, people: int) -> None:
        size = 16
        while size * 3 < people * 4:
            size *= 2
        self._mask = size - 1
        self._slots = array("Q", bytes(8 * size))

    def put(self, key: str, index: int) -> None:
        """Add a value and the index of its owner."""
        found = hash(key) & _BITS
        place = found & self._mask
        slots, mask = self._slots, self._mask
        while slots[place]:
            place = (place + 1) & mask
        slots[place] = found << 32 | (index + 1)

    def owners(self, key: str) -> Iterator[int]:
        """Indexes of all who may have this value, in the order they were added."""
        found = hash(key) & _BITS
        place = found & self._mask
        slots, mask = self._slots, self._mask
        while value := slots[place]:
            if value >> 32 == found:
                yield (value & _BITS) - 1
            place = (place + 1) & mask

    def may_have(self, key: str) -> bool:
        """Whether there may be an owner of this value; fast, since mostly there is none."""
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
"""Rule and attribute of each kind of unique value, in the order of `Keys`.

The embedded service checks them in this order, and one refusal names one rule only.
"""


def keys_of(user: Mapping[str, Any]) -> Keys:
    """The unique values of a user, lower-cased; None: there is no value."""
    name, external = user.get("userName"), user.get("externalId")
    return (
        primary_email(user),
        external.lower() if isinstance(external, str) else None,
        name.lower() if isinstance(name, str) else None,
    )


class UniqueValues:
    """The unique values of the people, in the order they would be sent."""

    def __init__(self, people: int, user_of: Callable[[int], Mapping[str, Any]]) -> None:
        self._slots = tuple(Slots(people) for _ in UNIQUE)
        self._user_of = user_of

    def collisions(self, keys: Keys, before: int) -> tuple[Finding, ...]:
        """A finding for each value that a person before this index has."""
        found: tuple[Finding, ...] = ()
        for kind, (slots, key) in enumerate(zip(self._slots, keys, strict=True)):
            if key is not None and slots.may_have(key):
                owner = self._owner(kind, key, before)
                if owner is not None:
                    found += (collision(*UNIQUE[kind], key, owner),)
        return found

    def take(self, keys: Keys, index: int) -> None:
        """Add the values of a person who is accepted."""
        for slots, key in zip(self._slots, keys, strict=True):
            if key is not None:
                slots.put(key, index)

    def _owner(self, kind: int, key: str, before: int) -> int | None:
        for index in self._slots[kind].owners(key):
            if index < before and keys_of(self._user_of(index))[kind] == key:
                return index
        return None
