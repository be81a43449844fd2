"""An access token in the JSON of every command."""

from datetime import datetime
from typing import Any

from scim_tui.model.expiry import days_left
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.unknown_values import UNKNOWN


def token_data(token: AccessToken, now: datetime) -> dict[str, Any]:
    """Its fields, and whether a null of two of them is known to mean "none".

    `expires_at` is null for a token without an end and for one whose end is not known:
    `expires_known` tells them apart, and `last_used_known` a token that no IdP used from one of
    which that is not known.
    """
    return {
        **token.model_dump(),
        "state": token.state(now),
        "days_left": days_left(token.expires_at, now),
        "expires_known": token.expires_at is not UNKNOWN,
        "last_used_known": token.last_used_at is not UNKNOWN,
    }
