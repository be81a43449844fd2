"""The SCIM side of the service: finds the operation of a request, authorizes it, records its event.

It is an ASGI application without middleware, which saves time on each request. The token is checked
first, so that an error reveals nothing (SCIM developer guide, error table).
"""

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import NamedTuple
from uuid import uuid4

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from scim_tui.service.authorization import RepeatedHeader, bearer_of
from scim_tui.service.keeper import Keeper, Refused
from scim_tui.service.refusals import Refusal, error_body, failure, refuse, slow_down
from scim_tui.service.scim import discovery, group_calls, listings, user_calls
from scim_tui.service.scim.calls import ScimAnswer, ScimCall
from scim_tui.service.scim.throttle import Limits, Throttle
from scim_tui.service.scim.wrong_tokens import WrongTokens
from scim_tui.service.store import tokens
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.storage_faults import RETRY_SECONDS, storage_refusal
from scim_tui.service.store.store import Store, StoreError

_LOG = logging.getLogger(__name__)
_MOST_CLIENT = 256
_UNAUTHORIZED = 401
_NOT_LET_IN = "token.unauthorized"
_JSON = (b"content-type", b"application/json")


class ScimOperation(NamedTuple):
    """One of the operations of the developer guide."""

    name: str
    answer: Callable[[ScimCall], Awaitable[ScimAnswer]]
    writes: bool = False


async def _unsupported(call: ScimCall) -> ScimAnswer:
    raise refuse("route.unknown")


OPERATIONS = {
    ("POST", "Users", False): ScimOperation("CreateUser", user_calls.create_user, True),
    ("GET", "Users", False): ScimOperation("ListUsers", listings.list_users),
    ("GET", "Users", True): ScimOperation("GetUser", user_calls.get_user),
    ("PATCH", "Users", True): ScimOperation("PatchUser", user_calls.patch_user_call, True),
    ("PUT", "Users", True): ScimOperation("PutUser", user_calls.put_user, True),
    ("DELETE", "Users", True): ScimOperation("DeleteUser", user_calls.delete_user_call, True),
    ("POST", "Groups", False): ScimOperation("CreateGroup", group_calls.create_group, True),
    ("GET", "Groups", False): ScimOperation("ListGroups", listings.list_groups),
    ("GET", "Groups", True): ScimOperation("GetGroup", group_calls.get_group),
    ("PATCH", "Groups", True): ScimOperation("PatchGroup", group_calls.patch_group_call, True),
    ("DELETE", "Groups", True): ScimOperation("DeleteGroup", group_calls.delete_group_call, True),
    ("PUT", "Groups", True): ScimOperation("PutGroup", group_calls.put_group, True),
    ("GET", "ServiceProviderConfig", False): ScimOperation(
        "ServiceProviderConfig", discovery.service_provider_config
    ),
    ("GET", "Schemas", False): ScimOperation("ListSchemas", discovery.list_schemas),
    ("GET", "Schemas", True): ScimOperation("GetSchema", discovery.get_schema),
    ("GET", "ResourceTypes", False): ScimOperation(
        "ListResourceTypes", discovery.list_resource_types
    ),
}
"""By method, resource type, and whether the path has an id. PutGroup is listed to be refused."""
_UNSUPPORTED = ScimOperation("Unsupported", _unsupported)


