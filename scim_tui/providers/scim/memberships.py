"""Lists the memberships of a whole directory in as few requests as its server allows.

Most servers include the members in a listing of groups, or the groups in a listing of users, so
that a page needs one request. Some leave them out of listings, or include only the first ones;
comparing one listed resource with the resource itself shows that. Then groups are read one by one.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

from scim_tui.model.directory import GroupRow, Kind, MembershipPage, Page, UserRow
from scim_tui.providers.scim.lookups import listed_in
from scim_tui.scim.client import ScimClient
from scim_tui.scim.filters import equals
from scim_tui.scim.gather_all import gather_all
from scim_tui.scim.wire import Received, read_groups, read_object, read_users, text, values

_AT_ONCE = 4
_OTHER = {Kind.GROUPS: Kind.USERS, Kind.USERS: Kind.GROUPS}
_WAYS = {Kind.GROUPS: "g", Kind.USERS: "u"}
Others = dict[str, list[str]]
"""Ids of the other kind, by id."""


class MembershipListing:
    """All memberships of one server; `filters` says whether users are found by `groups.value`."""

    def __init__(self, client: ScimClient, filters: Callable[[], Awaitable[bool]]) -> None:
        self._client, self._filters = client, filters
        self._hidden = False
        """Whether the listing leaves members out."""
        self._trusted = 0
        """The largest number of members for which a listing agreed with the resource itself."""

    async def pages(self, resume: str = "") -> AsyncIterator[MembershipPage]:
        """All of them; `resume` is the `next_cursor` of an earlier page."""
        way = resume[:1] or _WAYS[await self._way()]
        if way == _WAYS[Kind.USERS]:
            async for people, groups in self._users(resume[1:]):
                found = await self._whole(Kind.USERS, groups)
                pairs = [(group, user) for user, mine in found.items() for group in mine]
                yield _joined(way, people, pairs)
        else:
            async for page, members in self._groups(resume[1:]):
                found = await self._whole(Kind.GROUPS, members)
                pairs = [(group, user) for group, mine in found.items() for user in mine]
                yield _joined(way, page, pairs)

    async def _way(self) -> Kind:
        """What to list: users where only their `groups` are served, else groups."""
        async for _, members in self._groups():
            if any(members.values()):
                return Kind.GROUPS
            break
        async for _, groups in self._users():
            return Kind.USERS if any(groups.values()) else Kind.GROUPS
        return Kind.GROUPS

    async def _whole(self, kind: Kind, listed: Others) -> Others:
        """The memberships as listed, or read from each resource if the listing leaves some out."""
        most = max(listed, key=lambda each: len(listed[each]), default="")
        count = len(listed.get(most, ()))
        if count and count >= self._trusted and not self._hidden:
            self._hidden = len(await self._alone(kind, most)) > count
            self._trusted = count
        if self._trusted and not self._hidden:
            return listed
        found: Others = {}
        for few in _stretches(list(listed)):
            fetched = await gather_all([self._members_of(kind, each) for each in few])
            found |= zip(few, fetched, strict=True)
        self._hidden = self._hidden or any(found.values())
        return found

    async def _members_of(self, kind: Kind, resource_id: str) -> list[str]:
        found = await self._alone(kind, resource_id)
        if kind is Kind.GROUPS and not found and await self._filters():
            async for page in self._client.users(equals("groups.value", resource_id)):
                found += [user.id for user in page.rows]
        return found

    async def _alone(self, kind: Kind, resource_id: str) -> list[str]:
        return self._ids(await self._client.get(kind, resource_id), kind)

    async def _groups(self, resume: str = "") -> AsyncIterator[tuple[Page[GroupRow], Others]]:
        fetched: Others = {}

        def read(body: bytes, asked: str) -> Received[GroupRow]:
            fetched.update(self._read_members(body, asked, Kind.GROUPS))
            return read_groups(body, asked)

        async for page in self._client.listing(Kind.GROUPS, read, resume=resume):
            yield page, {row.id: fetched.pop(row.id, []) for row in page.rows}

    async def _users(self, resume: str = "") -> AsyncIterator[tuple[Page[UserRow], Others]]:
        fetched: Others = {}

        def read(body: bytes, asked: str) -> Received[UserRow]:
            fetched.update(self._read_members(body, asked, Kind.USERS))
            return read_users(body, asked)

        async for page in self._client.listing(Kind.USERS, read, resume=resume):
            yield page, {row.id: fetched.pop(row.id, []) for row in page.rows}

    def _read_members(self, body: bytes, asked: str, kind: Kind) -> Others:
        items = values(read_object(body, asked), "Resources")
        return {text(item.get("id")): self._ids(item, kind) for item in items}

    def _ids(self, resource: Mapping[str, Any], kind: Kind) -> list[str]:
        return [each.id for each in listed_in(self._client, resource, _OTHER[kind]).listed]


def _joined(
    way: str, page: Page[GroupRow] | Page[UserRow], pairs: list[tuple[str, str]]
) -> MembershipPage:
    cursor = None if page.next_cursor is None else way + page.next_cursor
    ids = [row.id for row in page.rows]
    return MembershipPage(pairs, len(ids), cursor, page.total, ids, page.skipped, page.repeated)


def _stretches(ids: list[str]) -> Iterator[list[str]]:
    return (ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE))
