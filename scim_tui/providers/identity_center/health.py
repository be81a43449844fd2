"""AWS Health: its notice that an access token ends, an independent sign of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scim_tui.model.ages import age
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.shapes import words

CODE = "AWS_IAMIDENTITYCENTER_SCIM_BEARER_TOKEN_EXPIRY_NOTIFICATION"
NAME = "AWS Health"


async def health_finding(account: Account, now: datetime) -> Finding:
    """Whether a notice is open for the Region."""
    wanted = {"eventTypeCodes": [CODE], "eventStatusCodes": ["open", "upcoming"]}
    pages = account.pages("health", "DescribeEvents", "events", filter=wanted, maxResults=100)
    here = {account.ref.region, "global", ""}
    found = [event async for page, _ in pages for event in page if words(event, "region") in here]
    if not found:
        return Finding(NAME, Verdict.OK, "no notice of a token that ends")
    updated = age(max(_updated_at(event, now) for event in found), now)
    words_ = f"AWS says that a token ends soon ({updated})"
    return Finding(NAME, Verdict.WARN, words_, "Rotate it: scim-tui tokens rotate")


def _updated_at(event: Mapping[str, Any], now: datetime) -> datetime:
    at = event.get("lastUpdatedTime") or event.get("startTime")
    return at if isinstance(at, datetime) else now
