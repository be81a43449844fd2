"""Why a request was refused and what to do, in a few words, by the code of the rule."""

import re

from scim_tui.core.activity.refused_person import Fix, FixKind
from scim_tui.model.activity import Event
from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.model.escaping import reveal

_PATHS = re.compile(r"Value at '([^']+)' failed")
_BEHIND = re.compile(r": ([A-Za-z][\w.]*)$")
_THE_ATTRIBUTE = "an attribute"
_WORDS = {
    "userName.required": "no userName was sent",
    "displayName.required": "no display name was sent",
    "name.givenName.required": "no first name was sent",
    "name.familyName.required": "no last name was sent",
    "text.empty": "{path} is empty",
    "text.length": "{path} is too long",
    "text.pattern": "{path} has characters that are not taken",
    "userName.pattern": "userName has white space or control characters",
    "externalId.pattern": "externalId has white space or control characters",
    "userName.reserved": "the name is reserved by AWS",
    "emails.single": "more than one e-mail address sent, one allowed",
    "phoneNumbers.single": "more than one phone number sent, one allowed",
    "addresses.single": "more than one postal address sent, one allowed",
    "roles.single": "more than one role sent, one allowed",
    "list.single": "more than one value of a list sent, one allowed",
    "emails.primary": "the e-mail address is not marked as primary",
    "attribute.unsupported": "{path} is not supported",
    "attribute.display": "{path} is not taken",
    "type.text": "{path} is no text",
    "type.boolean": "{path} is neither true nor false",
    "type.complex": "{path} has no parts",
    "type.list": "{path} is no list",
    "userName.unique": "userName is taken",
    "emails.unique": "e-mail address is taken",
    "externalId.unique": "externalId is taken",
    "json.invalid": "the request was no valid JSON",
    "header.repeated": "the Authorization header was sent twice",
    "patch.path": "the path of a change cannot be read",
    "patch.singleAttribute": "a change without a path names several attributes",
    "patch.op": "a change is neither add, replace nor remove",
    "patch.operations": "too many changes in one request",
    "patch.attribute": "{path} cannot be changed by PATCH",
    "patch.required": "{path} cannot be removed",
    "patch.repeated": "{path} is changed twice in one request",
    "patch.value": "a change has no value",
    "resource.unknown": "the IdP asks for an id that is not here",
    "route.unknown": "the directory has no such operation",
    "storage.full": "the disk of the service is full",
    "storage.busy": "the database of the service is locked",
    "storage.readonly": "the service cannot write its data folder",
    "storage.damaged": "the database of the service is damaged",
    "storage.failed": "the database of the service cannot be used",
}
_TAKEN = {
    "userName.unique": "userName",
    "emails.unique": "emails",
    "externalId.unique": "externalId",
}
_BY_STATUS = {404: "resource.unknown"}
_IN_THE_PERSON = {
    "name.givenName": "Give the person a first name in the IdP.",
    "name.familyName": "Give the person a last name in the IdP.",
    "displayName": "Give the person a display name in the IdP.",
}
"""What a person lacks, so that no mapping rule can give it."""
_IN_THE_IDP = (
    "patch.",
    "storage.",
    "json.",
    "header.",
    "resource.",
    "route.",
    "text.length",
    "userName.reserved",
)
"""How the codes begin that no rule of a mapping mends."""


def rule_of(event: Event) -> str:
    """Code of the rule that refused it; empty: not known."""
    return event.constraint or _BY_STATUS.get(event.status, "")


def taken_attribute(code: str) -> str:
    """The attribute whose value another user has; empty: the rule is none of uniqueness."""
    return _TAKEN.get(code, "")


def attributes_of(event: Event) -> tuple[str, ...]:
    """The SCIM attributes that the refusal is about, as far as the directory names them."""
    found = tuple(dict.fromkeys(_PATHS.findall(event.message)))
    if found:
        return found
    code = rule_of(event)
    if behind := _BEHIND.search(event.message):
        return (behind[1],)
    first, _, what = code.rpartition(".")
    named = what in {"required", "pattern", "single", "primary", "unique", "reserved"}
    return (first,) if named else ()


def why(event: Event) -> str:
    """Why it was refused, in a few words; the directory's own words where no rule is known."""
    code, paths = rule_of(event), attributes_of(event)
    template = _WORDS.get(code)
    if template is None:
        return reveal(event.message) or f"refused with {event.status}, no reason given"
    more = len(paths) - 1
    found = template.format(path=reveal(paths[0]) if paths else _THE_ATTRIBUTE)
    return f"{found}, and {more} more" if more > 0 and "{path}" in template else found


def fix(event: Event) -> Fix:
    """What to do, before the holder of a value is known."""
    code, paths = rule_of(event), attributes_of(event)
    path = paths[0] if paths else ""
    rule = CONSTRAINTS.get(code)
    if rule is None:
        words = "Read the directory's message, and look at the person in the IdP."
        return Fix(kind=FixKind.IDP, words=words, attribute=path)
    if code.endswith(".unique"):
        return Fix(kind=FixKind.IDP, words=rule.fix, attribute=taken_attribute(code))
    lacks = code == "text.empty" or code.endswith(".required")
    if lacks and path in _IN_THE_PERSON:
        return Fix(kind=FixKind.IDP, words=_IN_THE_PERSON[path], attribute=path)
    kind = FixKind.IDP if code.startswith(_IN_THE_IDP) else FixKind.MAPPING
    return Fix(kind=kind, words=rule.fix, attribute=path)


def fix_at_holder(user_name: str, attribute: str) -> Fix:
    """What to do where it is known who has the value."""
    what = {"emails": "another address", "externalId": "another externalId"}
    words = (
        f"Open {reveal(user_name)}: the same person twice is deleted or matched in the IdP,"
        f" another person gets {what.get(attribute, 'another userName')}."
    )
    return Fix(kind=FixKind.HOLDER, words=words, attribute=attribute)