class ScimApi:
    """Everything under `/{tenant_id}/scim/v2`."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        limits: Limits | None,
        base_url: str | None,
        keeper: Keeper | None = None,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._throttle = Throttle(limits)
        self._wrong_tokens = WrongTokens()
        self._base_url = base_url
        self._keeper = keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and record it as an event."""
        started = perf_counter()
        request_id = str(uuid4())
        call, operation = self._read(Request(scope, receive))
        refusal = None
        try:
            answer = await self._answer(call, operation)
        except ClientDisconnect:
            return
        except Refusal as refused:
            refusal = refused
        except StoreError as error:
            refusal = storage_refusal(error)
            _LOG.error("Request %s failed: %s.", request_id, refusal.message)
        except Exception:
            _LOG.exception("Request %s failed.", request_id)
            refusal = failure()
        if refusal is not None:
            answer = ScimAnswer(
                refusal.status, error_body(refusal, request_id, self._store.clock())
            )
            self._keep(call, refusal, request_id)
        self._note(call, operation, answer, refusal, request_id, perf_counter() - started)
        await _send(send, answer, request_id, refusal)

    def _read(self, request: Request) -> tuple[ScimCall, ScimOperation]:
        parameters = request.path_params
        kind, resource_id = _split(parameters["rest"])
        operation = OPERATIONS.get((request.method, kind, resource_id != ""), _UNSUPPORTED)
        call = ScimCall(
            request,
            parameters["tenant_id"],
            resource_id,
            self._store,
            self._throttle,
            self._base_url,
        )
        return call, operation

    async def _answer(self, call: ScimCall, operation: ScimOperation) -> ScimAnswer:
        try:
            secret = bearer_of(call.request)
        except RepeatedHeader:
            raise refuse("header.repeated") from None
        reader = self._store.reader()
        call.token_id = tokens.authenticate(reader, call.tenant_id, secret, self._store.now())
        if call.token_id is None:
            call.token_id = tokens.known_id(reader, secret)
            raise self._not_let_in(call)
        if not self._throttle.allows(operation.name, writes=operation.writes):
            raise refuse("rate.exceeded")
        return await operation.answer(call)

    def _not_let_in(self, call: ScimCall) -> Refusal:
        """401; 429 for an address that keeps sending tokens that were never known here."""
        client = call.request.client
        if call.token_id is None and (
            wait := self._wrong_tokens.wait(client.host if client else "")
        ):
            return slow_down(wait)
        return refuse(_NOT_LET_IN)

    def _note(
        self,
        call: ScimCall,
        operation: ScimOperation,
        answer: ScimAnswer,
        refusal: Refusal | None,
        request_id: str,
        seconds: float,
    ) -> None:
        """A request that is not let in counts if it hit the tenant in use.

        It is a 401 of the history also where the answer is 429, as its message says.
        """
        not_let_in = refusal is not None and refusal.code == _NOT_LET_IN
        if not_let_in and not self._is_tenant(call.tenant_id):
            return
        client = call.request.client
        self._ledger.record(
            operation=operation.name,
            status=_UNAUTHORIZED if not_let_in else answer.status,
            target=call.target,
            resource_id=call.resource_id[:_MOST_CLIENT] or None,
            token_id=call.token_id,
            client=call.request.headers.get("user-agent", "")[:_MOST_CLIENT] or None,
            address=client.host if client else None,
            constraint=refusal.code if refusal else "",
            message=refusal.message if refusal else "",
            request_id=request_id,
            duration_ms=round(seconds * 1000, 3),
            holder=(refusal.holder or None) if refusal else None,
        )

    def _keep(self, call: ScimCall, refusal: Refusal, request_id: str) -> None:
        """What came without an accepted token is not kept: strangers could fill the disk."""
        if self._keeper is None or refusal.status == _UNAUTHORIZED:
            return
        request, too_large = call.request, call.sent is None and refusal.code == "json.invalid"
        self._keeper.keep(
            Refused(
                request_id,
                self._store.now(),
                request.method,
                request.path_params["rest"],
                request.scope["query_string"].decode("utf-8", "replace"),
                call.sent,
                bearer_of(request),
                too_large,
            )
        )

    def _is_tenant(self, tenant_id: str) -> bool:
        tenant = tokens.current_tenant(self._store.reader())
        return tenant is not None and tenant.tenant_id == tenant_id


def _split(rest: str) -> tuple[str, str]:
    """Resource type and id in the path; several slashes count as one (clients join `//Users`)."""
    parts = [part for part in rest.split("/") if part]
    if not rest.startswith("/") or not 1 <= len(parts) <= 2:
        return "", ""
    return parts[0], parts[1] if len(parts) == 2 else ""


async def _send(send: Send, answer: ScimAnswer, request_id: str, refusal: Refusal | None) -> None:
    headers = [_JSON, (b"x-amzn-requestid", request_id.encode())]
    if answer.status != 204:
        headers.append((b"content-length", b"%d" % len(answer.body)))
    if refusal is not None and answer.status == 429:
        headers.append((b"retry-after", b"%d" % refusal.wait))
    if answer.status == 503:
        headers.append((b"retry-after", b"%d" % RETRY_SECONDS))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
