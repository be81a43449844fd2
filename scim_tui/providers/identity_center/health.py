"""AWS Health: its notice that an access token ends, an independent sign of it."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from scim_tui.model.ages import age
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.errors import ScimTuiError
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.instance_finding import Ownership
from scim_tui.providers.identity_center.shapes import part, parts, words

CODE = "AWS_IAMIDENTITYCENTER_SCIM_BEARER_TOKEN_EXPIRY_NOTIFICATION"
NAME = "AWS Health"
MOST_DETAILS = 10
"""Events that DescribeEventDetails takes at a time (API reference)."""
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>[A-Z][a-z]{2,8})"
_DATES = tuple(
    re.compile(rf"(?:expir\w+|ends?)\b[^.]{{0,80}}?\bon (?:[A-Z][a-z]+day,? )?{each}")
    for each in (
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (?P<year>\d{{4}})",
    )
)
"""`expires in N days on DATE`, as the notice has it; dates of digits alone may be read wrongly."""


async def health_finding(account: Account, whose: Ownership, now: datetime) -> Finding:
    """Whether a notice is open for the Region."""
    wanted = {"eventTypeCodes": [CODE], "eventStatusCodes": ["open", "upcoming"]}
    pages = account.pages("health", "DescribeEvents", "events", filter=wanted, maxResults=100)
    here = {account.ref.region, "global", ""}
    found = [event async for page, _ in pages for event in page if words(event, "region") in here]
    if not found and not whose.same:
        words_ = f"no notice here; {whose.words}, which is the one that gets notices"
        return Finding(NAME, Verdict.UNKNOWN, words_, whose.fix)
    if not found:
        return Finding(NAME, Verdict.OK, "no notice of a token that ends")
    updated = age(max(_updated_at(event, now) for event in found), now)
    ends, why = await _ends(account, found)
    ending = f"on {min(ends):%Y-%m-%d} (health:DescribeEventDetails)" if ends else f"soon; {why}"
    words_ = f"AWS says that a token ends {ending}, notice {updated}"
    verdict = Verdict.BAD if ends and min(ends) < now.date() else Verdict.WARN
    return Finding(NAME, verdict, words_, "Rotate it: scim-tui tokens rotate")


async def _ends(account: Account, found: list[Mapping[str, Any]]) -> tuple[list[date], str]:
    """The days that the texts of the notices name, or why there is none."""
    arns = [words(event, "arn") for event in found][:MOST_DETAILS]
    try:
        answer = await account.call("health", "DescribeEventDetails", eventArns=arns)
    except ScimTuiError as error:
        return [], f"when is not known: {error.message}"
    texts = [
        words(part(each, "eventDescription"), "latestDescription")
        for each in parts(answer, "successfulSet")
    ]
    ends = [end for text in texts if (end := end_of(text)) is not None]
    return ends, "" if ends else "the notice has no date that can be read"


def end_of(text: str) -> date | None:
    """The day on which a notice says that the token ends; None: it names none."""
    flat = " ".join(text.split())
    for pattern in _DATES:
        if (found := pattern.search(flat)) is None:
            continue
        named = found.groupdict()
        month = named.get("number") or _month(named.get("month") or "")
        try:
            return date(int(named["year"]), int(month), int(named["day"]))
        except ValueError:
            continue
    return None


def _month(name: str) -> str:
    short = name[:3].lower()
    return str(_MONTHS.index(short) + 1) if short in _MONTHS else "0"


def _updated_at(event: Mapping[str, Any], now: datetime) -> datetime:
    at = event.get("lastUpdatedTime") or event.get("startTime")
    return at if isinstance(at, datetime) else now
