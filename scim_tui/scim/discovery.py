"""Reads the discovery documents of a SCIM server, as far as it serves them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scim_tui.model.directory import Kind
from scim_tui.model.discovery import DOCUMENTS, Discovery, ResourceType
from scim_tui.model.errors import NotAllowed, Refused, Unreadable
from scim_tui.model.json_object import JsonObject
from scim_tui.scim.gather_all import gather_all
from scim_tui.scim.names import canonical
from scim_tui.scim.wire import number, part, switch, text, values

Ask = Callable[[str], Awaitable[JsonObject]]
"""Gets the document at a path below the endpoint."""
_MOST = 200
"""Resource types and schemas that are kept."""
_LONGEST = 200
"""Characters of a name that are kept."""


async def discover(ask: Ask, now: datetime, base: str = "") -> Discovery:
    """Ask for the three documents. Raises `Unreachable` only: a server may serve none of them.

    `base` is the endpoint, for servers that write absolute URLs.
    """
    answers = dict(
        zip(DOCUMENTS, await gather_all([_document(ask, each) for each in DOCUMENTS]), strict=True)
    )
    found = {name: document for name, document in answers.items() if isinstance(document, dict)}
    untold = {name: why for name, why in answers.items() if isinstance(why, str)}
    return read_discovery(found, untold, now, base)


async def _document(ask: Ask, name: str) -> JsonObject | str:
    """The document, or why there is none."""
    try:
        return await ask(f"/{name}")
    except Unreadable as error:
        return error.message
    except (Refused, NotAllowed) as error:
        return str(error.status)


async def check_endpoints(found: Discovery, why_not: Callable[[str], Awaitable[str]]) -> Discovery:
    """The discovery, with wrong endpoints of ResourceTypes in `misplaced`.

    `why_not` returns the answer of a path without a collection, and an empty text for one with a
    collection. Only unusual paths are requested; one is replaced only if the usual path answers.
    """
    misplaced = {}
    for kind in Kind:
        named = found.named(kind)
        if named != f"/{kind}" and (why := await why_not(named)) and not await why_not(f"/{kind}"):
            misplaced[kind] = why
    return found.model_copy(update={"misplaced": misplaced}) if misplaced else found


def read_discovery(
    found: Mapping[str, JsonObject], untold: Mapping[str, str], now: datetime, base: str = ""
) -> Discovery:
    """What the documents say."""
    config = canonical(found.get("ServiceProviderConfig", {}))
    filtering = part(config, "filter")
    paging = values(config, "pagination")
    pages: Mapping[str, Any] = paging[0] if paging else {}
    return Discovery(
        read_at=now,
        patch=_supported(config, "patch"),
        bulk=_supported(config, "bulk"),
        filter=_supported(config, "filter"),
        sort=_supported(config, "sort"),
        etag=_supported(config, "etag"),
        cursor=switch(pages.get("cursor")) is True if paging else None,
        index=switch(pages.get("index")),
        most_results=number(filtering.get("maxResults")) or None,
        largest_page=number(pages.get("maxPageSize")) or None,
        schemes=tuple(
            _short(each.get("type") or each.get("name"))
            for each in values(config, "authenticationSchemes")[:_MOST]
        ),
        types=_types(found.get("ResourceTypes", {}), base),
        schemas={
            schema_id: _short(each.get("name"))
            for each in resources(found.get("Schemas", {}))[:_MOST]
            if (schema_id := text(each.get("id"))) and text(each.get("name"))
        },
        untold=untold,
    )


def resources(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The objects of a ListResponse; a list without one, or a single object, counts too."""
    found = canonical(page)
    if "Resources" not in found and "id" in found:
        return [found]
    return values(found, "Resources")


def _types(page: Mapping[str, Any], base: str) -> tuple[ResourceType, ...]:
    return tuple(
        ResourceType(
            name=_short(each.get("name") or each.get("id")),
            endpoint=_path(text(each.get("endpoint")), base),
            schema_id=_short(each.get("schema")),
            extensions=tuple(
                _short(more.get("schema")) for more in values(each, "schemaExtensions")[:_MOST]
            ),
        )
        for each in resources(page)[:_MOST]
    )


def _path(endpoint: str, base: str) -> str:
    """A path below the endpoint; empty for another host, to which no secret may be sent."""
    if base and endpoint.startswith(f"{base}/"):
        endpoint = endpoint[len(base) :]
    path = "/" + endpoint.strip("/")
    parts = urlsplit(path)
    plain = path.isascii() and path.isprintable() and not set(path) & set(" \\%")
    if parts.scheme or parts.netloc or parts.query or parts.fragment or not plain or ".." in path:
        return ""
    return path if len(path) > 1 and "//" not in endpoint and ":" not in path else ""


def _supported(config: Mapping[str, Any], name: str) -> bool | None:
    found = config.get(name)
    return switch(found) if isinstance(found, bool) else switch(part(config, name).get("supported"))


def _short(value: object) -> str:
    return text(value)[:_LONGEST]
