"""Reads request bodies, whose content cannot be trusted."""

import json

import orjson
from starlette.requests import Request

from scim_tui.model.json_object import JsonObject
from scim_tui.service.refusals import refuse

MAX_BYTES = 1024 * 1024
"""The largest body in bytes, as ServiceProviderConfig announces it."""


async def read_body(request: Request) -> bytes:
    """The body of a request. Raises `Refusal` when it is too large."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BYTES:
            raise refuse("json.invalid")
        parts.append(part)
    return b"".join(parts)


def parse_object(body: bytes) -> JsonObject:
    """Read strict JSON: UTF-8 without lone surrogates, finite numbers, no repeated key (RFC 8259).

    orjson refuses everything else; repeated keys are found by a second parser. Raises `Refusal`.
    """
    try:
        value = orjson.loads(body)
        json.loads(body, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        raise refuse("json.invalid") from None
    if not isinstance(value, dict):
        raise refuse("json.invalid")
    return value


def _without_repeats(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("A key is repeated.")
