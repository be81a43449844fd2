"""ServiceProviderConfig, Schemas and ResourceTypes.

The answers are those of the SCIM developer guide's examples (serviceproviderconfig, listschemas,
getschema, listresourcetypes), also where they are out of date: filter.maxResults is 50, but pages
hold 100. Each authentication scheme has a description; authentik refuses one without.
"""

from typing import Any

import orjson

from scim_tui.model.constraints import ENTERPRISE, GROUP, USER
from scim_tui.service.refusals import refuse
from scim_tui.service.scim.body import MAX_BYTES
from scim_tui.service.scim.calls import ScimAnswer, ScimCall
from scim_tui.service.scim.schemas import SCHEMAS

_CORE = "urn:ietf:params:scim:schemas:core:2.0:"
_GUIDE = "https://docs.aws.amazon.com/singlesignon/latest/userguide/"
_CONFIG = {
    "schemas": [_CORE + "ServiceProviderConfig"],
    "documentationUri": _GUIDE + "manage-your-identity-source-idp.html",
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 1, "maxPayloadSize": MAX_BYTES},
    "filter": {"supported": True, "maxResults": 50},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    "etag": {"supported": False},
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "Authentication scheme using the OAuth Bearer Token Standard",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "documentationUri": _GUIDE + "provision-automatically.html",
            "primary": True,
        }
    ],
}


async def service_provider_config(call: ScimCall) -> ScimAnswer:
    """Answer ServiceProviderConfig."""
    return ScimAnswer(200, orjson.dumps(_CONFIG))


async def list_schemas(call: ScimCall) -> ScimAnswer:
    """Answer ListSchemas."""
    return _listed(list(SCHEMAS.values()))


async def get_schema(call: ScimCall) -> ScimAnswer:
    """Answer GetSchema."""
    schema = SCHEMAS.get(call.resource_id)
    if schema is None:
        raise refuse("resource.unknown")
    return ScimAnswer(200, orjson.dumps(schema))


async def list_resource_types(call: ScimCall) -> ScimAnswer:
    """Answer ListResourceTypes, with the URL at which the client reached the service."""
    base = call.base_url or str(call.request.base_url).rstrip("/")
    home = f"{base}/{call.tenant_id}/scim/v2/ResourceTypes/"
    extension = [{"schema": ENTERPRISE, "required": True}]
    return _listed(
        [
            _resource_type(home, "User", USER, "User Account", {"schemaExtensions": extension}),
            _resource_type(home, "Group", GROUP, "Group", {}),
        ]
    )


def _resource_type(
    home: str, name: str, schema: str, description: str, more: dict[str, Any]
) -> dict[str, Any]:
    return {
        "schemas": [_CORE + "ResourceType"],
        "id": name,
        "name": name,
        "description": description,
        "endpoint": f"/{name}s",
        "schema": schema,
        **more,
        "meta": {"resourceType": "ResourceType", "location": home + name},
    }


def _listed(resources: list[dict[str, Any]]) -> ScimAnswer:
    envelope = {
        "totalResults": len(resources),
        "itemsPerPage": len(resources),
        "startIndex": 1,
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "Resources": resources,
    }
    return ScimAnswer(200, orjson.dumps(envelope))
