"""Serves a data folder over TCP until a signal or the end of standard input stops it.

A bearer token must be sent encrypted between machines (RFC 6750 section 5.3). So an address that is
not loopback is refused without TLS, unless a proxy in front of the service does TLS.
"""

import asyncio
import errno
import ipaddress
import logging
import os
import signal
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette

from scim_tui.config.paths import private_folder
from scim_tui.config.private import refuse_exposed, remedy, why_exposed
from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.model.errors import Unreachable, UsageError
from scim_tui.scim.endpoints import read_public_url
from scim_tui.service.app import build_app
from scim_tui.service.connections import (
    Deadlines,
    ServingLoop,
    Waiting,
    allow_many_connections,
)
from scim_tui.service.keeper import Keep
from scim_tui.service.scim.throttle import Limits
from scim_tui.service.stopping import end_in_time
from scim_tui.service.store import folder, keys, tokens
from scim_tui.service.store.integrity import watching
from scim_tui.service.store.storage_faults import unusable
from scim_tui.service.store.store import Store, StoreError

_LOG = logging.getLogger(__name__)

GRACE_SECONDS = 3
"""Seconds that a request under way may take once the service is to stop."""
END_SECONDS = 4.5
"""Seconds after which the process ends, even if something is stuck."""
_IDLE_SECONDS = 30
_MOST_HEADER_BYTES = 32 * 1024
_BACKLOG = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to serve."""

    data: Path
    """The data folder."""
    host: str = "127.0.0.1"
    port: int = 8765
    """0: any free port."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    public_url: str | None = None
    """The URL at which IdPs reach the service, if that is not host and port."""
    enable: bool = False
    limited: bool = True
    """Whether the published rate limits apply."""
    new_admin_key: bool = False
    keep: Keep | None = None
    """Whether and how what refused requests sent is kept."""
    until_stdin_closes: bool = False


class Ready(NamedTuple):
    """Where the service listens, for the program or person that started it."""

    scim_endpoint: str | None
    admin_endpoint: str
    tenant_id: str | None
    admin_key: str | None
    pid: int


def serve(settings: Settings, on_ready: Callable[[Ready], None]) -> None:
    """Serve until a signal; `on_ready` is called once, when requests are answered.

    Raises `UsageError` for settings that make no sense or are not safe, `Unreachable` when the
    port is taken.
    """
    _check(settings)
    with closing(_listen(settings)) as listening, closing(_store(settings)) as store:
        base_url = _base_url(settings, listening.getsockname()[1])
        try:
            _serve(settings, store, base_url, listening, on_ready)
        except StoreError as error:
            raise unusable(store.path, error) from error


def _serve(
    settings: Settings,
    store: Store,
    base_url: str,
    listening: socket.socket,
    on_ready: Callable[[Ready], None],
) -> None:
    for note in (*store.notes, *_folder_notes(settings.data)):
        _LOG.warning(note)
    if settings.enable:
        store.submit(
            lambda connection: tokens.enable(connection, store.now()), durable=True
        ).result()
    key, own = _keys(settings, store)
    limits = Limits() if settings.limited else None
    app = build_app(
        store,
        admin_open=False,
        limits=limits,
        base_url=base_url,
        own_key=own,
        keep=settings.keep,
    )
    config = _config(settings, app)
    server = _Server(config, lambda: on_ready(_ready(store, base_url, key)))
    with watching(store.path):
        _run(server, store, base_url, listening, settings.until_stdin_closes)


def _run(
    server: "_Server", store: Store, base_url: str, listening: socket.socket, watch_stdin: bool
) -> None:
    store.submit(lambda connection: folder.arrive(connection, base_url)).result()
    try:
        _stop_on_hangup(server)
        if watch_stdin:
            _stop_at_end_of_stdin(server)
        allow_many_connections()
        end_in_time(END_SECONDS)
        with asyncio.Runner(loop_factory=ServingLoop) as runner:
            runner.run(server.serve(sockets=[listening]))
    finally:
        with suppress(StoreError):  # The record of a process that has ended is ignored anyway.
            store.submit(folder.leave).result()


