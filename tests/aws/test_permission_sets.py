"""Whether a permission set makes an administrator, and how fast AWS is asked."""

import json
from pathlib import Path

import pytest

from scim_tui.model.access import PermissionSet
from scim_tui.providers.identity_center.access import allows_everything
from tests.aws.access_kit import AccessWorld
from tests.aws.standin import StandIn
from tests.aws.test_access import opened, small
from tests.aws.world import World, world

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        (ALL, True),
        ([ALL], True),
        (ALL | {"Action": ["s3:Get*", "*:*"], "Resource": ["*"]}, True),
        (ALL | {"Action": "s3:*"}, False),
        (ALL | {"Resource": "arn:aws:s3:::x"}, False),
        (ALL | {"Effect": "Deny"}, False),
        (ALL | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}, False),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, False),
        (None, False),
    ],
)
def test_a_policy_allows_everything_only_if_nothing_limits_it(
    statement: object, wanted: bool
) -> None:
    assert allows_everything(json.dumps({"Statement": statement})) is wanted


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "null"])
def test_a_policy_that_cannot_be_read_allows_nothing(text: str) -> None:
    assert allows_everything(text) is False


async def described(here: World, arn: str) -> PermissionSet:
    return await here.provider.permission_set(arn)


async def test_administrators_are_told_by_policies_and_not_by_names(
    aws: StandIn, tmp_path: Path
) -> None:
    async with world(aws, tmp_path) as here:
        there = AccessWorld(aws)
        named = there.make_set("AdministratorAccess", managed="ReadOnlyAccess")
        managed = there.make_set("Harmless", managed="AdministratorAccess")
        inline = there.make_set("Inline", inline=json.dumps({"Statement": [ALL]}))
        own = there.make_set("Own")
        there.backend.attach_customer_managed_policy_reference_to_permission_set(
            there.instance, own, {"Name": "anything", "Path": "/"}
        )
        found = [(await described(here, arn)).admin for arn in (named, managed, inline, own)]
    assert found == [False, True, True, None]


async def test_all_calls_of_identity_center_share_one_rate(aws: StandIn, tmp_path: Path) -> None:
    async with world(aws, tmp_path) as here, opened(here) as (access, _):
        await small(here)
        await access.crawl()
        paces = [key for key in here.account._paces if key[0] == "sso-admin"]
    assert paces == [("sso-admin", "")]
