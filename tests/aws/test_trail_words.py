"""Every error text that AWS publishes of SCIM requests in CloudTrail, and the rule it means."""

import pytest

from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.providers.identity_center.trail_words import constraint_of

PATTERN = (
    "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+"
)
SHORT = "Member must have length greater than or equal to 1"
FAMILY = "Value at 'name.familyName' failed to satisfy constraint"
MANAGER = (
    "Value at 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager.value' failed "
    "to satisfy constraint"
)
PUBLISHED = [
    ("List attribute email exceeds allowed limit of 1", "emails.single"),
    ("List attribute emails exceeds allowed limit of 1", "emails.single"),
    ("List attribute addresses allowed limit of 1", "addresses.single"),
    (f"1 validation errors detected: {FAMILY}: {PATTERN}", "text.pattern"),
    (
        "1 validation errors detected: Value at '*name.familyName*' failed to satisfy "
        f"constraint: {PATTERN}",
        "text.pattern",
    ),
    (f"2 validation errors detected: {FAMILY}: {SHORT}; {FAMILY}: {PATTERN}", "text.empty"),
    (f"2 validation errors detected: {MANAGER}: {SHORT}; {MANAGER}: {PATTERN}", "text.empty"),
    ("Invalid JSON from RequestBody", "json.invalid"),
    ("Invalid Filter format", "filter.invalid"),
    ("Missing path in PATCH request", "patch.path"),
    ("Duplicate GroupDisplayName", "group.displayName.unique"),
    ("Currently list attributes only allow single item", "list.single"),
    ("Currently list attributes only allow single item“", "list.single"),
]
"""The user guide: scim-logging-using-cloudtrail, and the troubleshooting of Entra ID."""
ALIKE = [
    ("List attribute phoneNumber exceeds allowed limit of 1", "phoneNumbers.single"),
    ("List attribute address exceeds allowed limit of 1", "addresses.single"),
    ("List attribute roles exceeds allowed limit of 1", "roles.single"),
    (f"1 validation errors detected: {MANAGER}: {PATTERN}", "text.pattern"),
    (
        "1 validation errors detected: Value at 'userName' failed to satisfy constraint: "
        f"{PATTERN}",
        "userName.pattern",
    ),
    (
        "1 validation errors detected: Value at "
        "'urn:ietf:params:scim:schemas:core:2.0:User:userName' failed to satisfy constraint: "
        f"{PATTERN}",
        "userName.pattern",
    ),
    (f"1 validation errors detected: {FAMILY}: Member must have length less than", ""),
    (
        f"1 validation errors detected: {FAMILY}: Member must have length less than or equal to 9",
        "text.length",
    ),
    ("List attribute members exceeds allowed limit of 100", "members.limit"),
    ("Something that was never seen", ""),
]


@pytest.mark.parametrize(("message", "code"), [*PUBLISHED, *ALIKE])
def test_the_texts_of_cloudtrail_are_known_rules(message: str, code: str) -> None:
    assert constraint_of(message) == code
    assert not code or code in CONSTRAINTS
