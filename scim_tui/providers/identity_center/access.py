"""Permission sets, the accounts they are provisioned to, and who is assigned to them.

Operations and shapes: the service models `sso-admin` 2020-07-20 and `organizations` 2016-11-28.
Assignments are read by set and account, never by principal: what
ListAccountAssignmentsForPrincipal says of assignments through groups differs between products.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from scim_tui.model.access import Assignment, AwsAccount, PermissionSet, PrincipalKind
from scim_tui.model.errors import NotFound, Unreadable, Unsupported
from scim_tui.providers.identity_center.account import Account, Answer
from scim_tui.providers.identity_center.instances import instances
from scim_tui.providers.identity_center.permissions import Permissions
from scim_tui.providers.identity_center.refusals import Denied
from scim_tui.providers.identity_center.shapes import part, parts, words
from scim_tui.providers.identity_center.store import IdentityStore

PAGE = 100
ACCOUNTS_PAGE = 20
"""The most that ListAccounts gives."""
ADMIN_POLICY = ":iam::aws:policy/AdministratorAccess"
"""How the ARN of the AWS managed policy ends that allows everything, in every partition."""
_KINDS = {"USER": PrincipalKind.USER, "GROUP": PrincipalKind.GROUP}


class AccessApi:
    """The assignments of one instance."""

    def __init__(self, account: Account, store: IdentityStore, may: Permissions) -> None:
        self._account, self._store, self._may = account, store, may
        self._arn = ""

    async def permission_sets(self) -> AsyncIterator[list[str]]:
        """The ARNs of all permission sets, page by page."""
        with self._needs("access"):
            async for page, _ in self._pages("ListPermissionSets", "PermissionSets"):
                yield [str(each) for each in page]

    async def permission_set(self, set_id: str) -> PermissionSet:
        """One permission set, with whether it makes an administrator where that can be read."""
        with self._needs("access"):
            described = await self._about("DescribePermissionSet", set_id)
        found = part(described, "PermissionSet")
        return PermissionSet(
            set_id,
            words(found, "Name"),
            words(found, "Description"),
            words(found, "SessionDuration"),
            await self._admin(set_id),
        )

    async def accounts_of(self, set_id: str) -> AsyncIterator[list[str]]:
        """The ids of the accounts that a set is provisioned to, page by page."""
        operation = "ListAccountsForProvisionedPermissionSet"
        with self._needs("access"):
            async for page, _ in self._pages(operation, "AccountIds", PermissionSetArn=set_id):
                yield [str(each) for each in page]

    async def assignments(self, set_id: str, account_id: str) -> AsyncIterator[list[Assignment]]:
        """Who has this set in this account, page by page. Raises `Unreadable`."""
        pages = self._pages(
            "ListAccountAssignments",
            "AccountAssignments",
            PermissionSetArn=set_id,
            AccountId=account_id,
        )
        with self._needs("access"):
            async for page, _ in pages:
                yield [_assignment(each, set_id, account_id) for each in page]

    async def accounts(self) -> AsyncIterator[list[AwsAccount]]:
        """The accounts of the organization with their names, page by page."""
        pages = self._account.pages(
            "organizations", "ListAccounts", "Accounts", MaxResults=ACCOUNTS_PAGE
        )
        with self._needs("accounts"):
            async for page, _ in pages:
                yield [
                    AwsAccount(
                        words(each, "Id"),
                        words(each, "Name"),
                        words(each, "Email"),
                        words(each, "State") or words(each, "Status"),
                    )
                    for each in page
                ]

    async def principal_name(self, kind: PrincipalKind, principal_id: str) -> str | None:
        """The userName or displayName of a principal; None: it does not exist any more."""
        store = await self._store.id()
        user = kind is PrincipalKind.USER
        operation, key = ("DescribeUser", "UserId") if user else ("DescribeGroup", "GroupId")
        with self._needs("access"):
            try:
                found = await self._account.call(
                    "identitystore", operation, IdentityStoreId=store, **{key: principal_id}
                )
            except NotFound:
                return None
        return words(found, "UserName" if user else "DisplayName")

    @contextmanager
    def _needs(self, feature: str) -> Iterator[None]:
        """Remember what AWS refuses. What was not reached is not remembered: it is tried again."""
        if (known := self._may.error(feature)) is not None:
            raise Unsupported(known.message, known.hint)
        try:
            yield
        except Denied:
            with self._may.needs(feature):
                raise

    async def _instance(self) -> str:
        """The ARN of the instance whose identity store this profile has. Raises `NotFound`."""
        if not self._arn:
            store = await self._store.id()
            found = [each.arn for each in await instances(self._account) if each.store_id == store]
            if not found:
                raise NotFound(
                    f"No instance of Identity Center here has the identity store {store}.",
                    "Permission sets are read in the account that owns the instance, or in the"
                    " delegated administrator's: check aws_profile and region.",
                )
            self._arn = found[0]
        return self._arn

    async def _pages(
        self, operation: str, items: str, **given: object
    ) -> AsyncIterator[tuple[list[Any], str]]:
        arn = await self._instance()
        pages = self._account.pages(
            "sso-admin", operation, items, InstanceArn=arn, MaxResults=PAGE, **given
        )
        async for page in pages:
            yield page

    async def _admin(self, set_id: str) -> bool | None:
        """Whether its policies allow everything; None: they could not be read."""
        try:
            with self._needs("administrators"):
                managed = await self._attached(set_id)
                if any(arn.endswith(ADMIN_POLICY) for arn in managed):
                    return True
                inline = await self._about("GetInlinePolicyForPermissionSet", set_id)
                if allows_everything(words(inline, "InlinePolicy")):
                    return True
                own = await self._about(
                    "ListCustomerManagedPolicyReferencesInPermissionSet", set_id
                )
        except (Denied, Unsupported):
            return None
        # What a policy of the customer allows stands in each account, and is not read.
        return None if parts(own, "CustomerManagedPolicyReferences") else False

    async def _attached(self, set_id: str) -> list[str]:
        pages = self._pages(
            "ListManagedPoliciesInPermissionSet",
            "AttachedManagedPolicies",
            PermissionSetArn=set_id,
        )
        return [words(each, "Arn") async for page, _ in pages for each in page]

    async def _about(self, operation: str, set_id: str) -> Answer:
        arn = await self._instance()
        return await self._account.call(
            "sso-admin", operation, InstanceArn=arn, PermissionSetArn=set_id
        )


def allows_everything(policy: str) -> bool:
    """Whether a policy document allows every action on every resource, without a condition."""
    try:
        document = json.loads(policy) if policy else {}
    except ValueError:
        return False
    statements = document.get("Statement") if isinstance(document, dict) else None
    listed = statements if isinstance(statements, list) else [statements]
    return any(_is_everything(each) for each in listed if isinstance(each, dict))


def _is_everything(statement: dict[str, Any]) -> bool:
    actions, resources = (_listed(statement.get(name)) for name in ("Action", "Resource"))
    everything = bool({"*", "*:*"} & set(actions)) and "*" in resources
    return statement.get("Effect") == "Allow" and everything and not statement.get("Condition")


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _assignment(found: Answer, set_id: str, account_id: str) -> Assignment:
    kind, principal = _KINDS.get(words(found, "PrincipalType")), words(found, "PrincipalId")
    if kind is None or not principal:
        raise Unreadable(
            f"An assignment in account {account_id} has no principal that can be read.",
            "Nothing is concluded from this listing: try again, and report it if it stays.",
        )
    return Assignment(account_id, set_id, kind, principal)
