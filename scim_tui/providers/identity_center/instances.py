"""The instance of Identity Center: which identity store is meant, and how it is set up.

An organisation has one instance, which its member accounts see as well; besides, an account may
have one of its own (user guide, organization and account instances).
"""

from typing import NamedTuple

from scim_tui.model.errors import NotAllowed, NotFound, Refused, ScimTuiError
from scim_tui.providers.identity_center.account import Account, Answer
from scim_tui.providers.identity_center.refusals import POLICY, Denied
from scim_tui.providers.identity_center.shapes import part, parts, words

ISSUER = "https://scim.aws.com/"
"""How the issuer of a user made by SCIM begins; the id of the tenant follows."""


class Instance(NamedTuple):
    """One instance, from ListInstances and DescribeInstance."""

    arn: str
    store_id: str
    owner: str
    """The account that owns it; empty: not said."""
    name: str
    status: str
    status_reason: str
    primary_region: str
    """Where SCIM is; empty: not said."""
    key_type: str = ""
    """Who holds the encryption key: AWS or the customer; empty: not known."""
    key: str = ""
    """The ARN of a key of the customer."""
    key_status: str = ""


async def instances(account: Account) -> list[Instance]:
    """The instances that the account may see in the Region. Raises `Denied`."""
    try:
        pages = account.pages("sso-admin", "ListInstances", "Instances")
        return [_instance(each) async for page, _ in pages for each in page]
    except Denied as error:
        error.hint = f"Allow it, or name identity_store_id in the profile. {POLICY}"
        raise


async def describe(account: Account, instance: Instance) -> Instance:
    """The instance with its key and status, which ListInstances leaves out."""
    found = await account.call("sso-admin", "DescribeInstance", InstanceArn=instance.arn)
    said, key = _instance(found), part(found, "EncryptionConfigurationDetails")
    return instance._replace(
        status=said.status or instance.status,
        status_reason=said.status_reason or instance.status_reason,
        owner=said.owner or instance.owner,
        primary_region=said.primary_region or instance.primary_region,
        key_type=words(key, "KeyType"),
        key=words(key, "KmsKeyArn"),
        key_status=words(key, "EncryptionStatus"),
    )


async def caller(account: Account) -> str:
    """The account that is signed in; empty where that cannot be found out."""
    try:
        return words(await account.call("sts", "GetCallerIdentity"), "Account")
    except (Refused, NotAllowed):
        return ""


async def find_store(account: Account, tenant_id: str = "") -> str:
    """The identity store of the tenant, or the only one. Raises `Refused`, `NotFound`."""
    found = {each.store_id: each for each in await instances(account) if each.store_id}
    if len(found) == 1:
        return next(iter(found))
    where = f"in {account.ref.region}"
    if not found:
        raise NotFound(
            f"The account has no instance of Identity Center {where}.",
            "Check region, and sign in to the account that has it.",
        )
    ours = [each for each in found if tenant_id and await _has_tenant(account, each, tenant_id)]
    if len(ours) == 1:
        return ours[0]
    signed_in = await caller(account)
    listed = "; ".join(title(each, signed_in) for each in found.values())
    raise Refused(
        f"There are {len(found)} instances {where}: {listed}.",
        "Name its store: identity_store_id = ... in the profile.",
    )


def title(instance: Instance, signed_in: str) -> str:
    """Store, name, owner and Region of an instance, to tell it from others."""
    whose = "the owner is not known"
    if instance.owner:
        whose = f"of account {instance.owner}"
        if signed_in:
            own = instance.owner == signed_in
            whose += ", which is signed in" if own else ", which is another: the organisation's"
    facts = [f"named {instance.name}" if instance.name else "", whose]
    facts.append(f"primary Region {instance.primary_region}" if instance.primary_region else "")
    return f"{instance.store_id} ({', '.join(each for each in facts if each)})"


async def _has_tenant(account: Account, store_id: str, tenant_id: str) -> bool:
    """Whether one of the first users of the store was made by the tenant."""
    try:
        found = await account.call(
            "identitystore", "ListUsers", IdentityStoreId=store_id, MaxResults=100
        )
    except ScimTuiError:
        return False
    issuers = [
        words(external, "Issuer")
        for user in parts(found, "Users")
        for external in parts(user, "ExternalIds")
    ]
    return any(each.startswith(ISSUER) and tenant_id in each for each in issuers)


def _instance(found: Answer) -> Instance:
    return Instance(
        arn=words(found, "InstanceArn"),
        store_id=words(found, "IdentityStoreId"),
        owner=words(found, "OwnerAccountId"),
        name=words(found, "Name"),
        status=words(found, "Status"),
        status_reason=words(found, "StatusReason"),
        primary_region=words(found, "PrimaryRegion"),
    )
