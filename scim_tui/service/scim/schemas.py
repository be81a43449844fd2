"""The three schemas that the service serves (SCIM developer guide, listschemas).

As in Identity Center they are less strict than the service: a user's displayName is not marked
required, though CreateUser requires it, and a group's displayName is not marked unique, though a
duplicate is refused.
"""

from scim_tui.model.constraints import ENTERPRISE, GROUP, USER
from scim_tui.model.json_object import JsonObject


def _attribute(name: str, description: str, **more: object) -> JsonObject:
    return {
        "name": name,
        "type": "string",
        "multiValued": False,
        "description": description,
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
        **more,
    }


def _complex(name: str, description: str, parts: list[JsonObject], **more: object) -> JsonObject:
    whole = _attribute(name, description, type="complex", subAttributes=parts, **more)
    del whole["caseExact"]
    return whole


def _texts(**descriptions: str) -> list[JsonObject]:
    return [_attribute(name, description) for name, description in descriptions.items()]


def _flag(name: str, description: str) -> JsonObject:
    flag = _attribute(name, description, type="boolean")
    del flag["caseExact"]
    return flag


def _values(name: str, description: str, types: tuple[str, ...]) -> JsonObject:
    kind = _attribute("type", "What the value is for.")
    if types:
        kind["canonicalValues"] = list(types)
    parts = [_attribute("value", "The value itself."), kind, _flag("primary", "The main value.")]
    return _complex(name, description, parts, multiValued=True)


_NAME = [
    _attribute("formatted", "The whole name."),
    _attribute("familyName", "The last name.", required=True),
    _attribute("givenName", "The first name.", required=True),
    *_texts(
        middleName="The middle names.",
        honorificPrefix="What stands before the name.",
        honorificSuffix="What stands behind the name.",
    ),
]
_ADDRESS = _texts(
    formatted="The whole address.",
    streetAddress="Street and number.",
    locality="City or place.",
    region="State or region.",
    postalCode="Postal code.",
    country="Country.",
    type="What the address is for.",
)
_USER = [
    _attribute("userName", "The name to sign in with.", required=True, uniqueness="server"),
    _complex("name", "The parts of the name.", _NAME),
    *_texts(
        displayName="The name to be shown.",
        nickName="A casual name.",
        profileUrl="A page about the user.",
        title="Job title.",
        userType="How the user belongs to the organization.",
        preferredLanguage="Written or spoken language.",
        locale="Where the user is, for formats.",
        timezone="Time zone, by its Olson name.",
    ),
    _flag("active", "Whether the user may sign in."),
    _values("emails", "Email address.", ("work", "home", "other")),
    _values("phoneNumbers", "Phone number.", ("work", "home", "mobile", "fax", "pager", "other")),
    _complex("addresses", "Postal address.", _ADDRESS, multiValued=True),
    _complex(
        "groups",
        "Groups the user belongs to.",
        [_attribute("value", "Id of the group.", mutability="readOnly")],
        multiValued=True,
        mutability="readOnly",
    ),
    _values("roles", "Role.", ()),
]
_MEMBER = [
    _attribute("value", "Id of the member.", mutability="immutable"),
    _attribute(
        "$ref",
        "Address of the member.",
        type="reference",
        referenceTypes=["User", "Group"],
        mutability="immutable",
    ),
    _attribute(
        "type", "Kind of the member.", canonicalValues=["User", "Group"], mutability="immutable"
    ),
]
_GROUP = [
    _attribute("displayName", "The name of the group.", required=True),
    _complex("members", "Members of the group.", _MEMBER, multiValued=True),
]
_MANAGER = [
    _attribute("value", "Id of the manager."),
    _attribute("$ref", "Address of the manager.", type="reference", referenceTypes=["User"]),
    _attribute("displayName", "Name of the manager.", mutability="readOnly"),
]
_ENTERPRISE = [
    *_texts(
        employeeNumber="Number of the employee.",
        costCenter="Cost center.",
        organization="Organization.",
        division="Division.",
        department="Department.",
    ),
    _complex("manager", "The user's manager.", _MANAGER),
]


def _schema(urn: str, name: str, description: str, attributes: list[JsonObject]) -> JsonObject:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": urn,
        "name": name,
        "description": description,
        "attributes": attributes,
        "meta": {"resourceType": "Schema", "location": f"/v2/Schemas/{urn}"},
    }


SCHEMAS = {
    USER: _schema(USER, "User", "User Account", _USER),
    GROUP: _schema(GROUP, "Group", "Group", _GROUP),
    ENTERPRISE: _schema(ENTERPRISE, "EnterpriseUser", "Enterprise User", _ENTERPRISE),
}
"""By URN."""
