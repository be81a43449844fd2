"""The admin API under `/admin/v1`: authorization, routes and errors.

These requests are not recorded as events of an IdP. Over TCP every operation needs the admin key,
except `health` and the OpenAPI document.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping

import orjson
from pydantic import SecretStr, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.model.errors import NotAllowed, Refused
from scim_tui.service.admin import models
from scim_tui.service.admin.calls import AdminCall, Parts, Reply
from scim_tui.service.admin.openapi import document
from scim_tui.service.admin.operations import OPERATIONS, AdminOperation
from scim_tui.service.authorization import RepeatedHeader, bearer_of
from scim_tui.service.refusals import Refusal
from scim_tui.service.store import keys
from scim_tui.service.store.storage_faults import RETRY_SECONDS, storage_refusal
from scim_tui.service.store.store import StoreError

MOST_BYTES = 64 * 1024
"""Largest body in bytes of an operation that takes one; elsewhere a body up to this is ignored."""
MOST_SCIM = 1024 * 1024
DOCUMENT = "/openapi.json"

_CODES = {400: "invalid", 404: "not_found", 405: "method_not_allowed", 409: "conflict"}
_UNROUTED = {404: "There is no such operation.", 405: "The method is not supported here."}
_LOG = logging.getLogger(__name__)
_SEE = "The document at /admin/v1/openapi.json names every operation and parameter."


def build_admin(parts: Parts, *, admin_open: bool, own_key: SecretStr | None = None) -> Starlette:
    """The admin API as an application, to be mounted at `/admin/v1`.

    `own_key` is accepted besides the key of the data folder, for as long as this process lives.
    """
    edge = _Edge(parts, admin_open, own_key)
    by_path: dict[str, dict[str, AdminOperation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    described = orjson.dumps(document(OPERATIONS, needs_key=not admin_open))

    async def openapi(request: Request) -> Response:
        return _response(request, Reply(200, described))

    app = Starlette(
        routes=[Route(DOCUMENT, openapi, methods=["GET"])]
        + [
            Route(path, edge.endpoint(operations), methods=list(operations))
            for path, operations in by_path.items()
        ],
        exception_handlers={HTTPException: unrouted},
    )
    app.router.redirect_slashes = False
    return app


class _Edge:
    """Checks the key and the parameters, runs the operation, and answers errors as JSON."""

    def __init__(self, parts: Parts, admin_open: bool, own_key: SecretStr | None) -> None:
        self._parts = parts
        self._open = admin_open
        self._own_key = own_key.get_secret_value() if own_key else None

    def endpoint(
        self, operations: Mapping[str, AdminOperation]
    ) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint of one path."""

        async def answer(request: Request) -> Response:
            method = "GET" if request.method == "HEAD" else request.method
            return _response(request, await self._guarded(request, operations[method]))

        return answer

    async def _guarded(  # noqa: PLR0911 - one for each way to fail
        self, request: Request, operation: AdminOperation
    ) -> Reply:
        try:
            return await self._answer(request, operation)
        except Refused as error:
            return _problem(error.status, _CODES[error.status], error.message, error.hint)
        except Refusal as error:
            return _refused(error)
        except NotAllowed as error:
            return _problem(401, "unauthorized", error.message, error.hint)
        except StoreError as error:
            refusal = storage_refusal(error)
            _LOG.error("%s failed: %s.", operation.name, refusal.message)
            return _refused(refusal)
        except ClientDisconnect:
            return Reply(400)
        except Exception:
            _LOG.exception("%s failed.", operation.name)
            return _problem(
                500,
                "internal",
                "The service failed to carry out the request.",
                "Try again; the service wrote the reason to its error output.",
            )

    async def _answer(self, request: Request, operation: AdminOperation) -> Reply:
        if not (self._open or operation.public):
            self._require_key(request)
        query = _query(request, operation.query)
        body = await _body(request, MOST_SCIM if operation.takes_body else MOST_BYTES)
        if body is None:
            hint = "Send less." if operation.takes_body else "Leave it out: none is needed."
            return _problem(413, "too_large", "The body is too large.", hint)
        resource_id = request.path_params.get("id", "")
        ask = AdminCall(self._parts, resource_id, query, body)
        return await operation.answer(ask)

    def _require_key(self, request: Request) -> None:
        try:
            offered = bearer_of(request)
        except RepeatedHeader:
            words = "The Authorization header is there more than once."
            raise Refused(words, "Send it once.", status=400) from None
        if not offered or not keys.accepts(self._parts.store.reader(), offered, self._own_key):
            raise NotAllowed(
                "The admin key is missing or wrong.",
                "Send Authorization: Bearer with the key that serve showed at its first start.",
            )


def _query(request: Request, model: type[models.Query]) -> models.Query:
    """The parameters, each at most once. Raises `Refused`."""
    pairs = request.query_params.multi_items()
    if len({name for name, _ in pairs}) != len(pairs):
        raise Refused("A parameter is there more than once.", _SEE, status=400)
    try:
        return model.model_validate(dict(pairs))
    except ValidationError as error:
        raise Refused(_first_fault(error, model), _SEE, status=400) from None


def _first_fault(error: ValidationError, model: type[models.Query]) -> str:
    """What is wrong, in a sentence that quotes nothing of the request but known names."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(fault["loc"][0])
    if name not in model.model_fields:
        return "A parameter is not known."
    return f"{name} is not valid: {fault['msg'][:1].lower()}{fault['msg'][1:]}."


async def _body(request: Request, most: int) -> bytes | None:
    """The body, or None when it is larger."""
    if request.method in ("GET", "HEAD"):
        return b""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


def _refused(refusal: Refusal) -> Reply:
    sentence = refusal.message.removesuffix(".") + "."
    return _problem(refusal.status, refusal.code, sentence, CONSTRAINTS[refusal.code].fix)


def _problem(status: int, code: str, message: str, hint: str) -> Reply:
    problem = models.Problem(code=code, message=message, hint=hint)
    return Reply(status, models.Error(error=problem).model_dump_json().encode())


async def unrouted(request: Request, error: Exception) -> Response:
    """The answer to an unknown path (404) or method (405)."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    message = (
        "There is no such operation." if status == 404 else "The method is not supported here."
    )
    response = _response(request, _problem(status, _CODES[status], message, _SEE))
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _response(request: Request, reply: Reply) -> Response:
    headers = {"cache-control": "no-store"}
    if reply.status == 401:
        headers["www-authenticate"] = "Bearer"
    if reply.status == 503:
        headers["retry-after"] = str(RETRY_SECONDS)
    if reply.status == 204:
        return Response(status_code=204, headers=headers)
    headers["content-length"] = str(len(reply.body))
    body = b"" if request.method == "HEAD" else reply.body
    return Response(body, reply.status, headers, "application/json")
