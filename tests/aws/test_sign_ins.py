"""Who signed in, by CloudTrail: the person behind a record, and how far back it was read."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.model.errors import NotAllowed
from scim_tui.providers.identity_center import sign_ins
from tests.aws.standin import Json, StandIn, record
from tests.aws.world import NOW, world


def portal(user_id: str, days: float) -> Json:
    found = record("Federate", NOW - timedelta(days=days), source="sso.amazonaws.com")
    raw = json.loads(found["CloudTrailEvent"])
    raw["userIdentity"] = {"type": "IdentityCenterUser", "onBehalfOf": {"userId": user_id}}
    return found | {"CloudTrailEvent": json.dumps(raw)}


async def test_the_newest_use_of_each_person_is_read(aws: StandIn, tmp_path: Path) -> None:
    aws.records = lambda: [portal("ana", 3), portal("ana", 1), portal("bob", 9)]
    async with world(aws, tmp_path) as here:
        found = await here.provider.sign_ins()
    assert {user: (NOW - at).days for user, at in found.newest.items()} == {"ana": 1, "bob": 9}
    assert NOW - found.since == timedelta(days=90)


async def test_what_was_not_read_to_its_end_does_not_count_as_read(
    aws: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_ins, "MOST_PAGES", 1)
    aws.records = lambda: [portal(f"user{n}", n / 10) for n in range(60)]
    async with world(aws, tmp_path) as here:
        found = await here.provider.sign_ins()
    assert len(found.newest) == 50
    assert found.since > NOW - timedelta(days=5)


async def test_without_the_permission_its_name_is_given(aws: StandIn, tmp_path: Path) -> None:
    aws.denied.add("LookupEvents")
    async with world(aws, tmp_path) as here:
        with pytest.raises(NotAllowed, match="cloudtrail:LookupEvents"):
            await here.provider.sign_ins()
