"""What operators do and see, one function for each operation of the admin API.

A read first flushes the ledger, so that it shows the newest requests; if that fails it shows what
was written before. It runs in a thread on one snapshot of the database, so that a long query does
not block other requests.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar, cast

import orjson

from scim_tui.model.base import Value
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotFound, Refused, UsageError
from scim_tui.model.event_search import EventSearch, parse
from scim_tui.model.provisioning import ProvisioningStatus
from scim_tui.model.sent_request import SentRequest
from scim_tui.service.admin.models import (
    Checkup,
    EnableAnswer,
    EventGroupQuery,
    EventQuery,
    EventSearchQuery,
    GroupsQuery,
    Health,
    PageQuery,
    Query,
    TokenList,
    TrafficQuery,
    UsersQuery,
    issued,
)
from scim_tui.service.refusals import Refusal
from scim_tui.service.scim.filters import parse_filter
from scim_tui.service.store import folder, history, tokens
from scim_tui.service.store.clock_leaps import clock_notes
from scim_tui.service.store.event_search import group_events, search_events
from scim_tui.service.store.groups import read_group
from scim_tui.service.store.integrity import look_through
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.pages import Lookup, read_stretch
from scim_tui.service.store.store import Connection, Store
from scim_tui.service.store.users import read_user
from scim_tui.service.store.weeks import history as read_weeks

T = TypeVar("T")

LOOK_SECONDS = 10.0
"""The time limit of a full check of the database; a million users take about as long."""


class Reply(NamedTuple):
    """A status and a body of JSON, or none."""

    status: int
    body: bytes = b""


class Parts(NamedTuple):
    """What the operations work on."""

    store: Store
    ledger: Ledger
    base_url: str | None
    """Where this process is reached; None: it does not listen."""
    kept: Callable[[str], SentRequest | None]
    """What was kept of a refused request, by its id; it reads the disk."""


@dataclass(frozen=True, slots=True)
class AdminCall:
    """One request of an operator, read and found valid."""

    parts: Parts
    id: str
    """The id in the path, or empty."""
    query: Query
    body: bytes = b""

    @property
    def store(self) -> Store:
        """The data."""
        return self.parts.store

    @property
    def ledger(self) -> Ledger:
        """The newest events."""
        return self.parts.ledger

    @property
    def base_url(self) -> str | None:
        """Where this process is reached; None: it does not listen."""
        return self.parts.base_url

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on one snapshot of everything that happened until now.

        While the database cannot be written, `work` sees what was written before.
        """
        await self.ledger.refresh()
        return await asyncio.to_thread(_on_snapshot, self.store, work)

    async def status(self) -> ProvisioningStatus:
        """The status as it is now."""
        return await self.read(lambda connection: folder.status(connection, self.base_url))


def _on_snapshot(store: Store, work: Callable[[Connection], T]) -> T:
    connection = store.reader()
    connection.execute("BEGIN")
    try:
        return work(connection)
    finally:
        connection.execute("COMMIT")


def _reply(value: Value, status: int = 200) -> Reply:
    return Reply(status, value.model_dump_json().encode())


async def health(ask: AdminCall) -> Reply:
    """Whether the service answers."""
    return _reply(Health())


async def checkup(ask: AdminCall) -> Reply:
    """Check the whole database, for `LOOK_SECONDS` at most."""
    until = time.monotonic() + LOOK_SECONDS
    found = await asyncio.to_thread(look_through, ask.store.path, lambda: time.monotonic() > until)
    now = ask.store.clock()
    notes = await ask.read(lambda connection: clock_notes(connection, now))
    return _reply(
        Checkup(problems=found.problems, finished=found.finished, notes=(*ask.store.notes, *notes))
    )


async def provisioning_status(ask: AdminCall) -> Reply:
    """Whether provisioning is on, and where."""
    return _reply(await ask.status())


async def enable(ask: AdminCall) -> Reply:
    """Switch provisioning on; if it was off, with a first token and its secret, answered once."""
    first = await ask.store.write(
        lambda connection: tokens.enable_with_token(connection, ask.store.now()), durable=True
    )
    answer = EnableAnswer(
        status=await ask.status(), first_token=None if first is None else issued(first)
    )
    return _reply(answer, 200 if first is None else 201)


async def disable(ask: AdminCall) -> Reply:
    """Switch provisioning off; users and groups stay. Raises `Conflict` while a token exists."""
    await ask.store.write(
        lambda connection: tokens.disable(connection, ask.store.now()), durable=True
    )
    return _reply(await ask.status())


async def list_tokens(ask: AdminCall) -> Reply:
    """The access tokens, oldest first, without secrets."""
    now = ask.store.now()
    found = await ask.read(lambda connection: tokens.listed(connection, now))
    return _reply(TokenList(tokens=tuple(found)))


async def create_token(ask: AdminCall) -> Reply:
    """Make an access token; only this answer holds its secret. Raises `Conflict`."""
    new = await ask.store.write(
        lambda connection: tokens.create(connection, ask.store.now()), durable=True
    )
    return _reply(issued(new), 201)


async def delete_token(ask: AdminCall) -> Reply:
    """Delete an access token at once. Raises `NotFound`."""
    await ask.store.write(lambda connection: tokens.delete(connection, ask.id), durable=True)
    return Reply(204)


