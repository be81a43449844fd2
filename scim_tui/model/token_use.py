"""The use of an access token in words. Requests of scim-tui do not count as use by an IdP."""

from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.model.ages import age
from scim_tui.model.own_agent import is_ours
from scim_tui.model.unknown_values import NEVER, Absent

if TYPE_CHECKING:
    from scim_tui.model.provisioning import AccessToken


def only_by_us(token: "AccessToken") -> bool:
    """Whether nothing but this program ever used it."""
    return token.last_used_at is NEVER and isinstance(token.own_used_at, datetime)


def last_use(token: "AccessToken", now: datetime) -> str:
    """When an IdP used it last, for a column: "6m ago", "no IdP", "never", "unknown"."""
    return "no IdP" if only_by_us(token) else age(token.last_used_at, now)


def use_words(token: "AccessToken", now: datetime) -> str:
    """The same for a sentence: "used 6m ago by Okta", "not used by an IdP, ...", "never used"."""
    if only_by_us(token):
        return f"not used by an IdP, only by this tool {age(token.own_used_at, now)}"
    if token.last_used_at is NEVER:
        return "never used"
    if isinstance(token.last_used_at, Absent):
        return "use unknown"
    return f"used {age(token.last_used_at, now)}{by_words(token)}"


def by_words(token: "AccessToken") -> str:
    """Who used it last: " by Okta"; empty where that is not known."""
    if is_ours(token.last_client):
        # The server does not record which client used it.
        return " by this tool, which is not an IdP"
    return "" if isinstance(token.last_client, Absent) else f" by {token.last_client}"
