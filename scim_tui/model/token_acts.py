"""Who made and deleted access tokens, as a log of the product tells it."""

from datetime import datetime

from scim_tui.model.absent import UNKNOWN, Words
from scim_tui.model.base import Value


class TokenAct(Value):
    """Somebody made or deleted an access token."""

    at: datetime
    made: bool
    """False: it was deleted."""
    token_id: Words = UNKNOWN
    by: Words = UNKNOWN
    log: str
    """Where this is from: CloudTrail."""
