"""The discovery documents of a SCIM server (RFC 7644 section 4): features, resource types, schemas.

A server may leave out all of it. What it does not say is None, which does not mean "no".
"""

from collections.abc import Mapping
from datetime import datetime

from scim_tui.model.base import Value
from scim_tui.model.directory import Kind
from scim_tui.model.schema_ids import name_of_schema

_CORE = "urn:ietf:params:scim:schemas:core:2.0:"
_NAMED = {Kind.USERS: "User", Kind.GROUPS: "Group"}
DOCUMENTS = ("ServiceProviderConfig", "ResourceTypes", "Schemas")


class ResourceType(Value):
    """One kind of resource that a server holds."""

    name: str
    endpoint: str
    """Where it is, such as /Users."""
    schema_id: str = ""
    extensions: tuple[str, ...] = ()


class Discovery(Value):
    """The discovery of a server, and when it was read."""

    read_at: datetime
    patch: bool | None = None
    bulk: bool | None = None
    filter: bool | None = None
    sort: bool | None = None
    etag: bool | None = None
    cursor: bool | None = None
    """Pages by cursor (RFC 9865)."""
    index: bool | None = None
    """Pages by index."""
    most_results: int | None = None
    """The most resources that one answer to a filter holds."""
    largest_page: int | None = None
    schemes: tuple[str, ...] = ()
    """The authentication schemes, by name."""
    types: tuple[ResourceType, ...] = ()
    schemas: Mapping[str, str] = {}
    """Names by schema id."""
    untold: Mapping[str, str] = {}
    """The documents that could not be read, with the reason."""
    misplaced: Mapping[Kind, str] = {}
    """Kinds whose endpoint in ResourceTypes is wrong, with what it answered."""

    def endpoint(self, kind: Kind) -> str:
        """The path of a collection: /Users and /Groups, unless the server has another name."""
        return f"/{kind}" if kind in self.misplaced else self.named(kind)

    def named(self, kind: Kind) -> str:
        """The path that ResourceTypes names, else the usual one."""
        found = self.type_of(kind)
        return found.endpoint if found and found.endpoint else f"/{kind}"

    def type_of(self, kind: Kind) -> ResourceType | None:
        """The resource type of the core schema; None: the server lists none."""
        name = _NAMED[kind]
        ranked = [found for found in self.types if found.schema_id == _CORE + name]
        return next(iter(ranked or [found for found in self.types if found.name == name]), None)

    def has(self, kind: Kind) -> bool | None:
        """Whether the server holds such resources; None: it does not say what it holds."""
        return self.type_of(kind) is not None if self.types else None

    def schema_name(self, schema_id: str) -> str:
        """The server's name for a schema, else a name made from its id."""
        return self.schemas.get(schema_id) or name_of_schema(schema_id)
