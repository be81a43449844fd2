"""The IAM policy that this provider needs: least privilege, by feature.

Actions and their resource types: Service Authorization Reference of AWS (IAM Identity Center,
Identity Store, CloudTrail, AWS Health, IAM Identity Center directory). Everything only reads.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from scim_tui.model.errors import UsageError


class Feature(NamedTuple):
    """A feature, and the IAM actions that it needs."""

    name: str
    what: str
    actions: tuple[str, ...]
    in_store: bool = False
    """Whether the actions can be limited to one identity store and what is in it."""
    optional: bool = False


FEATURES = (
    Feature(
        "instance",
        "which instance and identity store there are",
        ("sso:DescribeInstance", "sso:ListInstances"),
    ),
    Feature(
        "members",
        "members of groups, and groups of a user",
        (
            "identitystore:DescribeGroup",
            "identitystore:DescribeUser",
            "identitystore:ListGroupMemberships",
            "identitystore:ListGroupMembershipsForMember",
        ),
        in_store=True,
    ),
    Feature(
        "origin",
        "who was made by hand, and quota use",
        (
            "identitystore:DescribeGroup",
            "identitystore:DescribeUser",
            "identitystore:ListGroups",
            "identitystore:ListUsers",
        ),
        in_store=True,
    ),
    Feature(
        "sources",
        "the addresses that SCIM may come from",
        ("identitystore:DescribeIdentityStore",),
        in_store=True,
    ),
    Feature(
        "activity",
        "what the IdP did, keys in use, who made and deleted tokens",
        ("cloudtrail:LookupEvents",),
    ),
    Feature(
        "access",
        "permission sets, and who has them in which account (with members)",
        (
            "identitystore:DescribeGroup",
            "identitystore:DescribeUser",
            "sso:DescribePermissionSet",
            "sso:ListAccountAssignments",
            "sso:ListAccountsForProvisionedPermissionSet",
            "sso:ListInstances",
            "sso:ListPermissionSets",
        ),
    ),
    Feature(
        "administrators",
        "which permission sets allow everything",
        (
            "sso:GetInlinePolicyForPermissionSet",
            "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
            "sso:ListManagedPoliciesInPermissionSet",
        ),
        optional=True,
    ),
    Feature("accounts", "the names of accounts", ("organizations:ListAccounts",), optional=True),
    Feature(
        "health",
        "notices that a token ends",
        ("health:DescribeEventDetails", "health:DescribeEvents"),
        optional=True,
    ),
    Feature(
        "kms",
        "decrypt the directory, where it has a KMS key of the customer",
        ("kms:Decrypt",),
        optional=True,
    ),
    Feature(
        "endpoint",
        "find the SCIM endpoint (experimental_find_endpoint)",
        ("sso-directory:ListProvisioningTenants",),
        optional=True,
    ),
)
_PARTS = ("user/*", "group/*", "membership/*")


def policy(
    features: Iterable[str] = (), *, store_id: str = "", partition: str = "aws"
) -> dict[str, Any]:
    """The policy document for these features, by default for all. Raises `UsageError`."""
    wanted = set(features) or {feature.name for feature in FEATURES}
    if unknown := wanted - {feature.name for feature in FEATURES}:
        raise UsageError(
            f"There is no feature {', '.join(sorted(unknown))}.",
            f"There are: {', '.join(feature.name for feature in FEATURES)}.",
        )
    statements = [
        statement
        for feature in FEATURES
        if feature.name in wanted
        for statement in _statements(feature, store_id, partition)
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _statements(feature: Feature, store_id: str, partition: str) -> list[dict[str, Any]]:
    statement = {
        "Sid": f"ScimTui{feature.name.capitalize()}",
        "Effect": "Allow",
        "Action": list(feature.actions),
        "Resource": _resources(store_id, partition) if feature.in_store else "*",
    }
    if feature.name != "kms":
        return [statement]
    store = f"arn:{partition}:identitystore::*:identitystore/{store_id or '*'}"
    instance = f"arn:{partition}:sso:::instance/*"
    return [
        statement
        | {
            "Sid": f"{statement['Sid']}{name}",
            "Condition": {
                "StringLike": {"kms:ViaService": f"{service}.*.{_suffix(partition)}"},
                "ArnLike": {f"kms:EncryptionContext:{context}": arn},
            },
        }
        for name, service, context, arn in (
            ("Store", "identitystore", "aws:identitystore:identitystore-arn", store),
            ("Instance", "sso", "aws:sso:instance-arn", instance),
        )
    ]


def _suffix(partition: str) -> str:
    """How the names of services end in a key's policy (UG/baseline-KMS-key-policy)."""
    return {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}.get(
        partition, "amazonaws.com"
    )


def _resources(store_id: str, partition: str) -> list[str]:
    """One store with all users and groups; its account is not known before signing in."""
    store = f"arn:{partition}:identitystore::*:identitystore/{store_id or '*'}"
    return [store, *(f"arn:{partition}:identitystore:::{each}" for each in _PARTS)]
