"""Finds the user of a directory that each person matches, and the users that no person matches."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scim_tui.core.base.timeslice import Slices
from scim_tui.core.directory.api import View
from scim_tui.core.mapping.spool import Spool
from scim_tui.mapping.check.batch import Keys, Slots, keys_of
from scim_tui.mapping.check.changes import ChangeKind, PlannedChange, compare
from scim_tui.model.directory import UserRow
from scim_tui.providers.port import Provider

_STRETCH = 500
OnCount = Callable[[int], object]


class DirectoryMatcher:
    """All users of a directory, searched by externalId, userName and address."""

    def __init__(self) -> None:
        self._rows = Spool()
        self._slots: tuple[Slots, Slots, Slots] | None = None
        self._claimed = bytearray()
        self._updated: dict[str, UserRow] = {}
        """Users that changed after the listing, by id; few, as each was pushed by hand."""

    def update(self, row: UserRow) -> None:
        """Replace or add a user who was changed or created after the listing."""
        self._updated[row.id] = row

    def __len__(self) -> int:
        return len(self._rows)

    async def fill(self, rows: AsyncIterator[list[UserRow]], progress: OnCount) -> None:
        """Read all users, then build the tables to search them."""
        slices = Slices()
        async for some in rows:
            for row in some:
                self._rows.add(tuple(row))
            progress(len(self._rows))
            if slices.due:
                await slices.turn()
        count = len(self._rows)
        slots = self._slots = (Slots(count), Slots(count), Slots(count))
        for first in range(0, count, _STRETCH):
            for n, row in enumerate(self._stretch(first), first):
                for kind, key in zip(slots, _keys(row), strict=True):
                    if key:
                        kind.put(key, n)
            if slices.due:
                await slices.turn()

    def begin(self) -> None:
        """Begin a comparison: reset which users are matched."""
        self._claimed = bytearray(len(self._rows))

    def compare(self, user: Mapping[str, Any]) -> PlannedChange:
        """What a push of this payload would do; the user that it matches is then taken."""
        rows = self._having(keys_of(user))
        change = compare(user, self._current(keys_of(user), rows.values()))
        if change.user_id:
            for number, row in rows.items():
                if row.id == change.user_id:
                    self._claimed[number] = 1
        return change

    def claim(self, user: Mapping[str, Any]) -> UserRow | None:
        """The user that matches by externalId or userName; it is then taken."""
        _, external, name = keys_of(user)
        rows = self._having((None, external, name))
        for number, row in rows.items():
            self._claimed[number] = 1
            return row
        return None

    def named(self, names: Iterable[str]) -> UserRow | None:
        """The first user with one of these as address, externalId or userName."""
        for name in names:
            for row in self._having((name, name, name)).values():
                return row
        return None

    async def left_over(self, slices: Slices) -> AsyncIterator[tuple[int, UserRow]]:
        """Users that the IdP created and no person matches, each with its number."""
        for first in range(0, len(self), _STRETCH):
            for n, row in enumerate(self._stretch(first), first):
                if not self._claimed[n] and row.external_id:
                    yield n, row
            if slices.due:
                await slices.turn()

    def row(self, number: int) -> UserRow:
        """The user of a number, as listed."""
        return UserRow._make(self._rows[number])

    def _having(self, keys: Keys) -> dict[int, UserRow]:
        """Users with one of these values, by number."""
        assert self._slots is not None  # `fill` ran before
        found: dict[int, UserRow] = {}
        for kind, (slots, key) in enumerate(zip(self._slots, keys, strict=True)):
            if key and slots.may_have(key):
                for number in slots.owners(key):
                    row = self.row(number)
                    if _keys(row)[kind] == key:
                        found[number] = row
        return found

    def _current(self, keys: Keys, rows: Iterable[UserRow]) -> list[UserRow]:
        """The users, with the changes after the listing."""
        if not self._updated:
            return list(rows)
        now = [row for row in rows if row.id not in self._updated]
        return now + [
            row
            for row in self._updated.values()
            if any(key and key == own for key, own in zip(keys, _keys(row), strict=True))
        ]

    def _stretch(self, first: int) -> Iterator[UserRow]:
        end = min(first + _STRETCH, len(self._rows))
        return map(UserRow._make, self._rows.stretch(first, end))


def _keys(row: UserRow) -> tuple[str, str, str]:
    return row.email.lower(), row.external_id.lower(), row.user_name.lower()


async def from_server(provider: Provider) -> AsyncIterator[list[UserRow]]:
    """All users, page by page from the server."""
    async for page in provider.users():
        yield page.rows


async def from_view(view: View) -> AsyncIterator[list[UserRow]]:
    """All users of a listing that was made before."""
    for first in range(0, len(view), _STRETCH):
        yield view.users(first, _STRETCH)


@dataclass(slots=True)
class PushCost:
    """The requests of a push of all people."""

    reads: int = 0
    writes: int = 0

    def add(self, kind: ChangeKind | None, times: int = 1) -> None:
        """Count one person: a read to find the user, and a write where something changes."""
        if kind is not ChangeKind.NOT_SENT:
            self.reads += times
        if kind in (ChangeKind.CREATE, ChangeKind.UPDATE, ChangeKind.DEACTIVATE):
            self.writes += times

    def seconds(self, limits: Mapping[str, float]) -> float:
        """Seconds at the allowed rate; reads and writes have separate rates."""
        reads = self.reads / limits.get("read", READS)
        return round(max(reads, self.writes / limits.get("write", WRITES)), 1)


READS, WRITES = 40.0, 25.0
"""Requests a second that Identity Center allows (AWS quotas)."""
