"""Automatic provisioning and its access tokens."""

from datetime import datetime
from enum import StrEnum

from pydantic import SecretStr

from scim_tui.model.base import Value, Words
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent, Count, Moment

MAX_TOKENS = 2
"""Identity Center keeps at most two access tokens (AWS user guide, rotate-token)."""
TOKEN_DAYS = 365
"""An access token is valid for one year; no other time can be chosen (same page)."""
DELETE_WORD = "DELETE"
"""What the console asks to be typed before a token is deleted."""
DISABLE_WORD = "DISABLE"
"""What the console asks to be typed before provisioning is disabled."""
SUSPEND_WORD = "SUSPEND"
"""What is typed before a token is suspended: every client that sends it is refused from then on."""


class ProvisioningState(StrEnum):
    """Whether provisioning is on."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    UNKNOWN = "unknown"


class ProvisioningStatus(Value):
    """Whether provisioning is on, and its endpoint."""

    state: ProvisioningState
    scim_endpoint: Words = UNKNOWN
    """The URL an IdP is configured with; "never" when there is none because it is off."""
    tenant_id: Words = UNKNOWN
    enabled_at: Moment = UNKNOWN
    listening: bool | Absent = UNKNOWN
    """Whether something answers at the endpoint; only the embedded service can say."""


class TokenState(StrEnum):
    """Whether an access token is valid now, and if not, why."""

    ACTIVE = "active"
    UNUSED = "unused"
    SUSPENDED = "suspended"
    """It is refused until it is switched on again."""
    EXPIRED = "expired"
    UNKNOWN = "unknown"


SHUT = frozenset({TokenState.EXPIRED, TokenState.SUSPENDED})
"""Requests with a token in one of these states are refused."""


class AccessToken(Value):
    """An access token without its secret, which is shown only once."""

    id: str
    created_at: Moment = UNKNOWN
    expires_at: Moment = UNKNOWN
    last_used_at: Moment = UNKNOWN
    """Newest request with it that this program did not send itself."""
    requests: Count = UNKNOWN
    """All requests with it, also those of this program."""
    last_client: Words = UNKNOWN
    """The User-Agent of the newest request that this program did not send."""
    own_used_at: Moment = UNKNOWN
    """Newest request of this program with it, such as a test of the secret."""
    suspended: bool | Absent = UNKNOWN
    """Whether it is suspended; not known where the product cannot suspend."""

    def state(self, now: datetime) -> TokenState:
        """The state of the token at `now`."""
        if isinstance(self.expires_at, datetime) and self.expires_at <= now:
            return TokenState.EXPIRED
        if self.suspended is True:
            return TokenState.SUSPENDED
        if self.last_used_at is NEVER:
            return TokenState.UNUSED
        if self.expires_at is UNKNOWN and self.last_used_at is UNKNOWN:
            return TokenState.UNKNOWN
        return TokenState.ACTIVE


class NewToken(Value):
    """A token just made, with the only copy of its secret."""

    token: AccessToken
    secret: SecretStr


class Enabled(Value):
    """The result of enabling: the status and, as in the console, a first token."""

    status: ProvisioningStatus
    first_token: NewToken | None = None
