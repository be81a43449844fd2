"""What a client sent in a request that was refused, as far as it was kept."""

from datetime import datetime
from typing import Any

from scim_tui.model.base import Value


class SentRequest(Value):
    """One refused request. Its Authorization header and its secrets are never in it."""

    request_id: str
    at: datetime
    method: str
    path: str
    """Below the SCIM endpoint, such as /Users; a name in it is masked like a value."""
    query: str = ""
    """As `path`, without the question mark."""
    body: Any = None
    """The JSON that was sent; None: there is none, or `note` says why it is not kept."""
    masked: bool
    """Whether the letters and digits of names, addresses and phones are replaced."""
    size: int = 0
    """Bytes of the body as it came."""
    note: str = ""
    """Why the body is not kept; a sentence, or empty."""
