"""The whole service as one ASGI application: SCIM for IdPs, `/admin/v1` for operators."""

import asyncio
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
from scim_tui.service.admin.calls import Parts
from scim_tui.service.keeper import Keep, Keeper
from scim_tui.service.refusals import error_body, failure, refuse
from scim_tui.service.scim.api import ScimApi
from scim_tui.service.scim.throttle import Limits
from scim_tui.service.store.kept_requests import FILE, KeptRequests
from scim_tui.service.store.ledger import Ledger
from scim_tui.service.store.store import Store


def build_app(
    store: Store,
    *,
    admin_open: bool,
    limits: Limits | None = None,
    base_url: str | None = None,
    own_key: SecretStr | None = None,
    keep: Keep | None = None,
) -> Starlette:
    """The application over a store, which the caller has to close.

    `admin_open` answers operators without a key: only for use inside one process. `own_key` is
    an admin key beside the one of the data folder, for as long as this process lives. The lifespan
    keeps `app.state.ledger` flushed; without one, readers of events flush first. `keep` keeps what
    refused requests sent; what was kept before is shown without it, too.
    """
    ledger = Ledger(store)
    file = KeptRequests(store.path.with_name(FILE))
    keeper = Keeper(file, keep) if keep else None
    scim = ScimApi(store, ledger, limits, base_url, keeper)
    parts = Parts(store, ledger, base_url, (keeper or file).find)
    admin = build_admin(parts, admin_open=admin_open, own_key=own_key)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        ledger.start()
        try:
            yield
        finally:
            await ledger.aclose()
            if keeper is not None:
                await asyncio.to_thread(keeper.close)

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
