"""The whole service as one ASGI application: SCIM for IdPs, `/admin/v1` for operators."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scim_tui.service.ledger import Ledger
from scim_tui.service.refusals import error_body, failure, refuse
from scim_tui.service.scim_api import ScimApi
from scim_tui.service.store import Store
from scim_tui.service.throttle import Limits


def build_app(
    store: Store, *, admin_open: bool, limits: Limits | None = None, base_url: str | None = None
) -> Starlette:
    """The application over a store, which stays the caller's to close.

    `admin_open` answers operators without a key: only for use inside one process. Its lifespan
    keeps `app.state.ledger` flushed; without a lifespan whoever reads events flushes first.
    """
    ledger = Ledger(store)
    scim = ScimApi(store, ledger, limits, base_url)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        ledger.start()
        try:
            yield
        finally:
            await ledger.aclose()

    async def refused(request: Request, error: Exception) -> Response:
        refusal = refuse("route.unknown") if getattr(error, "status_code", 0) == 404 else failure()
        request_id = str(uuid4())
        return Response(
            error_body(refusal, request_id, store.clock()),
            refusal.status,
            {"x-amzn-RequestId": request_id},
            "application/json",
        )

    app = Starlette(
        routes=[Route("/{tenant_id}/scim/v2{rest:path}", scim)],
        exception_handlers={404: refused, 500: refused},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.ledger = ledger
    return app
