"""The sentences and headings of the Status screen and of its dialog."""

from datetime import datetime

AWAITED = "what is known appears here as it arrives"
WHILE_CLOSED = "r tries again now   p switches to another profile"
STATUS_UNKNOWN = "The status is not known yet."
NO_ENDPOINT = "none while provisioning is off; "
NOTHING_LISTENS = "nothing listens there now"
NO_REQUEST = "no request yet"
LAST_REQUEST, LAST_WRITE = "last request by ", "; last write "

NEWEST_REFUSALS = "NEWEST REFUSALS"
NO_REFUSAL = "none seen"
REQUESTS_PER_HOUR = "REQUESTS PER HOUR, 24h"
NO_REQUESTS = "no requests"
REFUSED_MARK = "x refused"
WHY_REFUSED = "WHY REFUSED, requests in 24h"

ROTATION_HELD, ROTATION_OPEN = "R asks to take it over.", "R resumes."

FINDINGS = "Findings"
ORIGINS = "who was made by hand"
NOT_LISTED = "not listed yet, "

LIKELY, HOW_TO_TELL = "LIKELY, IN THIS ORDER", "HOW TO TELL"
TOKEN_CAUSES = (
    ("the token expired", "the console of the provider shows its end"),
    ("the token was deleted", "the console lists it no longer"),
    ("the tenant id changed", "compare the endpoint: provisioning enabled anew has another"),
)
KEY_CAUSES = (
    ("the admin key was replaced", "after: scim-tui serve --new-admin-key"),
    ("another service answers", "compare the admin endpoint of the profile"),
)
"""Why a token or key may be refused, the likeliest first, and how to find out."""


def wrong_profile(name: str) -> tuple[str, str]:
    """The last cause of a refused token, and how to find out."""
    return ("wrong profile", f"this is {name}; p switches")


def outdated(at: datetime) -> str:
    """Beside a state that a snapshot showed before the connection was lost."""
    return f"as of {at:%H:%M:%SZ}, and may be wrong now"


def listed(count: int, kind: str, at: datetime) -> str:
    """What the Directory screen counted."""
    return f"{count:,} {kind} listed at {at:%H:%M:%SZ}"


def findings(wrong: int) -> str:
    """How many kinds of findings the directory has."""
    return f"{wrong or 'no'} {'finding' if wrong == 1 else 'findings'}"
