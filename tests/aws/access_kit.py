"""Permission sets, accounts and assignments in the stand-in, and what they give by brute force.

moto keeps them and answers most operations. Where it differs from AWS the front answers:
ListAccountsForProvisionedPermissionSet (moto gives the account of the caller alone) and
organizations:ListAccounts, both in the pages that the service models allow.
"""

from dataclasses import dataclass, field
from typing import Any

from moto.ssoadmin.models import ssoadmin_backends

from tests.aws.standin import ACCOUNT, REGION, Json, StandIn

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
