"""The identity store through its own API: members, origins, and the addresses that may push.

Operations and shapes: the service model `identitystore` 2020-06-15. A user written by SCIM has an
ExternalIds entry whose issuer is the tenant; one without was made by hand (an inference).
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from scim_tui.model.directory import GroupRow, Kind, Page, UserRow
from scim_tui.model.origin import Origin, Stray
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.identity_center.account import Account, Answer
from scim_tui.providers.identity_center.instances import ISSUER, find_store
from scim_tui.providers.identity_center.network import Network, read_network
from scim_tui.providers.identity_center.shapes import part, parts, words
from scim_tui.scim.gather_all import gather_all

PAGE = 100
MOST_ROWS = 20_000
"""How many listed users are kept, so that members need not be looked up one by one."""
_LISTS = {Kind.USERS: ("ListUsers", "Users"), Kind.GROUPS: ("ListGroups", "Groups")}


class IdentityStore:
    """One identity store of an account."""

    def __init__(self, account: Account, tenant_id: str) -> None:
        self._account, self._tenant_id = account, tenant_id
        self._id = account.ref.identity_store_id
        self._rows: dict[str, UserRow] = {}
        self.sizes: dict[Kind, int] = {}
        """How many there were when all were listed last."""

    def remember(self, rows: list[UserRow]) -> None:
        """Keep rows that were listed, as far as there is room."""
        if len(self._rows) + len(rows) <= MOST_ROWS:
            self._rows |= {row.id: row for row in rows}

    async def members(self, group_id: str) -> AsyncIterator[Page[UserRow]]:
        """The members of a group, by ListGroupMemberships."""
        pages = self._pages("ListGroupMemberships", "GroupMemberships", GroupId=group_id)
        async for found, following in pages:
            ids = [words(part(each, "MemberId"), "UserId") for each in found]
            rows = await gather_all([self._user(user_id) for user_id in ids if user_id])
            yield Page(rows, following or None, UNKNOWN)

    async def groups_of(self, user_id: str) -> AsyncIterator[Page[GroupRow]]:
        """The groups a user is in, by ListGroupMembershipsForMember."""
        pages = self._pages(
            "ListGroupMembershipsForMember", "GroupMemberships", MemberId={"UserId": user_id}
        )
        async for found, following in pages:
            ids = [words(each, "GroupId") for each in found]
            rows = await gather_all([self._group(group_id) for group_id in ids if group_id])
            yield Page(rows, following or None, UNKNOWN)

    async def beside(self, kind: Kind, resource_id: str) -> dict[str, Any]:
        """The attributes of one resource that only this API has."""
        found = await self._describe(kind, resource_id)
        origin, issuers = self._origin(found)
        known = {
            "origin": origin.value,
            "externalIds": [{"issuer": issuer, "id": value} for issuer, value in issuers],
            "created": _when(found.get("CreatedAt")),
            "createdBy": words(found, "CreatedBy"),
            "changed": _when(found.get("UpdatedAt")),
            "changedBy": words(found, "UpdatedBy"),
        }
        return {name: value for name, value in known.items() if value}

    async def strays(self, kind: Kind) -> list[Stray]:
        """Users or groups that this tenant did not make: to create the same ones ends with 409."""
        operation, items = _LISTS[kind]
        found, count = [], 0
        async for page, _ in self._pages(operation, items):
            count += len(page)
            found += [stray for each in page if (stray := self._stray(kind, each)) is not None]
        self.sizes[kind] = count
        return found

    async def network(self) -> Network | None:
        """From where the store may be asked; None: from anywhere."""
        store = await self.id()
        found = await self._account.call(
            "identitystore", "DescribeIdentityStore", IdentityStoreId=store
        )
        return read_network(found)

    async def id(self) -> str:
        """The id of the store, from the profile or ListInstances. Raises `Refused`."""
        if not self._id:
            self._id = await find_store(self._account, self._tenant_id)
        return self._id

    @property
    def known_id(self) -> str:
        """The id, as far as it is known without a request; else an empty text."""
        return self._id

    async def _pages(
        self, operation: str, items: str, **given: object
    ) -> AsyncIterator[tuple[list[Answer], str]]:
        store = await self.id()
        pages = self._account.pages(
            "identitystore", operation, items, IdentityStoreId=store, MaxResults=PAGE, **given
        )
        async for page in pages:
            yield page

    async def _describe(self, kind: Kind, resource_id: str) -> Answer:
        store = await self.id()
        if kind is Kind.USERS:
            return await self._account.call(
                "identitystore", "DescribeUser", IdentityStoreId=store, UserId=resource_id
            )
        return await self._account.call(
            "identitystore", "DescribeGroup", IdentityStoreId=store, GroupId=resource_id
        )

    async def _user(self, user_id: str) -> UserRow:
        if user_id not in self._rows:
            self.remember([user_row(await self._describe(Kind.USERS, user_id))])
        return self._rows.get(user_id) or user_row(await self._describe(Kind.USERS, user_id))

    async def _group(self, group_id: str) -> GroupRow:
        return group_row(await self._describe(Kind.GROUPS, group_id))

    def _stray(self, kind: Kind, found: Answer) -> Stray | None:
        origin, issuers = self._origin(found)
        if origin is Origin.TENANT:
            return None
        row = user_row(found) if kind is Kind.USERS else group_row(found)
        name = row.user_name if isinstance(row, UserRow) else row.display_name
        by = words(found, "CreatedBy")
        return Stray(
            kind, row.id, name, origin, row.created, by, tuple(issuer for issuer, _ in issuers)
        )

    def _origin(self, found: Answer) -> tuple[Origin, list[tuple[str, str]]]:
        issuers = [
            (words(each, "Issuer"), words(each, "Id")) for each in parts(found, "ExternalIds")
        ]
        tenants = [
            issuer.removeprefix(ISSUER).strip("/")
            for issuer, _ in issuers
            if issuer.startswith(ISSUER)
        ]
        if any(self._tenant_id and self._tenant_id in tenant for tenant in tenants):
            return Origin.TENANT, issuers
        if tenants:
            return Origin.OTHER_TENANT, issuers
        return (Origin.OTHER_ISSUER if issuers else Origin.BY_HAND), issuers


def user_row(found: Answer) -> UserRow:
    """A user of this API as a row."""
    name, emails = part(found, "Name"), parts(found, "Emails")
    status, external = words(found, "UserStatus"), parts(found, "ExternalIds")
    return UserRow(
        words(found, "UserId"),
        words(found, "UserName"),
        words(found, "DisplayName"),
        words(name, "GivenName"),
        words(name, "FamilyName"),
        words(emails[0], "Value") if emails else "",
        words(external[0], "Id") if external else "",
        {"ENABLED": True, "DISABLED": False}.get(status),
        _when(found.get("CreatedAt")),
        _when(found.get("UpdatedAt")),
    )


def group_row(found: Answer) -> GroupRow:
    """A group of this API as a row."""
    external = parts(found, "ExternalIds")
    return GroupRow(
        words(found, "GroupId"),
        words(found, "DisplayName"),
        words(external[0], "Id") if external else "",
        _when(found.get("CreatedAt")),
        _when(found.get("UpdatedAt")),
    )


def _when(at: object) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if isinstance(at, datetime) else ""
