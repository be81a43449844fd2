"""Who used the access portal, by CloudTrail of the account that owns the instance.

Records of people in the portal carry `onBehalfOf.userId` beside the caller (user guide,
sso-info-in-cloudtrail and "Identity Center use cases"). Sessions of roles are in the trails of the
other accounts, which are not read here.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from scim_tui.model.clock import Clock
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.feed import KEPT, PAGE
from scim_tui.providers.identity_center.shapes import part, words
from scim_tui.providers.port import SignIns

SOURCES = ("sso.amazonaws.com", "signin.amazonaws.com")
MOST_PAGES = 40
"""Of each source: twenty seconds at the published rate of LookupEvents."""
_TICK = timedelta(seconds=1)


async def read_sign_ins(account: Account, clock: Clock) -> SignIns:
    """The newest record of each person, and how far back all sources were read."""
    now = clock()
    newest: dict[str, datetime] = {}
    reached = now - KEPT
    for source in SOURCES:
        reached = max(reached, await _read(account, source, now, newest))
    return SignIns(newest, reached)


async def _read(
    account: Account, source: str, now: datetime, newest: dict[str, datetime]
) -> datetime:
    """Note the people of one source; returns how far back it was read."""
    pages = account.pages(
        "cloudtrail",
        "LookupEvents",
        "Events",
        LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": source}],
        StartTime=now - KEPT,
        EndTime=now,
        MaxResults=PAGE,
    )
    count, oldest = 0, now
    async for found, following in pages:
        count += 1
        for each in found:
            at = each.get("EventTime")
            if not isinstance(at, datetime):
                continue
            oldest = min(oldest, at.astimezone(UTC))
            if user_id := _user_of(each):
                newest[user_id] = max(at.astimezone(UTC), newest.get(user_id, oldest))
        if following and count >= MOST_PAGES:
            return oldest + _TICK
    return now - KEPT


def _user_of(found: Mapping[str, Any]) -> str:
    """The id of the person of a record; empty: it was not a person of the identity store."""
    try:
        raw = json.loads(str(found.get("CloudTrailEvent", "")))
    except ValueError:
        return ""
    return words(part(part(raw, "userIdentity"), "onBehalfOf"), "userId") if raw else ""
