"""What was found out about the keys of a log, as the rotation keeps it (see `key_ids`)."""

from datetime import datetime
from enum import StrEnum

from pydantic import AliasChoices, Field

from scim_tui.model.ages import exact_age
from scim_tui.model.base import Value
from scim_tui.model.unknown_values import UNKNOWN, Absent, Moment


class KeyVerdict(StrEnum):
    """Whether the keys distinguish access tokens here."""

    WAITING = "waiting"
    """The record of our own request has not come yet."""
    NO_RECORD = "no record"
    """It has not come in time."""
    NOTHING_BEFORE = "nothing before"
    """It came, but there is no record with another token to compare it with."""
    SAME = "same"
    """It has the key that was seen before: the key does not distinguish tokens."""
    DISTINCT = "tells"
    """It has a key of its own."""


class Keys(Value):
    """What was found out about the keys."""

    verdict: KeyVerdict = Field(
        validation_alias=AliasChoices("sight", "verdict"), serialization_alias="sight"
    )
    """`sight` in the journal's files."""
    new: str = ""
    """The key of our own request with the new token."""
    before: tuple[str, ...] = ()
    """The keys of requests from before it."""
    probed_at: Moment = UNKNOWN
    """When our request was made, as the log has it."""


def key_words(keys: Keys | None, now: datetime) -> str:
    """How sure the key is, for the screen and the receipt; empty where no keys are compared."""
    if keys is None:
        return ""
    match keys.verdict:
        case KeyVerdict.WAITING:
            return "The record of our own test has not come yet; records come minutes late."
        case KeyVerdict.NO_RECORD:
            return (
                "Our own test left no record in 30 minutes: this token is not logged, or the "
                "log is not this account's. E3 is not possible; E2 is the most."
            )
        case KeyVerdict.NOTHING_BEFORE:
            return (
                f"Our own test has the key {short(keys.new)}, and no record with the old token "
                "was seen to compare it with. E3 is not possible yet."
            )
        case KeyVerdict.SAME:
            return (
                f"Our own test has the key {short(keys.new)}, as requests before it have: "
                "the key does not distinguish tokens. E3 is not possible; E2 is the most."
            )
    when = "" if isinstance(keys.probed_at, Absent) else f" {exact_age(keys.probed_at, now)}"
    old = ", ".join(map(short, keys.before))
    return (
        f"Our own test{when} has the key {short(keys.new)}, requests before it {old}: the key "
        "distinguishes tokens here."
    )


def short(key: str) -> str:
    """The end of a key, enough to compare."""
    return f"..{key[-4:]}"
