"""The users of a directory beside the people of a preview: who is whom, and who is left over."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scim_tui.core.base.timeslice import Slices
from scim_tui.core.directory.api import View
from scim_tui.core.mapping.spool import Records
from scim_tui.mapping.check.batch import Keys, Slots, keys_of
from scim_tui.mapping.check.changes import Change, ChangeKind, compare
from scim_tui.model.directory import UserRow
from scim_tui.providers.port import Provider

_STRETCH = 500
Progress = Callable[[int], object]


class Counterpart:
    """Everybody in the directory, found again by externalId, userName and address."""

    def __init__(self) -> None:
        self._rows = Records()
        self._slots: tuple[Slots, Slots, Slots] | None = None
        self._met = bytearray()
        self._fresh: dict[str, UserRow] = {}
        """Users as they are since the listing, by id; few, as each was sent by hand."""

    def learn(self, row: UserRow) -> None:
        """Take in a user who was made or changed since the listing."""
        self._fresh[row.id] = row

    def __len__(self) -> int:
        return len(self._rows)

    async def fill(self, rows: AsyncIterator[list[UserRow]], progress: Progress) -> None:
        """Take everybody in, and then make them findable."""
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
        """Nobody was met yet."""
        self._met = bytearray(len(self._rows))

    def compare(self, user: Mapping[str, Any]) -> Change:
        """What a push of this user would do; whoever it meets is not left over."""
        rows = self._alike(keys_of(user))
        change = compare(user, self._as_they_are(keys_of(user), rows.values()))
        if change.user_id:
            for number, row in rows.items():
                if row.id == change.user_id:
                    self._met[number] = 1
        return change

    def met(self, user: Mapping[str, Any]) -> UserRow | None:
        """The user that this person is, by externalId or userName, and is not left over then."""
        _, external, name = keys_of(user)
        rows = self._alike((None, external, name))
        for number, row in rows.items():
            self._met[number] = 1
            return row
        return None

    def called(self, names: Iterable[str]) -> UserRow | None:
        """The user with one of these, as address, externalId or userName."""
        for name in names:
            for row in self._alike((name, name, name)).values():
                return row
        return None

    async def left_over(self, slices: Slices) -> AsyncIterator[tuple[int, UserRow]]:
        """Those whom the IdP made and nobody of the people is, each with its number."""
        for first in range(0, len(self), _STRETCH):
            for n, row in enumerate(self._stretch(first), first):
                if not self._met[n] and row.external_id:
                    yield n, row
            if slices.due:
                await slices.turn()

    def row(self, number: int) -> UserRow:
        """One user."""
        return UserRow._make(self._rows[number])

    def _alike(self, keys: Keys) -> dict[int, UserRow]:
        """Everybody with one of these values."""
        assert self._slots is not None  # filled before anybody asks
        found: dict[int, UserRow] = {}
        for kind, (slots, key) in enumerate(zip(self._slots, keys, strict=True)):
            if key and slots.may_have(key):
                for number in slots.owners(key):
                    row = self.row(number)
                    if _keys(row)[kind] == key:
                        found[number] = row
        return found

    def _as_they_are(self, keys: Keys, rows: Iterable[UserRow]) -> list[UserRow]:
        """The users with what was learned since the listing."""
        if not self._fresh:
            return list(rows)
        now = [row for row in rows if row.id not in self._fresh]
        return now + [
            row
            for row in self._fresh.values()
            if any(key and key == own for key, own in zip(keys, _keys(row), strict=True))
        ]

    def _stretch(self, first: int) -> Iterator[UserRow]:
        end = min(first + _STRETCH, len(self._rows))
        return map(UserRow._make, self._rows.stretch(first, end))


def _keys(row: UserRow) -> tuple[str, str, str]:
    return row.email.lower(), row.external_id.lower(), row.user_name.lower()


async def live(provider: Provider) -> AsyncIterator[list[UserRow]]:
    """Everybody, fresh from the server."""
    async for page in provider.users():
        yield page.rows


async def at_hand(view: View) -> AsyncIterator[list[UserRow]]:
    """Everybody of a listing that is at hand."""
    for first in range(0, len(view), _STRETCH):
        yield view.users(first, _STRETCH)


@dataclass(slots=True)
class Cost:
    """What a push of everything would take."""

    reads: int = 0
    writes: int = 0

    def add(self, kind: ChangeKind | None, times: int = 1) -> None:
        """Count one person: a look whether they are there, and the change."""
        if kind is not ChangeKind.NOT_SENT:
            self.reads += times
        if kind in (ChangeKind.CREATE, ChangeKind.UPDATE, ChangeKind.DEACTIVATE):
            self.writes += times

    def seconds(self, limits: Mapping[str, float]) -> float:
        """How long that takes at the most; reads and writes have rates of their own."""
        reads = self.reads / limits.get("read", READS)
        return round(max(reads, self.writes / limits.get("write", WRITES)), 1)


READS, WRITES = 40.0, 25.0
"""Requests a second that Identity Center allows (AWS quotas)."""
