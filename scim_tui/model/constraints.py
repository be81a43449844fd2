"""What the directory accepts, as data: the service refuses with it, the preview predicts with it,
the browser explains with it.

Sources: SCIM developer guide of IAM Identity Center (createuser, putuser, patchuser, limitations),
the identitystore service model (lengths and patterns), and messages seen in CloudTrail.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"

MAX_MEMBERS = 100
"""Members in one CreateGroup, and membership changes in one PatchGroup."""
MAX_USER_NAME = 128
MAX_TEXT = 1024
MAX_EXTERNAL_ID = 256
RESERVED = frozenset({"administrator", "awsadministrators"})
"""Names of users and groups that the identity store reserves."""

UNSUPPORTED = ("ims", "photos", "x509Certificates", "entitlements", "password", "groups")
SINGLE = ("emails", "phoneNumbers", "addresses", "roles")
TEXTS = (
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
)
NAME_PARTS = (
    "formatted",
    "familyName",
    "givenName",
    "middleName",
    "honorificPrefix",
    "honorificSuffix",
)
PARTS: Mapping[str, tuple[str, ...]] = {
    "emails": ("value", "type"),
    "phoneNumbers": ("value", "type"),
    "addresses": (
        "formatted",
        "streetAddress",
        "locality",
        "region",
        "postalCode",
        "country",
        "type",
    ),
    "roles": ("value", "type"),
}
_GUIDE = "SCIM developer guide, "
_MODEL = "identitystore model, "


@dataclass(frozen=True, slots=True)
class Constraint:
    """One rule of the directory."""

    code: str
    """Stable name, such as emails.single."""
    message: str
    """Why something is refused, in the words of the service where they are known."""
    fix: str
    """What to do in the IdP."""
    source: str


def _rules(*rows: tuple[str, str, str, str]) -> dict[str, Constraint]:
    return {code: Constraint(code, message, fix, source) for code, message, fix, source in rows}


CONSTRAINTS = _rules(
    (
        "userName.required",
        "userName is required",
        "Map a login name to userName.",
        _GUIDE + "createuser",
    ),
    (
        "displayName.required",
        "displayName is required",
        "Give the person a display name, or map first and last name joined.",
        _GUIDE + "createuser",
    ),
    (
        "name.givenName.required",
        "name.givenName is required",
        "Give the person a first name in the IdP.",
        _GUIDE + "createuser",
    ),
    (
        "name.familyName.required",
        "name.familyName is required",
        "Give the person a last name in the IdP.",
        _GUIDE + "createuser",
    ),
    (
        "text.empty",
        "Member must have length greater than or equal to 1",
        "Leave the attribute out instead of sending an empty text.",
        _MODEL + "minimum length 1",
    ),
    (
        "text.length",
        "Member must have length less than or equal to the limit",
        "Shorten the value.",
        _MODEL + "maximum length",
    ),
    (
        "text.pattern",
        "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+",
        "Remove control and format characters.",
        _MODEL + "pattern",
    ),
    (
        "userName.pattern",
        "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
        "userName takes no white space: map the login or mail address.",
        _MODEL + "UserName",
    ),
    (
        "externalId.pattern",
        "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
        "externalId takes no white space: map the immutable id of the IdP.",
        _MODEL + "ExternalId",
    ),
    (
        "userName.reserved",
        "The name is reserved",
        "Choose another name than Administrator or AWSAdministrators.",
        _MODEL + "reserved names",
    ),
    (
        "emails.single",
        "List attribute emails exceeds allowed limit of 1",
        "Map one primary address only.",
        _GUIDE + "createuser",
    ),
    (
        "phoneNumbers.single",
        "List attribute phoneNumbers exceeds allowed limit of 1",
        "Map one phone number only.",
        _GUIDE + "createuser",
    ),
    (
        "addresses.single",
        "List attribute addresses allowed limit of 1",
        "Map one address only.",
        _GUIDE + "createuser",
    ),
    (
        "roles.single",
        "List attribute roles exceeds allowed limit of 1",
        "Map one role only.",
        _GUIDE + "createuser",
    ),
    (
        "list.single",
        "Currently list attributes only allow single item",
        "Map one value of each of emails, phoneNumbers, addresses and roles.",
        "AWS user guide, troubleshooting of Entra ID",
    ),
    (
        "emails.primary",
        "The email must be primary",
        "Send primary: true with the address.",
        _GUIDE + "createuser",
    ),
    (
        "attribute.unsupported",
        "The attribute is not supported",
        "Remove the attribute from the mapping.",
        _GUIDE + "limitations",
    ),
    (
        "attribute.display",
        "The sub-attribute display is not supported",
        "Send value, type and primary only.",
        _GUIDE + "limitations",
    ),
    ("type.text", "The attribute must be a string", "Map a text.", "RFC 7643 section 2.3.1"),
    (
        "type.boolean",
        "The attribute must be true or false",
        "Map a boolean.",
        "RFC 7643 section 2.3.2",
    ),
    (
        "type.complex",
        "The attribute must be an object",
        "Map the parts of the attribute one by one.",
        "RFC 7643 section 2.3.8",
    ),
    (
        "type.list",
        "The attribute must be a list of objects",
        "Send a list with one object.",
        "RFC 7643 section 2.4",
    ),
    (
        "members.limit",
        "List attribute members exceeds allowed limit of 100",
        "Send at most 100 member changes in one request.",
        _GUIDE + "creategroup, patchgroup",
    ),
    (
        "members.value",
        "Each member must have a value",
        "Send the id of the user as value.",
        _GUIDE + "patchgroup",
    ),
    (
        "members.replace",
        "Replacing group memberships is not supported.",
        "Send add and remove operations.",
        _GUIDE + "limitations",
    ),
    (
        "members.removeAll",
        "Removing all group memberships is not supported.",
        "Name the members to remove.",
        _GUIDE + "limitations",
    ),
    (
        "members.unknown",
        "A member does not exist",
        "Create the user before the membership.",
        _GUIDE + "patchgroup",
    ),
    (
        "userName.unique",
        "Duplicate UserName",
        "Another user has this userName: look for one that was made by hand.",
        "AWS user guide, troubleshooting",
    ),
    (
        "emails.unique",
        "Duplicate primary email",
        "Another user has this address: look for the same person twice.",
        "AWS user guide, troubleshooting",
    ),
    (
        "externalId.unique",
        "Duplicate ExternalId",
        "Another resource carries this externalId.",
        "AWS user guide, troubleshooting",
    ),
    (
        "group.displayName.unique",
        "Duplicate GroupDisplayName",
        "A group has this name already: names are compared without case.",
        "CloudTrail messages",
    ),
    (
        "json.invalid",
        "Invalid JSON from RequestBody",
        "Send valid JSON of at most 1 MB, in UTF-8, without repeated keys.",
        "CloudTrail messages",
    ),
    (
        "header.repeated",
        "The Authorization header is there more than once",
        "Send it once; look at what stands between the IdP and the service.",
        "RFC 9110 section 5.3",
    ),
    (
        "filter.invalid",
        "Invalid Filter format",
        "Use eq and and only, on the attributes that can be filtered.",
        _GUIDE + "listusers, listgroups",
    ),
    (
        "cursor.invalid",
        "The cursor does not belong to this request",
        "Repeat the filter unchanged on every page, or start again.",
        _GUIDE + "listusers",
    ),
    (
        "count.invalid",
        "count must be a number from 1 to 100",
        "Ask for 1 to 100 resources a page.",
        _GUIDE + "listusers, listgroups",
    ),
    (
        "patch.path",
        "Missing path in PATCH request",
        "Name the attribute in path.",
        _GUIDE + "patchuser",
    ),
    (
        "patch.singleAttribute",
        'Current PATCH support allows omitting "path" attribute only for Add and Replace operations modifying a single attribute.',
        "Send one operation an attribute.",
        "seen in public reports",
    ),
    (
        "patch.op",
        "The operation must be add, replace or remove",
        "Send add, replace or remove.",
        "RFC 7644 section 3.5.2",
    ),
    (
        "patch.operations",
        "Too many operations in one request",
        "Send at most 1000 operations in one PATCH.",
        "scim-tui: AWS publishes no number",
    ),
    (
        "patch.attribute",
        "The attribute cannot be patched",
        "Use PUT, or leave the attribute out.",
        _GUIDE + "patchuser, patchgroup",
    ),
    (
        "patch.required",
        "The attribute cannot be removed",
        "userName and active can be replaced only.",
        _GUIDE + "patchuser",
    ),
    (
        "patch.repeated",
        "More than one operation on the same attribute",
        "Send one operation for userName and one for active.",
        _GUIDE + "patchuser",
    ),
    (
        "patch.value",
        "The operation needs a value",
        "Send a value with add and replace.",
        "RFC 7644 section 3.5.2",
    ),
    (
        "put.group",
        "PutGroup is not supported",
        "Patch the group instead.",
        _GUIDE + "supported-apis",
    ),
    (
        "resource.unknown",
        "The resource does not exist",
        "The IdP holds an id from before: make it match again or reset its link.",
        _GUIDE + "getuser",
    ),
    (
        "token.unauthorized",
        "The token or the tenant is not valid",
        "Give the IdP a valid token and the endpoint of this tenant.",
        _GUIDE + "error table",
    ),
    (
        "rate.exceeded",
        "Too many requests",
        "Slow down: 25 writes and 40 reads a second for each operation.",
        "AWS quotas",
    ),
    (
        "storage.full",
        "The disk that holds the data folder of the service is full",
        "Free space on that disk; reading goes on meanwhile.",
        "SQLite, result codes",
    ),
    (
        "storage.busy",
        "Another process holds the write lock on the database of the service",
        "Look who has the data folder open, such as a backup or a shell, and end that.",
        "SQLite, result codes",
    ),
    (
        "storage.readonly",
        "The data folder of the service cannot be written",
        "Make its disk and files writable for the user of the service; reading goes on meanwhile.",
        "SQLite, result codes",
    ),
    (
        "storage.damaged",
        "The database of the service is damaged",
        "Stop the service, keep a copy of the data folder, restore an older copy, and look at it"
        " with scim-tui doctor.",
        "SQLite, result codes",
    ),
    (
        "storage.failed",
        "The database of the service cannot be used",
        "Look at the disk and the rights of the data folder.",
        "SQLite, result codes",
    ),
    (
        "route.unknown",
        "The operation is not supported",
        "Use Users, Groups, ServiceProviderConfig, Schemas and ResourceTypes.",
        _GUIDE + "supported-apis",
    ),
)
"""Every rule, by code. Codes are stable: reports and monitoring match on them."""
