"""The only place that builds things: from a profile to an open workspace."""

import asyncio
import getpass
import os
import socket
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scim_tui.config.paths import private_folder
from scim_tui.config.profiles import Profile
from scim_tui.core.audit import AuditTrail
from scim_tui.core.clock import Clock, utc_now
from scim_tui.core.workspace import Close, Workspace, assemble
from scim_tui.idps.choose import idp_for
from scim_tui.model.errors import UsageError
from scim_tui.model.rotation import Policy
from scim_tui.providers.child import start

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pydantic import SecretStr

    from scim_tui.core.doctor.connection import Ways
    from scim_tui.idps.port import Idp
    from scim_tui.model.checkup import Finding
    from scim_tui.providers.port import Provider
    from scim_tui.scim.transport import Manners
    from scim_tui.service.folder import Listener

__all__ = ["audit_trail", "idp_for", "open_served_workspace", "open_workspace", "ways"]

PORT = 8765
_DEMO_POLICY = Policy(
    cycle=timedelta(seconds=20), least=timedelta(seconds=20), afterwatch=timedelta(seconds=20)
)
"""Its IdP writes every few seconds, and nobody waits for an hour in a demo."""


async def open_workspace(
    profile: Profile, *, read_only: bool = False, via: str, clock: Clock = utc_now
) -> Workspace:
    """Open a profile; the `local` one runs its service inside this process.

    Raises `UsageError` when the profile or its secret does not do, `ScimTuiError` otherwise.
    """
    _lean_httpx()
    close: Close | None = None
    match profile.provider:
        case "local":
            provider, close = await _in_process(profile, clock)
        case "service":
            key = await profile.admin_key.resolve() if profile.admin_key else None
            provider = _service(profile.admin_endpoint, key, clock, _manners(profile))
        case "scim":
            provider = await _scim(profile, clock)
        case _:
            raise UsageError(
                f"The profile {profile.name!r} cannot be opened by a command.",
                "A demo lives as long as its screens: scim-tui demo",
            )
    trail = audit_trail(profile, via=via, clock=clock)
    workspace = _assemble(profile, provider, trail, read_only=read_only, clock=clock)
    workspace.closers += [close] if close else []
    return workspace


async def open_served_workspace(
    profile: Profile, *, read_only: bool = False, via: str, clock: Clock = utc_now
) -> Workspace:
    """As `open_workspace`, but a local service runs as a child that IdPs can reach over TCP.

    The child stops when this process does, however it ends, and when the workspace is closed.
    """
    if profile.provider not in {"local", "demo"}:
        return await open_workspace(profile, read_only=read_only, via=via, clock=clock)
    other = await asyncio.to_thread(_listener, profile) if profile.provider == "local" else None
    if other is not None:
        beside = await open_workspace(profile, read_only=read_only, via=via, clock=clock)
        beside.alive = other.lives
        return beside
    child = await start(_serve_command(profile))
    try:
        provider = _service(str(child.facts["admin_endpoint"]), _key(child.facts), clock)
    except BaseException:
        await child.stop()
        raise
    trail = audit_trail(profile, via=via, clock=clock)
    workspace = _assemble(profile, provider, trail, read_only=read_only, clock=clock)
    workspace.closers.append(child.stop)
    workspace.alive = child.alive
    workspace.facts = {
        name: value
        for name, value in child.facts.items()
        if isinstance(value, str) and name != "admin_key"
    }
    return workspace


def _listener(profile: Profile) -> "Listener | None":
    """Who serves this data folder; a second service would end with its screens."""
    from contextlib import closing

    from scim_tui.service import folder
    from scim_tui.service.store import Store

    file = folder.database(private_folder(profile.data_dir))
    if not file.exists():
        return None
    with closing(Store(file)) as store:
        return next(iter(folder.alive(store.reader())), None)


def _assemble(
    profile: Profile, provider: "Provider", trail: AuditTrail, *, read_only: bool, clock: Clock
) -> Workspace:
    """The workspace, with whoever pushes to the profile."""
    idp = idp_for(profile)
    policy = _DEMO_POLICY if profile.provider == "demo" else _policy(idp)
    return assemble(
        profile, provider, trail, read_only=read_only, clock=clock, idp=idp, policy=policy
    )


