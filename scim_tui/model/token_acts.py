"""Creations, deletions and uses of access tokens, from the log of the product."""

from datetime import datetime

from scim_tui.model.base import Value
from scim_tui.model.unknown_values import UNKNOWN, Words


class TokenAct(Value):
    """An access token was made or deleted."""

    at: datetime
    made: bool
    """False: it was deleted."""
    token_id: Words = UNKNOWN
    by: Words = UNKNOWN
    log: str
    """The name of the log, such as CloudTrail."""


class KeyUse(Value):
    """The use of one key by one client, in the part of the log that was read."""

    key_id: str
    agent: str
    """The User-Agent; empty: it does not say."""
    requests: int
    newest: datetime
