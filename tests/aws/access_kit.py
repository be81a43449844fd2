"""Permission sets, accounts and assignments in the stand-in, and what they give by brute force.

moto keeps them and answers most operations. Where it differs from AWS the front answers:
ListAccountsForProvisionedPermissionSet (moto gives the account of the caller alone) and
organizations:ListAccounts, both in the pages that the service models allow.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from moto.ssoadmin.models import ssoadmin_backends

from scim_tui.model.directory import Kind
from tests.aws.standin import ACCOUNT, REGION, STORE_ID, Json, StandIn
from tests.aws.world import World

Way = tuple[str, str, str, str]
"""A way of access: user id, account id, ARN of the set, id of the group or "" for a direct one."""


@dataclass
class AccessWorld:
    """The access of the account, as a test sets it up."""

    aws: StandIn
    sets: dict[str, str] = field(default_factory=dict)
    """ARNs by name."""
    accounts: dict[str, str] = field(default_factory=dict)
    """Names by id."""

    def __post_init__(self) -> None:
        self.aws.answers["ListAccountsForProvisionedPermissionSet"] = self._provisioned
        self.aws.answers["ListAccounts"] = self._accounts

    @property
    def backend(self) -> Any:  # noqa: ANN401
        return ssoadmin_backends[ACCOUNT][REGION]

    @property
    def instance(self) -> str:
        return str(self.backend.instances[0].instance_arn)

    def make_set(self, name: str, *, managed: str = "", inline: str = "") -> str:
        """A permission set with a policy of AWS."""
        made = self.backend.create_permission_set(name, "", self.instance, "PT1H", "", [])
        arn = str(made["PermissionSetArn"])
        self.sets[name] = arn
        if managed:
            self.backend.attach_managed_policy_to_permission_set(
                self.instance, arn, f"arn:aws:iam::aws:policy/{managed}"
            )
        if inline:
            self.backend.put_inline_policy_to_permission_set(self.instance, arn, inline)
        return arn

    def assign(self, name: str, account: str, principal: str, *, group: bool = True) -> None:
        """Give a principal a set in an account."""
        self.accounts.setdefault(account, f"account-{account[-3:]}")
        self.backend.create_account_assignment(
            self.instance,
            account,
            "AWS_ACCOUNT",
            self.sets[name],
            "GROUP" if group else "USER",
            principal,
        )

    def unassign(self, principal: str) -> None:
        """Take every assignment from a principal."""
        kept = [each for each in self.backend.account_assignments if each.principal_id != principal]
        self.backend.account_assignments[:] = kept

    def ways(self) -> set[Way]:
        """Every way of access, from moto's own lists."""
        store = self.aws._store()
        members: dict[str, set[str]] = {}
        for each in store.group_memberships.values():
            members.setdefault(each["GroupId"], set()).add(each["MemberId"]["UserId"])
        found = set()
        for each in self.backend.account_assignments:
            what = each.target_id, each.permission_set_arn
            if each.principal_type == "USER" and each.principal_id in store.users:
                found.add((each.principal_id, *what, ""))
            elif each.principal_type == "GROUP" and each.principal_id in store.groups:
                users = members.get(each.principal_id, set())
                found |= {(user, *what, each.principal_id) for user in users if user in store.users}
        return found

    def _provisioned(self, given: Json) -> Json:
        ids = sorted(
            {
                each.target_id
                for each in self.backend.account_assignments
                if each.permission_set_arn == given["PermissionSetArn"]
            }
        )
        return _page(ids, given, "AccountIds")

    def _accounts(self, given: Json) -> Json:
        listed = [
            {"Id": each, "Name": name, "Email": f"{name}@x.org", "State": "ACTIVE"}
            for each, name in self.accounts.items()
        ]
        return _page(listed, given, "Accounts")


def _page(items: list[Any], given: Json, name: str) -> Json:
    start, size = int(given.get("NextToken", "0")), int(given.get("MaxResults", 100))
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return {name: items[start : start + size], **more}


@dataclass(frozen=True)
class Size:
    """How much a random world holds."""

    people: int
    groups: int
    accounts: int
    sets: int
    pairs: int
    """Pairs of set and account that have assignments."""


async def random_world(here: World, size: Size, seed: int) -> AccessWorld:
    """People in groups, and assignments for both, also for principals that are gone."""
    chance, there = Random(seed), AccessWorld(here.aws)
    people = [await here.push(f"user{n:05}@x.org") for n in range(size.people)]
    groups = [
        await here.push_group(
            f"group {n}", chance.sample(people, chance.randrange(0, 60) % len(people))
        )
        for n in range(size.groups)
    ]
    for number in range(size.sets):
        there.make_set(f"set{number}", managed="AdministratorAccess" if number % 5 == 0 else "")
    pairs = [(f"set{s}", f"{a:012}") for s in range(size.sets) for a in range(size.accounts)]
    gone = ["gone-user", "gone-group"]
    for name, account in chance.sample(pairs, size.pairs):
        for principal in set(chance.choices([*groups, gone[1]], k=chance.randrange(0, 3))):
            there.assign(name, account, principal)
        for principal in set(chance.choices([*people, gone[0]], k=chance.randrange(0, 2))):
            there.assign(name, account, principal, group=False)
    return there


async def delete_user(here: World, user_id: str) -> None:
    """Delete a user in the directory; the assignments stay, as they do at AWS."""
    idp = here.idp()
    await idp.delete(Kind.USERS, user_id)
    await idp.aclose()
    store = here.aws._store()
    del store.users[user_id]
    for key, each in list(store.group_memberships.items()):
        if each["MemberId"]["UserId"] == user_id:
            del store.group_memberships[key]


async def add_member(here: World, group_id: str, user_id: str) -> None:
    """Put a user into a group, on both sides, as a push of the group does."""
    idp = here.idp()
    operation = {"op": "add", "path": "members", "value": [{"value": user_id}]}
    await idp.patch(Kind.GROUPS, group_id, [operation])
    await idp.aclose()
    made = f"m-{group_id}-{user_id}"
    here.aws._store().group_memberships[made] = {
        "IdentityStoreId": STORE_ID,
        "MembershipId": made,
        "GroupId": group_id,
        "MemberId": {"UserId": user_id},
    }