def _policy(idp: "Idp") -> Policy:
    """The usual one, with the cycle of this IdP where it is known and longer."""
    usual = Policy()
    return Policy(cycle=max(usual.cycle, idp.guide.cycle or usual.cycle))


def _lean_httpx() -> None:
    """Keep httpx from loading its own command line, and rich with it: 50 ms for nothing.

    httpx does without when that part cannot be imported (`httpx/__init__.py`).
    """
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]


def audit_trail(profile: Profile, *, via: str, clock: Clock = utc_now) -> AuditTrail:
    """Where acts on this profile are written down."""
    folder = private_folder(profile.data_dir)
    return AuditTrail(
        folder / "audit.jsonl", actor=_actor(), profile=profile.name, via=via, clock=clock
    )


def _actor() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


async def _in_process(profile: Profile, clock: Clock) -> tuple["Provider", Close]:
    import httpx

    from scim_tui.providers.service import ServiceProvider
    from scim_tui.service.app import build_app
    from scim_tui.service.folder import database
    from scim_tui.service.store import Store

    folder = private_folder(profile.data_dir)
    store = await asyncio.to_thread(Store, database(folder), clock)
    app = build_app(store, admin_open=True, limits=None, base_url=None)

    async def close() -> None:
        await app.state.ledger.aclose()
        await asyncio.to_thread(store.close)

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return ServiceProvider("http://127.0.0.1", transport=transport, clock=clock), close


def _service(
    admin_endpoint: str, key: "SecretStr | None", clock: Clock, manners: "Manners | None" = None
) -> "Provider":
    from scim_tui.providers.service import ServiceProvider

    return ServiceProvider(admin_endpoint, key, manners=manners, clock=clock)


def ways(clock: Clock = utc_now) -> "Ways":
    """How a look at a connection gets there, always read-only."""
    from scim_tui.core.doctor.connection import Ways

    async def opened(profile: Profile) -> Workspace:
        return await open_workspace(profile, read_only=True, via="cli", clock=clock)

    return Ways(lambda profile: way_to(profile, clock), opened)


async def way_to(profile: Profile, clock: Clock = utc_now) -> "AsyncIterator[Finding]":
    """The way to the profile's server, stage by stage; none for a service of our own here.

    Raises `UsageError` for certificates that cannot be read.
    """
    endpoint = profile.endpoint or profile.admin_endpoint
    if not endpoint:
        return
    _lean_httpx()
    from scim_tui.scim.route import walk

    async for stage in walk(endpoint.rstrip("/"), _manners(profile).reach, clock):
        yield stage


def _manners(profile: Profile) -> "Manners":
    from scim_tui.scim.reach import Reach
    from scim_tui.scim.transport import Manners

    reach = Reach(profile.ca_bundle, profile.client_cert, profile.client_key, profile.timeout)
    return Manners(reach=reach)


async def _scim(profile: Profile, clock: Clock) -> "Provider":
    from scim_tui.providers.scim import ScimProvider
    from scim_tui.providers.scim_kept import KeptDiscovery

    if profile.token is None:
        raise UsageError(f"The profile {profile.name!r} names no token.", "Add token_file = PATH.")
    token = await profile.token.resolve()
    memory = None
    if profile.cache:
        path = private_folder(profile.data_dir) / "discovery.json"
        memory = KeptDiscovery(path, profile.endpoint)
    return ScimProvider(
        profile.endpoint, token, manners=_manners(profile), memory=memory, clock=clock
    )


def _serve_command(profile: Profile) -> list[str]:
    # The child looks for modules where this process does, and never in a folder that only
    # happens to be the current one.
    python = [sys.executable] if os.getcwd() in sys.path else [sys.executable, "-P"]
    folder = str(private_folder(profile.data_dir))
    if profile.provider == "demo":
        return [*python, "-m", "scim_tui", "demo", "--backend", "--data", folder]
    return [
        *python, "-m", "scim_tui", "serve", "--data", folder, "--port", str(_free_port()),
        "--ready-json", "--until-stdin-closes",
    ]  # fmt: skip


def _free_port() -> int:
    """The usual port, or 0 for any when somebody has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT


def _key(facts: dict[str, Any]) -> "SecretStr | None":
    from pydantic import SecretStr

    key = facts.pop("admin_key", None)
    return SecretStr(key) if isinstance(key, str) else None