async def suspend_token(ask: AdminCall) -> Reply:
    """Refuse an access token until it is reinstated. Raises `NotFound`."""
    found = await ask.store.write(
        lambda connection: tokens.suspend(connection, ask.id, ask.store.now()), durable=True
    )
    return _reply(found)


async def reinstate_token(ask: AdminCall) -> Reply:
    """Accept a suspended access token again. Raises `NotFound`."""
    found = await ask.store.write(
        lambda connection: tokens.reinstate(connection, ask.id), durable=True
    )
    return _reply(found)


async def list_events(ask: AdminCall) -> Reply:
    """What IdPs did, newest first."""
    query = cast("EventQuery", ask.query)
    return _reply(
        await ask.read(
            lambda connection: history.events(
                connection,
                limit=query.limit,
                before=query.before,
                after=query.after,
                since=query.since,
                refused=query.refused == "true",
            )
        )
    )


async def search(ask: AdminCall) -> Reply:
    """The events that match a search, newest first; a page may be short and say where to go on."""
    query = cast("EventSearchQuery", ask.query)
    sought = _sought(query.search, ask.store.clock())
    return _reply(
        await ask.read(
            lambda connection: search_events(
                connection, sought, limit=query.limit, before=query.before
            )
        )
    )


async def groups(ask: AdminCall) -> Reply:
    """The events that match a search, by person or by cause."""
    query = cast("EventGroupQuery", ask.query)
    sought, by_person = _sought(query.search, ask.store.clock()), query.by == "person"
    return _reply(
        await ask.read(
            lambda connection: group_events(
                connection, sought, by_person=by_person, limit=query.limit
            )
        )
    )


def _sought(text: str, now: datetime) -> EventSearch:
    try:
        return parse(text, now)
    except UsageError as error:
        raise Refused(error.message, error.hint, status=400) from None


async def show_request(ask: AdminCall) -> Reply:
    """What a refused request sent, by the request id of its event. Raises `NotFound`."""
    found = await asyncio.to_thread(ask.parts.kept, ask.id)
    if found is None:
        raise NotFound(
            "Nothing is kept of a request with this id.",
            "Refused requests are kept from when it is started with: serve --keep-requests",
            status=404,
        )
    return _reply(found)


async def traffic(ask: AdminCall) -> Reply:
    """What IdPs did since an instant, counted."""
    since = cast("TrafficQuery", ask.query).since
    now = ask.store.clock()
    return _reply(await ask.read(lambda connection: history.traffic(connection, since, now)))


async def weeks(ask: AdminCall) -> Reply:
    """When IdPs sent requests since an instant, and who and what was refused, by day and rule."""
    since = cast("TrafficQuery", ask.query).since
    return _reply(await ask.read(lambda connection: read_weeks(connection, since)))


async def directory(ask: AdminCall) -> Reply:
    """How much the directory holds."""
    return _reply(await ask.read(history.summary))


async def list_users(ask: AdminCall) -> Reply:
    """Users, oldest first."""
    query = cast("UsersQuery", ask.query)
    return await _stretch(ask, Kind.USERS, parse_filter(Kind.USERS, query.filter))


async def list_groups(ask: AdminCall) -> Reply:
    """Groups, oldest first."""
    query = cast("GroupsQuery", ask.query)
    return await _stretch(ask, Kind.GROUPS, parse_filter(Kind.GROUPS, query.filter))


async def show_user(ask: AdminCall) -> Reply:
    """One user. Raises `NotFound`."""
    return Reply(200, await ask.read(lambda connection: _one(connection, Kind.USERS, ask.id)))


async def show_group(ask: AdminCall) -> Reply:
    """One group. Raises `NotFound`."""
    return Reply(200, await ask.read(lambda connection: _one(connection, Kind.GROUPS, ask.id)))


async def list_members(ask: AdminCall) -> Reply:
    """The members of a group, which SCIM cannot read. Raises `NotFound`."""
    return await _stretch(ask, Kind.USERS, Lookup("groups.value", (ask.id,)), Kind.GROUPS)


async def list_groups_of(ask: AdminCall) -> Reply:
    """The groups of a user. Raises `NotFound`."""
    return await _stretch(ask, Kind.GROUPS, Lookup("members.value", (ask.id,)), Kind.USERS)


async def _stretch(ask: AdminCall, kind: Kind, lookup: Lookup, owner: Kind | None = None) -> Reply:
    """One page of resources. Raises `NotFound` when their `owner` does not exist."""
    query = cast("PageQuery", ask.query)

    def work(connection: Connection) -> bytes:
        if owner is not None:
            _one(connection, owner, ask.id)
        found = read_stretch(connection, kind, lookup, int(query.cursor), query.count)
        following = None if found.last is None else str(found.last)
        head = b'{"%s":[' % kind.value.lower().encode()
        return head + b",".join(found.bodies) + b'],"next_cursor":%s}' % orjson.dumps(following)

    return Reply(200, await ask.read(work))


def _one(connection: Connection, kind: Kind, resource_id: str) -> bytes:
    read = read_user if kind is Kind.USERS else read_group
    try:
        return read(connection, resource_id)
    except Refusal:
        noun = kind.value.lower().removesuffix("s")
        raise NotFound(
            f"There is no {noun} with this id.", f"List the {noun}s to see their ids.", status=404
        ) from None
