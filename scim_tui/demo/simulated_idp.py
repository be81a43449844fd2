"""A simulated IdP with a real SCIM client: it provisions a company, and then its changes.

The changes and their times follow from a seed. Refused changes are tried again later, as by real
IdPs.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from scim_tui.demo.connection import IdpConnection, Sleep
from scim_tui.demo.people import LEVELS, ROLES, Company, Employee, Hiring, Team
from scim_tui.demo.refused_people import refused_people
from scim_tui.model.constraints import GROUP, MAX_MEMBERS
from scim_tui.model.directory import Kind
from scim_tui.model.errors import Refused, ScimTuiError
from scim_tui.model.json_object import JsonObject
from scim_tui.scim.client import ScimClient

IN_FLIGHT = 8
"""Requests under way at once during the first push."""
PAUSE = (2.0, 6.0)
"""Seconds between two changes."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier run of the IdP created, by externalId."""

    users: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """(id, active)."""
    groups: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    """(id, ids of the members)."""


class SimulatedIdp:
    """Pushes all users and groups, then makes one change after the other."""

    def __init__(
        self,
        company: Company,
        hiring: Hiring,
        line: IdpConnection,
        *,
        seed: int,
        known: Known | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._company, self._hiring, self._line = company, hiring, line
        self._sleep = sleep
        self._known = known or Known()
        self._chance = random.Random(f"acts {seed}")  # noqa: S311 - sample data
        self._refused = refused_people()
        self._staff: dict[int, Employee] = {}
        self._ids: dict[int, str] = {}
        self._teams: dict[str, tuple[Team, set[int]]] = {}
        self._acts: tuple[tuple[int, Callable[[], Awaitable[None]]], ...] = (
            (20, self.change_title),
            (16, self.look_up_user),
            (14, self.join),
            (12, self.add_member),
            (10, self.push_refused_user),
            (9, self.remove_member),
            (7, self.disable),
            (6, self.enable),
            (6, self.rename),
        )

    async def run(self) -> None:
        """Push all users and groups, then make changes until cancelled."""
        await self.push_all()
        for _ in range(0 if self._known.users else len(self._refused)):
            await self.act(self.push_refused_user)
        while True:
            await self._sleep(self._chance.uniform(*PAUSE))
            await self.act()

    async def act(self, wanted: Callable[[], Awaitable[None]] | None = None) -> None:
        """Make one change, chosen at random; a refusal is ignored."""
        weights, acts = zip(*self._acts, strict=True)
        with suppress(ScimTuiError):
            await (wanted or self._chance.choices(acts, weights)[0])()

    async def push_all(self) -> None:
        """Create all people, then all groups with their members."""
        await _several(self._company.people, self._create)
        await _several(self._company.teams, self._found)

    async def join(self) -> None:
        """A new employee: looked up, created, and put into the group of the department."""
        person = replace(self._hiring.hire(), active=True)
        while person.external_id in self._known.users:
            await self._create(person)
            person = replace(self._hiring.hire(), active=True)
        await self._by_name(person.user_name)
        await self._create(person)
        if person.number not in self._ids:
            return
        for team, members in self._known_teams():
            if team.name in (person.department, "All employees"):
                await self._patch_members(team, "add", [person.number])
                members.add(person.number)

    async def change_title(self) -> None:
        """A promotion, or another job in the same department."""
        person = self._any_user(active=True)
        title = f"{self._chance.choice(LEVELS)} {self._chance.choice(ROLES[person.department])}"
        await self._change(replace(person, title=title.strip()), ("title", title.strip()))

    async def rename(self) -> None:
        """A user takes the family name of a colleague."""
        person = self._any_user(active=True)
        colleague = self._chance.choice(
            [p for p in self._staff.values() if p.culture is person.culture]
        )
        display = person.display.replace(person.family, colleague.family)
        await self._change(
            replace(person, family=colleague.family, display=display),
            ("name.familyName", colleague.family),
            ("displayName", display),
        )

    async def disable(self) -> None:
        """A user leaves: disabled, not deleted."""
        person = self._any_user(active=True)
        await self._change(replace(person, active=False), ("active", False))

    async def enable(self) -> None:
        """A disabled user comes back."""
        person = self._any_user(active=False)
        await self._change(replace(person, active=True), ("active", True))

    async def add_member(self) -> None:
        """A user is added to a group."""
        team, members = self._chance.choice(self._known_teams())
        person = self._any_user(active=True)
        await self._patch_members(team, "add", [person.number])
        members.add(person.number)

    async def remove_member(self) -> None:
        """A user is removed from a group."""
        team, members = self._chance.choice([t for t in self._known_teams() if t[1]])
        number = self._chance.choice(sorted(members))
        await self._patch_members(team, "remove", [number])
        members.discard(number)

    async def look_up_user(self) -> None:
        """A read, by userName or id, as IdPs do before they write."""
        person = self._any_user(active=True)
        if self._chance.random() < 0.5:
            await self._by_name(person.user_name)
            return
        user_id = self._ids[person.number]
        await self._line.carry(lambda client: client.get(Kind.USERS, user_id), "get user")

    async def push_refused_user(self) -> None:
        """Send a user again whom the directory refuses."""
        refused = self._refused.pop(0)
        self._refused.append(refused)
        await self._by_name(refused["userName"])
        await self._post(Kind.USERS, refused)

    async def _create(self, person: Employee) -> None:
        if person.external_id in self._known.users:
            self._ids[person.number], active = self._known.users[person.external_id]
            self._staff[person.number] = replace(person, active=active)
            return
        self._staff[person.number] = person
        manager = None if person.manager is None else self._ids.get(person.manager)
        with suppress(ScimTuiError):
            made = await self._post(Kind.USERS, person.scim(manager))
            self._ids[person.number] = str(made["id"])

    async def _found(self, team: Team) -> None:
        if team.external_id in self._known.groups:
            group_id, members = self._known.groups[team.external_id]
            numbers = {number for number, user in self._ids.items() if user in members}
            self._teams[team.external_id] = (replace(team, id=group_id), numbers)
            return
        present = [number for number in team.members if number in self._ids]
        first, *more = [
            present[at : at + MAX_MEMBERS] for at in range(0, max(len(present), 1), MAX_MEMBERS)
        ]
        with suppress(ScimTuiError):
            made = await self._post(Kind.GROUPS, self._group(team, first))
            team = replace(team, id=str(made["id"]))
            self._teams[team.external_id] = (team, set(present))
            for some in more:
                await self._patch_members(team, "add", some)

    def _group(self, team: Team, members: Iterable[int]) -> JsonObject:
        return {
            "schemas": [GROUP],
            "displayName": team.name,
            "externalId": team.external_id,
            "members": self._members(members),
        }

    def _members(self, numbers: Iterable[int]) -> list[JsonObject]:
        return [{"value": self._ids[number]} for number in numbers]

    async def _patch_members(self, team: Team, op: str, numbers: Iterable[int]) -> None:
        operation = {"op": op, "path": "members", "value": self._members(numbers)}
        await self._patch(Kind.GROUPS, team.id, [operation])

    async def _change(self, person: Employee, *values: tuple[str, object]) -> None:
        operations = [{"op": "replace", "path": path, "value": value} for path, value in values]
        await self._patch(Kind.USERS, self._ids[person.number], operations)
        self._staff[person.number] = person

    async def _post(self, kind: Kind, resource: Mapping[str, Any]) -> JsonObject:
        return await self._line.carry(
            lambda client: client.create(kind, resource), f"create {kind}"
        )

    async def _patch(self, kind: Kind, id: str, operations: Sequence[Mapping[str, Any]]) -> None:
        await self._line.carry(lambda client: client.patch(kind, id, operations), f"change {kind}")

    async def _by_name(self, user_name: str) -> None:
        async def look(client: ScimClient) -> None:
            async for _ in client.users(f'userName eq "{user_name}"'):
                pass

        await self._line.carry(look, "find user")

    def _known_teams(self) -> list[tuple[Team, set[int]]]:
        """The groups that exist, in an order that does not depend on the order of the answers."""
        if not self._teams:
            raise Refused("There is no group to change.")
        return [self._teams[name] for name in sorted(self._teams)]

    def _any_user(self, *, active: bool) -> Employee:
        people = [p for p in self._staff.values() if p.active is active and p.number in self._ids]
        if not people:
            raise Refused("There is no user left to change.")
        return self._chance.choice(people)


async def _several(things: Iterable[Any], work: Callable[[Any], Awaitable[None]]) -> None:
    """Work on all things, several at once, begun in their order."""
    waiting = iter(things)

    async def one_after_the_other() -> None:
        for thing in waiting:
            await work(thing)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(IN_FLIGHT):
            tasks.create_task(one_after_the_other())