class _Server(uvicorn.Server):
    """A server that reports when it is ready, and ends cleanly on a signal."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._waiting = Waiting(Deadlines(), time.monotonic)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and call `ready`."""
        await super().startup(sockets)
        self._ready()

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second."""
        self._waiting.close_overdue(self.server_state.connections)
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; on a second Ctrl-C stop at once. The signal is not raised again."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _check(settings: Settings) -> None:
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise UsageError("--tls-cert and --tls-key belong together.", "Give both, or neither.")
    if settings.public_url is not None:
        read_public_url(settings.public_url)
    for file in (settings.tls_cert, settings.tls_key):
        if file is not None and not os.access(file, os.R_OK):
            raise UsageError(f"{file} cannot be read.", "Name a PEM file that this user may read.")
    if settings.tls_key is not None:
        refuse_exposed(settings.tls_key, "The private key")
    protected = settings.tls_cert is not None or settings.behind_proxy
    if not protected and not _is_loopback(settings.host):
        raise UsageError(
            f"{settings.host} is not a loopback address, and tokens would travel unencrypted.",
            "Give --tls-cert and --tls-key, or --behind-proxy when a proxy in front does TLS.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(settings: Settings) -> socket.socket:
    """A socket on the port. Raises `Unreachable` when it is taken, else `UsageError`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # asyncio switches the delay of small packets off only where the protocol is named.
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
        except BaseException:
            listening.close()
            raise
    except OSError as error:
        raise _cannot_listen(settings, error) from error
    return listening


def _cannot_listen(settings: Settings, error: OSError) -> Exception:
    place = f"{settings.host} port {settings.port}"
    if error.errno == errno.EADDRINUSE:
        return Unreachable(
            f"{place} is taken by another process.",
            "Stop it, or choose another port with --port; 0 takes a free one.",
        )
    return UsageError(
        f"The service cannot listen on {place}: {error.strerror}.",
        "Choose another address with --host, or a port above 1023 with --port.",
    )


def _base_url(settings: Settings, port: int) -> str:
    if settings.public_url is not None:
        return read_public_url(settings.public_url)
    scheme = "http" if settings.tls_cert is None else "https"
    host = socket.gethostname() if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _store(settings: Settings) -> Store:
    """The store of the data folder."""
    try:
        return Store(folder.database(private_folder(settings.data)))
    except OSError as error:
        raise UsageError(
            f"The data folder {settings.data} cannot be used: {error.strerror}.",
            CONSTRAINTS["storage.failed"].fix,
        ) from error


def _folder_notes(data: Path) -> list[str]:
    """A note when other users can list the folder; its files are private in any case."""
    found = data.stat()
    why = why_exposed(found)
    return [f"The data folder {data} {why}. {remedy(data, found)}"] if why else []


def _keys(settings: Settings, store: Store) -> tuple[str | None, SecretStr | None]:
    """The admin key to show, and the one of this process.

    A parent process that holds standard input open gets a key that ends with this process. Then the
    key of the data folder is not made: it is shown once, and a person should see it.
    """
    if settings.until_stdin_closes:
        key = keys.new_key()
        return key, SecretStr(key)
    make = keys.renew if settings.new_admin_key else keys.make_first
    return store.submit(make, durable=True).result(), None


def _ready(store: Store, base_url: str, key: str | None) -> Ready:
    tenant = tokens.current_tenant(store.reader())
    return Ready(
        scim_endpoint=folder.endpoint(base_url, tenant.tenant_id) if tenant else None,
        admin_endpoint=f"{base_url}/admin/v1",
        tenant_id=tenant.tenant_id if tenant else None,
        admin_key=key,
        pid=os.getpid(),
    )


def _config(settings: Settings, app: Starlette) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    try:
        config.load()
    except ssl.SSLError as error:
        raise UsageError(
            "The certificate and its key cannot be used.",
            "Both must be PEM, and the key must be the one of the certificate.",
        ) from error
    return config


def _stop_on_hangup(server: _Server) -> None:
    """Stop the service when its terminal is closed, unless nohup ignores that signal."""
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, server.handle_exit)


def _stop_at_end_of_stdin(server: _Server) -> None:
    def watch() -> None:
        with suppress(OSError):
            while os.read(0, 4096):
                pass
        server.should_exit = True

    threading.Thread(target=watch, name="stdin", daemon=True).start()
