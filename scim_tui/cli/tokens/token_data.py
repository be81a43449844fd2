"""An access token in the JSON of every command."""

from datetime import datetime
from typing import Any

from scim_tui.model.expiry import days_left
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.unknown_values import UNKNOWN


def token_data(token: AccessToken, now: datetime) -> dict[str, Any]:
    """The fields of a token, and what a null means in two of them.

    `expires_at` is null for a token that never expires, and for one whose expiry is unknown;
    `expires_known` shows which. `last_used_known` does the same for the last use.
    """
    return {
        **token.model_dump(),
        "state": token.state(now),
        "days_left": days_left(token.expires_at, now),
        "expires_known": token.expires_at is not UNKNOWN,
        "last_used_known": token.last_used_at is not UNKNOWN,
    }
