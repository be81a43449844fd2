"""The instance of Identity Center: which identity store is meant, and how it is set up."""

from typing import NamedTuple

from scim_tui.model.errors import NotFound, Refused
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.shapes import part, words


class Instance(NamedTuple):
    """One instance, from ListInstances and DescribeInstance."""

    arn: str
    store_id: str
    name: str
    status: str
    primary_region: str
    key: str
    """Who holds the encryption key: AWS or the customer; empty: not known."""


async def instances(account: Account) -> list[Instance]:
    """The instances of the account in the Region."""
    found = [
        each
        async for page, _ in account.pages("sso-admin", "ListInstances", "Instances")
        for each in page
    ]
    return [
        Instance(
            words(each, "InstanceArn"),
            words(each, "IdentityStoreId"),
            words(each, "Name"),
            words(each, "Status"),
            words(each, "PrimaryRegion"),
            "",
        )
        for each in found
    ]


async def describe(account: Account, instance: Instance) -> Instance:
    """The instance with its key and status, which ListInstances leaves out."""
    found = await account.call("sso-admin", "DescribeInstance", InstanceArn=instance.arn)
    key = words(part(found, "EncryptionConfigurationDetails"), "KeyType")
    return instance._replace(key=key, status=words(found, "Status") or instance.status)


async def find_store(account: Account) -> str:
    """The one identity store of the account in the Region. Raises `Refused`."""
    ids = sorted({each.store_id for each in await instances(account) if each.store_id})
    if len(ids) == 1:
        return ids[0]
    where = f"in {account.ref.region}"
    if not ids:
        raise NotFound(
            f"The account has no instance of Identity Center {where}.",
            "Check region, and sign in to the account that has it.",
        )
    raise Refused(
        f"There are {len(ids)} identity stores {where}: {', '.join(ids)}.",
        "Name one: identity_store_id = ... in the profile.",
    )
