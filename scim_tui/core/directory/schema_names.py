"""The names that the server gives to the schema extensions of a resource."""

from collections.abc import Mapping
from typing import Any

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.schema_ids import is_schema_id, name_of_schema
from scim_tui.providers.port import Discovering, Provider


async def schema_names(provider: Provider, attributes: Mapping[str, Any]) -> dict[str, str]:
    """The names of the extensions among these attributes, by id; never raises."""
    ids = [name for name in attributes if is_schema_id(name)]
    if not ids or not isinstance(provider, Discovering):
        return {each: name_of_schema(each) for each in ids}
    try:
        found = await provider.discovery()
    except ScimTuiError:
        return {each: name_of_schema(each) for each in ids}
    return {each: found.schema_name(each) for each in ids}
