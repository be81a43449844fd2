"""The whole service as one ASGI application: SCIM for IdPs, `/admin/v1` for operators."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from scim_tui.service.admin.api import build_admin, unrouted
from scim_tui.service.refusals import error_body, failure, refuse
from scim_tui.service.scim.api import ScimApi
from scim_tui.service.scim.throttle import Limits
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.store import Store


def build_app(
    store: Store,
    *,
    admin_open: bool,
    limits: Limits | None = None,
    base_url: str | None = None,
    own_key: SecretStr | None = None,
) -> Starlette:
    """The application over a store, which the caller has to close.

    `admin_open` answers the admin API without a key: only for use inside one process. `own_key` is
    an admin key besides the one of the data folder, for as long as this process lives. The ASGI
    lifespan flushes `app.state.ledger` regularly; without it, readers of events flush first.
    """
    ledger = Ledger(store)
    scim = ScimApi(store, ledger, limits, base_url)
    admin = build_admin(store, ledger, admin_open=admin_open, base_url=base_url, own_key=own_key)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        ledger.start()
        try:
            yield
        finally:
            await ledger.aclose()

    async def refused(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/admin/v1/") and isinstance(error, HTTPException):
            return await unrouted(request, error)  # A path with a line feed: no mount matches it.
        return _scim_error(error, store)

    app = Starlette(
        routes=[Mount("/admin/v1", admin), Route("/{tenant_id}/scim/v2{rest:path}", scim)],
        exception_handlers={404: refused, 500: refused},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.ledger = ledger
    return app


def _scim_error(error: Exception, store: Store) -> Response:
    """The answer to a path that no route matches, or to an exception in a handler."""
    refusal = refuse("route.unknown") if getattr(error, "status_code", 0) == 404 else failure()
    request_id = str(uuid4())
    return Response(
        error_body(refusal, request_id, store.clock()),
        refusal.status,
        {"x-amzn-RequestId": request_id},
        "application/json",
    )
