"""One SCIM request in progress, and its answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import Request

from scim_tui.model.json_object import JsonObject
from scim_tui.service.refusals import refuse
from scim_tui.service.scim.body import parse_object, read_body
from scim_tui.service.scim.throttle import Throttle
from scim_tui.service.store.store import Store

_MOST_OF_TARGET = 256


class ScimAnswer(NamedTuple):
    """What is sent back: a status and JSON, or no body at all."""

    status: int
    body: bytes = b""


@dataclass(slots=True)
class ScimCall:
    """One request in progress, with the fields of its event."""

    request: Request
    tenant_id: str
    resource_id: str
    """The part of the path after the resource type, or empty."""
    store: Store
    throttle: Throttle
    base_url: str | None
    """The URL at which clients reach the service; None: as in the request."""
    token_id: str | None = None
    """The id of its token, if the token exists here or did."""
    target: str | None = None
    """userName or displayName."""
    sent: bytes | None = None
    """The body as it came; None: it was not read, or is too large."""

    async def read_object(self) -> JsonObject:
        """The JSON object in the body. Raises `Refusal` when there is none."""
        self.sent = await read_body(self.request)
        return parse_object(self.sent)

    def aims_at(self, name: object) -> None:
        """Set the name of the resource for the event, if it is a text."""
        if isinstance(name, str) and name:
            self.target = name[:_MOST_OF_TARGET]

    def query(self) -> dict[str, str]:
        """The parameters of the query; unknown ones are ignored."""
        raw = self.request.scope["query_string"].decode("utf-8", "replace")
        return dict(parse_qsl(raw, keep_blank_values=True))

    def now(self) -> str:
        """The present instant as `meta` writes it: UTC, whole seconds."""
        return iso_seconds(self.store.clock())

    def count_members(self, changes: int) -> None:
        """Count member changes against their own rate. Raises `Refusal`."""
        if changes and not self.throttle.allows_members(changes):
            raise refuse("rate.exceeded")


def iso_seconds(at: datetime) -> str:
    """An instant as `meta` writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
