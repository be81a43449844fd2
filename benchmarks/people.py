"""The same people for every subject: made by the generator of the demo, as an IdP pushes them."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from scim_tui.idps.people import Hiring

SEED = 7


def users() -> Iterator[dict[str, Any]]:
    """SCIM users without end."""
    hiring = Hiring(SEED)
    while True:
        yield hiring.hire().scim()


def newcomers(mark: str, number: int) -> Iterator[bytes]:
    """Users nobody has seen yet, as the JSON that is sent; made here, to cost nothing later."""
    bodies = []
    for place, user in enumerate(islice(users(), number)):
        name = f"new.{mark}.{place}@corp.example"
        emails = [{**user["emails"][0], "value": name}]
        other = {"userName": name, "externalId": f"{mark}-{place}", "emails": emails}
        bodies.append(orjson.dumps({**user, **other}))
    return iter(bodies)
