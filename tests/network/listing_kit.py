"""Runs commands against one listing server, and gives what they printed."""

import json
from collections.abc import Callable
from typing import NamedTuple

from tests.network.listing_server import (
    Listings,
)


class Shown(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def ids(self) -> list[str]:
        """The ids of the users or groups that are shown as JSON."""
        found = json.loads(self.out) if self.out.strip() else {}
        return sorted(row["id"] for row in found.get("users", found.get("groups", [])))


Scim = Callable[..., Shown]
Start = Callable[[Listings], Scim]


def people(*numbers: int) -> list[str]:
    return sorted(f"u{number}" for number in numbers)
