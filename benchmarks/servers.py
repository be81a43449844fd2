"""The peers as processes: `python -m benchmarks.servers floor FOLDER` or `... scim2`.

Both run under uvicorn with the settings of our own service. The floor answers the bytes of a file
whatever is asked: what Starlette and uvicorn take by themselves. Prints the port when it listens.
"""

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def main() -> None:
    """Serve until killed."""
    app = scim2() if sys.argv[1] == "scim2" else floor(Path(sys.argv[2]))
    # asyncio switches the delay of small packets off only where the protocol is named; without
    # that every answer would wait 40 ms for the client's acknowledgement.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=600,
    )
    uvicorn.Server(config).run(sockets=[listening])


def scim2() -> Any:  # noqa: ANN401 - an ASGI application of a package without our types
    """The ASGI application of scim2-server over its own storage in memory, without auth."""
    from scim2_models import ScimProvider
    from scim2_server.applications.asgi import ASGIApplication
    from scim2_server.memory import AsyncInMemoryStorage
    from scim2_server.service import ScimService
    from scim2_server.utils import (
        load_default_resource_types,
        load_default_schemas,
        load_default_service_provider_config,
    )

    provider = ScimProvider.from_discovery(
        load_default_schemas().values(),
        load_default_resource_types().values(),
        config=load_default_service_provider_config(),
    )
    return ASGIApplication(AsyncInMemoryStorage(), provider, ScimService(provider))


def floor(folder: Path) -> Any:  # noqa: ANN401 - an ASGI application
    """Starlette routes that answer stored bytes: a page, and one user."""
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    page, user = (folder / "page").read_bytes(), (folder / "user").read_bytes()

    async def some(request: "Request") -> "Response":
        if request.method == "POST":
            await request.body()
            return Response(user, 201, media_type="application/json")
        return Response(page, media_type="application/json")

    async def one(request: "Request") -> "Response":
        return Response(user, media_type="application/json")

    routes = [
        Route("/Users", some, methods=["GET", "POST"]),
        Route("/Users/{user_id}", one),
    ]
    return Starlette(routes=routes)


if __name__ == "__main__":
    main()
