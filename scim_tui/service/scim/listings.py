"""ListUsers and ListGroups: stored bodies, served unchanged, in the envelope of a list."""

import orjson

from scim_tui.model.directory import Kind
from scim_tui.service.refusals import refuse
from scim_tui.service.scim.calls import ScimAnswer, ScimCall
from scim_tui.service.scim.filters import parse_filter
from scim_tui.service.store.groups import require_user
from scim_tui.service.store.pages import MAX_COUNT, read_cursor, read_joined, write_cursor

_BY_NAME = ("userName", "displayName")
_SCHEMAS = b'"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":['


async def list_users(call: ScimCall) -> ScimAnswer:
    """Answer ListUsers."""
    return _list(call, Kind.USERS)


async def list_groups(call: ScimCall) -> ScimAnswer:
    """Answer ListGroups, which shows every group without members."""
    return _list(call, Kind.GROUPS)


def _list(call: ScimCall, kind: Kind) -> ScimAnswer:
    query = call.query()
    sought = query.get("filter", "")
    lookup = parse_filter(kind, sought)
    if lookup.name in _BY_NAME:
        call.aims_at(lookup.values[0])
    reader = call.store.reader()
    if lookup.name == "members.value":
        require_user(reader, lookup.values[0])
    cursor = query.get("cursor")
    after = 0 if cursor is None else read_cursor(kind, sought, cursor)
    found = read_joined(reader, kind, lookup, after, _count(query.get("count")))
    if cursor is None:
        head = _plain_head(found.number)
    else:
        following = None if found.last is None else write_cursor(kind, sought, found.last)
        head = _cursor_head(found.number, following)
    return ScimAnswer(200, b"".join((head, _SCHEMAS, found.text, b"]}")))


def _count(text: str | None) -> int:
    """1 to 100; more is cut to 100, as RFC 7644 3.4.2.4 lets a server do."""
    if not text:
        return MAX_COUNT
    if not text.isascii() or not text.isdigit() or int(text[:9]) == 0:
        raise refuse("count.invalid")
    return min(int(text[:9]), MAX_COUNT)


def _plain_head(number: int) -> bytes:
    return b'{"totalResults":%d,"itemsPerPage":%d,"startIndex":1,' % (number, number)


def _cursor_head(number: int, following: str | None) -> bytes:
    if following is None:
        return b'{"itemsPerPage":%d,' % number
    return b'{"itemsPerPage":%d,"nextCursor":%s,' % (number, orjson.dumps(following))
