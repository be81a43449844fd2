"""The receipt of a rotation: what was done, what was seen, what is still to do. No secret."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from scim_tui.model.ages import day, stamp
from scim_tui.model.expiry import REMINDERS
from scim_tui.model.plural import plural
from scim_tui.model.rotation.checklist import meaning
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import KnownBy, Rotation, TestResult
from scim_tui.model.rotation.usage import BLIND, sees_requests, sees_use
from scim_tui.model.unknown_values import Moment

FIRST_REMINDER = max(days for days, _ in REMINDERS)
"""Days before the end of a token from which Identity Center reminds."""

_GONE = {
    KnownBy.API: "deleted here",
    KnownBy.WORD: "deleted, by your word",
    KnownBy.SEEN: "gone, by the list of tokens",
    KnownBy.OUTSIDE: "gone, not by us",
    KnownBy.REFUSAL: "gone, since it is refused",
}
_TESTED = {
    TestResult.PASSED: "passed",
    TestResult.FAILED: "failed",
    TestResult.SKIPPED: "no result given",
}
STILL_YOURS = "clear clipboard history and files that hold the secret; tell the team"


def receipt(rotation: Rotation) -> Iterator[tuple[str, str]]:
    """Labels with their sentences, in the order they are read."""
    seen, new = rotation.seen, rotation.new
    yield "Old token", _old(rotation)
    yield "New token", f"{new.id}, expires {day(new.expires_at)}" if new else "none"
    yield "Proof", f"{level(rotation)}: {meaning(rotation, level(rotation))}"
    if rotation.waiver:
        waiver = rotation.waiver
        by = f", {waiver.by}" if waiver.by else ""
        yield "Accepted", f"{waiver.level} was enough: {waiver.reason}{by}"
    if rotation.tested:
        by = ", by your word" if rotation.tested.by is KnownBy.WORD else ", asked by us"
        given = rotation.tested.result is not TestResult.SKIPPED
        yield "IdP's test", f"{_TESTED[rotation.tested.result]}{by if given else ''}"
    yield (
        "IdP writes",
        (
            f"{plural(seen.new_writes, 'write')}, newest {stamp(seen.newest_write_at)}"
            if sees_use(rotation)
            else BLIND
        ),
    )
    yield "Refusals", _refusals(rotation)
    yield "Secret", f"handed over: {_ways(rotation) or 'never'}; not kept by this program"
    yield "Reminder", reminder(rotation)


def reminder(rotation: Rotation) -> str:
    """When to think of replacing the new token."""
    end: Moment = rotation.new.expires_at if rotation.new else rotation.old.expires_at
    if not isinstance(end, datetime):
        return "none: the end of the new token is not known; tokens record sets it"
    return f"{day(end - timedelta(days=FIRST_REMINDER))}, {FIRST_REMINDER} days before the end"


def as_text(rotation: Rotation) -> str:
    """The receipt for a ticket: plain lines, one fact each."""
    head = f"{rotation.id} of {rotation.profile}: {rotation.strategy}"
    begun = f"begun {stamp(rotation.started_at)} by {rotation.started_by or 'unknown'}"
    ended = f"{rotation.state} {stamp(rotation.history[-1].at)}" if rotation.history else ""
    lines = [head, f"{begun}, {ended}", rotation.ending, ""]
    lines += [f"{label:<12}{words}" for label, words in receipt(rotation)]
    lines += [
        "",
        *(f"{stamp(each.at)}  {each.state}  {each.note}".rstrip() for each in rotation.history),
    ]
    return "\n".join(lines) + "\n"


def _old(rotation: Rotation) -> str:
    if rotation.gone_by is None:
        return f"{rotation.old.id}, still there"
    return f"{rotation.old.id}, {_GONE[rotation.gone_by]} {stamp(rotation.gone_at)}"


def _refusals(rotation: Rotation) -> str:
    if not sees_requests(rotation):
        return BLIND
    newest = rotation.seen.newest_refused_at
    return f"newest {stamp(newest)}" if rotation.seen.refused else "none seen"


def _ways(rotation: Rotation) -> str:
    return "; ".join(f"{each.way} {stamp(each.at)}" for each in rotation.receipts)
