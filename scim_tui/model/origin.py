"""Who created a user or group: this tenant, another tenant, or a person."""

from enum import StrEnum
from typing import NamedTuple

from scim_tui.model.directory import Kind


class Origin(StrEnum):
    """Where a resource comes from, by the issuer of its external id."""

    TENANT = "this tenant"
    OTHER_TENANT = "another tenant"
    """A SCIM tenant that is not the one of the endpoint: provisioning was off in between."""
    OTHER_ISSUER = "another source"
    BY_HAND = "made by hand"
    """No external id at all: the console or the API of the directory."""


class Stray(NamedTuple):
    """A resource that this tenant did not create."""

    kind: Kind
    id: str
    name: str
    origin: Origin
    created: str
    by: str
    """Who made it, where the product says."""
    issuers: tuple[str, ...] = ()
