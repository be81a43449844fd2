"""The same people for every subject: made by the generator of the demo, as an IdP pushes them."""

from collections.abc import Iterator
from itertools import count, islice
from typing import Any

import orjson

from scim_tui.demo.people import Hiring

SEED = 7
_CAST = 1_000
"""People of the generator; those after them are the same with other names to sign in."""


def users(mark: str = "") -> Iterator[dict[str, Any]]:
    """SCIM users without end; with another mark, all of them are others."""
    hiring = Hiring(SEED)
    cast = [hiring.hire().scim() for _ in range(_CAST)]
    for number in count():
        user = cast[number % _CAST]
        name = f"{mark}{number // _CAST}.{user['userName']}"
        emails = [{**user["emails"][0], "value": name}]
        external_id = f"{mark}{number // _CAST}.{user['externalId']}"
        yield {**user, "userName": name, "externalId": external_id, "emails": emails}


def newcomers(number: int) -> Iterator[bytes]:
    """Users nobody has seen yet, as the JSON that is sent; made here, to cost nothing later."""
    return iter([orjson.dumps(user) for user in islice(users("new."), number)])
