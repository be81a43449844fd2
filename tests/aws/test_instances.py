"""Which instance is meant, whose it is, where it lives, and how it is encrypted."""

from pathlib import Path

import pytest

from scim_tui.model.checkup import Verdict
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotAllowed, Refused
from scim_tui.providers.identity_center.policy import policy
from tests.aws.standin import ACCOUNT, REGION, STORE_ID, Json, StandIn
from tests.aws.test_findings import found
from tests.aws.world import World, world

OTHER_STORE, OTHER_ACCOUNT = "d-9067000000", "210987654321"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def instance(store_id: str, **facts: str) -> Json:
    return {
        "InstanceArn": f"arn:aws:sso:::instance/ssoins-{store_id}",
        "IdentityStoreId": store_id,
        "OwnerAccountId": ACCOUNT,
        "Status": "ACTIVE",
        **facts,
    }


async def test_two_instances_are_listed_with_owner_name_and_region(
    aws: StandIn, tmp_path: Path
) -> None:
    aws.instances = [
        instance(STORE_ID, Name="sandbox", PrimaryRegion="eu-west-1"),
        instance(OTHER_STORE, OwnerAccountId=OTHER_ACCOUNT, PrimaryRegion="us-east-1"),
    ]
    async with world(aws, tmp_path) as here:
        with pytest.raises(Refused) as caught:
            await here.provider._store.id()
    assert caught.value.message == (
        "There are 2 instances in us-east-1: "
        f"{STORE_ID} (named sandbox, of account {ACCOUNT}, which is signed in, "
        "primary Region eu-west-1); "
        f"{OTHER_STORE} (of account {OTHER_ACCOUNT}, which is another: the organisation's, "
        "primary Region us-east-1)."
    )
    assert "identity_store_id" in caught.value.hint


async def test_of_two_instances_the_one_that_holds_our_tenant_is_meant(
    aws: StandIn, tmp_path: Path
) -> None:
    aws.instances = [instance(OTHER_STORE), instance(STORE_ID)]
    async with world(aws, tmp_path) as here:
        await here.push("ana@x.org")
        assert await here.provider._store.id() == STORE_ID


async def test_without_listinstances_the_store_can_be_named(aws: StandIn, tmp_path: Path) -> None:
    aws.denied.add("ListInstances")
    async with world(aws, tmp_path) as here:
        with pytest.raises(NotAllowed, match="sso:ListInstances") as caught:
            await here.provider.strays(Kind.USERS)
    assert "name identity_store_id in the profile" in caught.value.hint
    async with world(aws, tmp_path / "named", identity_store_id=STORE_ID) as here:
        assert await here.provider.strays(Kind.USERS) == []


async def test_an_additional_region_is_not_all_green(aws: StandIn, tmp_path: Path) -> None:
    aws.facts["PrimaryRegion"] = "eu-west-1"
    async with world(aws, tmp_path) as here:
        finding = (await found(here))["AWS instance"]
    assert finding.verdict is Verdict.BAD
    assert "us-east-1 is an additional Region" in finding.evidence
    assert "primary Region eu-west-1 only" in finding.evidence
    assert 'region = "eu-west-1"' in finding.fix


async def test_the_primary_region_is_fine(aws: StandIn, tmp_path: Path) -> None:
    aws.facts["PrimaryRegion"] = REGION
    async with world(aws, tmp_path) as here:
        finding = (await found(here))["AWS instance"]
    assert (finding.verdict, finding.evidence) == (Verdict.OK, f"{STORE_ID}, ACTIVE")


@pytest.mark.parametrize("name", ["CloudTrail", "AWS Health"])
async def test_nothing_found_in_another_account_means_nothing(
    aws: StandIn, tmp_path: Path, name: str
) -> None:
    aws.facts["OwnerAccountId"] = OTHER_ACCOUNT
    async with world(aws, tmp_path) as here:
        findings = await found(here)
    assert findings[name].verdict is Verdict.UNKNOWN
    assert f"account {ACCOUNT} was asked" in findings[name].evidence
    assert f"owned by account {OTHER_ACCOUNT}" in findings[name].evidence
    assert f"Ask account {OTHER_ACCOUNT}" in findings[name].fix
    assert "older" not in findings[name].fix
    assert f"owned by account {OTHER_ACCOUNT}" in findings["AWS instance"].evidence


