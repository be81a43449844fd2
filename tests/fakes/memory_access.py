"""Permission sets, accounts and assignments beside the directory in this process."""

from collections.abc import AsyncIterator
from dataclasses import replace

from scim_tui.model.access import Assignment, AwsAccount, PermissionSet, PrincipalKind
from scim_tui.model.capabilities import YES
from scim_tui.model.errors import NotFound, ScimTuiError
from tests.fakes.memory import ALL_YES, MemoryProvider

USER, GROUP = PrincipalKind.USER, PrincipalKind.GROUP


class MemoryAccess(MemoryProvider):
    """A directory with access, whose whole state is in its attributes."""

    def __init__(self, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.capabilities = replace(ALL_YES, access=YES)
        self.sets: dict[str, PermissionSet] = {}
        self.named: dict[str, AwsAccount] = {}
        self.assigned: list[Assignment] = []
        self.no_names: ScimTuiError | None = None
        """When set, accounts cannot be listed."""

    def give(self, principal: str, name: str, account: str, *, kind: PrincipalKind = GROUP) -> None:
        """Give a principal a set, which is an administrator's if its name says so."""
        self.sets[name] = PermissionSet(name, name, "", "PT1H", name.startswith("Admin"))
        self.named[account] = AwsAccount(account, f"corp-{account}")
        self.assigned.append(Assignment(account, name, kind, principal))

    async def permission_sets(self) -> AsyncIterator[list[str]]:
        await self._enter("permission_sets")
        yield list(self.sets)

    async def permission_set(self, set_id: str) -> PermissionSet:
        await self._enter("permission_set")
        if set_id not in self.sets:
            raise NotFound("There is none.", status=404)
        return self.sets[set_id]

    async def accounts_of(self, set_id: str) -> AsyncIterator[list[str]]:
        await self._enter("accounts_of")
        yield sorted({each.account_id for each in self.assigned if each.set_id == set_id})

    async def assignments(self, set_id: str, account_id: str) -> AsyncIterator[list[Assignment]]:
        await self._enter("assignments")
        yield [
            each for each in self.assigned if (each.set_id, each.account_id) == (set_id, account_id)
        ]

    async def accounts(self) -> AsyncIterator[list[AwsAccount]]:
        await self._enter("accounts")
        if self.no_names is not None:
            raise self.no_names
        yield list(self.named.values())

    async def principal_name(self, kind: PrincipalKind, principal_id: str) -> str | None:
        await self._enter("principal_name")
        found = self.resources[kind.listed_as].get(principal_id)
        return str(found["userName"]) if found else None
