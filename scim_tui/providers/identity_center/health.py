"""AWS Health: its notice that an access token ends, an independent sign of it."""

from datetime import datetime

from scim_tui.model.ages import age
from scim_tui.model.notes import Note
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.shapes import words

CODE = "AWS_IAMIDENTITYCENTER_SCIM_BEARER_TOKEN_EXPIRY_NOTIFICATION"
NAME = "AWS Health"


async def health_note(account: Account, now: datetime) -> Note:
    """Whether a notice is open for the Region."""
    found = [
        event
        async for page, _ in account.pages(
            "health", "DescribeEvents", "events",
            filter={"eventTypeCodes": [CODE], "eventStatusCodes": ["open", "upcoming"]},
        )
        for event in page
        if words(event, "region") in {account.ref.region, "global", ""}
    ]  # fmt: skip
    if not found:
        return Note(name=NAME, mark="ok", words="no notice of a token that ends")
    newest = max(_told(event, now) for event in found)
    return Note(
        name=NAME, mark="bad", words=f"AWS says that a token ends soon, told {age(newest, now)}",
        fix="Rotate it: scim-tui tokens rotate",
    )  # fmt: skip


def _told(event: object, now: datetime) -> datetime:
    at = event.get("lastUpdatedTime") or event.get("startTime") if isinstance(event, dict) else None
    return at if isinstance(at, datetime) else now
