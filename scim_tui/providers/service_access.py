"""Accounts and permission sets of our own service: one answer has them all."""

from collections.abc import AsyncIterator

from pydantic import ValidationError

from scim_tui.model.access import Assignment, AwsAccount, PermissionSet, PrincipalKind
from scim_tui.model.base import Value
from scim_tui.model.errors import NotFound, Unreadable
from scim_tui.providers.service_checkup import ADMIN
from scim_tui.scim.transport import Transport

_PATH = f"{ADMIN}/access"


class _Set(Value):
    id: str
    name: str
    description: str
    session: str
    admin: bool | None


class _Account(Value):
    id: str
    name: str
    email: str
    status: str


class _Assigned(Value):
    account: str
    set: str
    kind: PrincipalKind
    id: str


class _Kept(Value):
    sets: tuple[_Set, ...]
    accounts: tuple[_Account, ...]
    assignments: tuple[_Assigned, ...]


class ServiceAccess:
    """The access that the service keeps, read anew when the permission sets are listed."""

    def __init__(self, root: Transport) -> None:
        self._root = root
        self._kept: _Kept | None = None

    async def permission_sets(self) -> AsyncIterator[list[str]]:
        """The ids of all sets."""
        self._kept = None
        yield [each.id for each in (await self._read()).sets]

    async def permission_set(self, set_id: str) -> PermissionSet:
        """One set. Raises `NotFound`."""
        for each in (await self._read()).sets:
            if each.id == set_id:
                return PermissionSet(each.id, each.name, each.description, each.session, each.admin)
        raise NotFound(f"There is no permission set {set_id}.", "List them again.", status=404)

    async def accounts_of(self, set_id: str) -> AsyncIterator[list[str]]:
        """The accounts in which the set is assigned."""
        found = (await self._read()).assignments
        yield sorted({each.account for each in found if each.set == set_id})

    async def assignments(self, set_id: str, account_id: str) -> AsyncIterator[list[Assignment]]:
        """Who has this set in this account."""
        yield [
            Assignment(each.account, each.set, each.kind, each.id)
            for each in (await self._read()).assignments
            if (each.set, each.account) == (set_id, account_id)
        ]

    async def accounts(self) -> AsyncIterator[list[AwsAccount]]:
        """All accounts."""
        found = (await self._read()).accounts
        yield [AwsAccount(each.id, each.name, each.email, each.status) for each in found]

    async def _read(self) -> _Kept:
        if self._kept is None:
            answer = await self._root.send("GET", _PATH)
            try:
                self._kept = _Kept.model_validate_json(answer.body)
            except ValidationError:
                raise Unreadable(
                    f"GET {_PATH} was not answered as this version of the service answers.",
                    "Is it the admin endpoint, and does the service have the same version?",
                ) from None
        return self._kept