async def test_nothing_found_where_the_owner_is_unknown_means_nothing(
    aws: StandIn, tmp_path: Path
) -> None:
    aws.denied.add("ListInstances")
    async with world(aws, tmp_path, identity_store_id=STORE_ID) as here:
        findings = await found(here)
    assert findings["AWS Health"].verdict is Verdict.UNKNOWN
    assert "owned by an account that is not known" in findings["AWS Health"].evidence


@pytest.mark.parametrize(
    ("status", "verdict", "words"),
    [
        ("ACTIVE", Verdict.OK, "ACTIVE"),
        ("CREATE_IN_PROGRESS", Verdict.WARN, "CREATE_IN_PROGRESS"),
        ("CREATE_FAILED", Verdict.BAD, "CREATE_FAILED (no quota)"),
        ("HIBERNATING", Verdict.UNKNOWN, "in state HIBERNATING"),
    ],
)
async def test_a_state_that_is_not_known_is_neither_good_nor_bad(
    aws: StandIn, tmp_path: Path, status: str, verdict: Verdict, words: str
) -> None:
    aws.facts |= {"Status": status}
    aws.facts |= {"StatusReason": "no quota"} if status == "CREATE_FAILED" else {}
    async with world(aws, tmp_path) as here:
        finding = (await found(here))["AWS instance"]
    assert finding.verdict is verdict
    assert words in finding.evidence


async def test_a_key_of_the_customer_is_shown(aws: StandIn, tmp_path: Path) -> None:
    aws.facts["EncryptionConfigurationDetails"] = {
        "KeyType": "CUSTOMER_MANAGED_KEY",
        "KmsKeyArn": KEY,
        "EncryptionStatus": "UPDATE_FAILED",
    }
    async with world(aws, tmp_path) as here:
        finding = (await found(here))["AWS instance"]
    assert finding.verdict is Verdict.WARN
    assert f"your KMS key {KEY} (UPDATE_FAILED)" in finding.evidence
    assert "--iam-policy kms" in finding.fix


async def refused(here: World) -> NotAllowed:
    with pytest.raises(NotAllowed) as caught:
        await here.provider.strays(Kind.USERS)
    return caught.value


@pytest.mark.parametrize(
    ("code", "reason", "words", "hint"),
    [
        ("AccessDeniedException", "KMS_ACCESS_DENIED", "may not use it", "--iam-policy kms"),
        ("ValidationException", "KMS_DISABLED", "it is disabled", "Mend the key"),
        ("ValidationException", "KMS_INVALID_STATE", "does not allow its use", "Mend the key"),
        ("ResourceNotFoundException", "KMS_KEY_NOT_FOUND", "not exist any more", "Mend the key"),
    ],
)
async def test_what_the_key_refuses_is_not_what_the_action_lacks(
    aws: StandIn, tmp_path: Path, code: str, reason: str, words: str, hint: str
) -> None:
    aws.errors["ListUsers"] = (400, code, "no")
    aws.more_of_errors["Reason"] = reason
    async with world(aws, tmp_path, identity_store_id=STORE_ID) as here:
        error = await refused(here)
    assert words in error.message
    assert hint in error.hint


def test_the_policy_for_the_key_is_bound_to_the_service_and_the_store() -> None:
    statements = policy(["kms"], store_id=STORE_ID)["Statement"]
    assert [each["Action"] for each in statements] == [["kms:Decrypt"]] * 2
    assert statements[0]["Condition"] == {
        "StringLike": {"kms:ViaService": "identitystore.*.amazonaws.com"},
        "ArnLike": {
            "kms:EncryptionContext:aws:identitystore:identitystore-arn": (
                f"arn:aws:identitystore::*:identitystore/{STORE_ID}"
            )
        },
    }
    assert statements[1]["Condition"]["StringLike"] == {"kms:ViaService": "sso.*.amazonaws.com"}
    assert len({each["Sid"] for each in policy()["Statement"]}) == len(policy()["Statement"])
