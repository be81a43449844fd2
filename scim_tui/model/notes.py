"""What a provider tells of itself beside the port: for Status, doctor and the ledger of tokens."""

from datetime import datetime
from typing import Literal

from scim_tui.model.absent import UNKNOWN, Words
from scim_tui.model.base import Value

Mark = Literal["ok", "bad", "unknown", "none"]
"""`none`: nothing to report, or not asked for."""


class Note(Value):
    """One thing that was looked at."""

    name: str
    mark: Mark
    words: str
    fix: str = ""
    """What to do, or empty."""


class TokenAct(Value):
    """Somebody made or deleted an access token, as a log tells."""

    at: datetime
    made: bool
    """False: it was deleted."""
    token_id: Words = UNKNOWN
    by: Words = UNKNOWN
    log: str
    """Where this is from: CloudTrail."""
