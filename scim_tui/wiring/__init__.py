"""The only place that builds objects: from a profile to an open workspace."""

import asyncio
import getpass
import os
import socket
import sys
from typing import TYPE_CHECKING, Any

from scim_tui.config.paths import private_folder
from scim_tui.config.profiles import Profile
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.base.mutation import ALLOW
from scim_tui.core.workspace import Close, Workspace, assemble
from scim_tui.model.activity import Phase
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import UsageError
from scim_tui.providers.child import start
from scim_tui.wiring import providers
from scim_tui.wiring.idps import idp_for
from scim_tui.wiring.policy import policy_of
from scim_tui.wiring.schema import entra_schema

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from pydantic import SecretStr

    from scim_tui.core.doctor.connection import Connectors
    from scim_tui.model.checkup import Finding
    from scim_tui.providers.port import Provider
    from scim_tui.service.store.folder import Listener

__all__ = [
    "audit_trail",
    "connectors",
    "entra_schema",
    "idp_for",
    "in_use",
    "open_served_workspace",
    "open_workspace",
]

PORT = 8765


async def open_workspace(
    profile: Profile, *, read_only: bool = False, via: str, clock: Clock = utc_now
) -> Workspace:
    """Open a profile; the `local` one runs its service inside this process.

    Raises `UsageError` when the profile or its secret does not do, `ScimTuiError` otherwise.
    """
    providers.lean_httpx()
    close: Close | None = None
    match profile.provider:
        case "local":
            provider, close = await providers.in_process(profile, clock)
        case "service":
            key = await profile.admin_key.resolve() if profile.admin_key else None
            provider = providers.service(
                profile.admin_endpoint, key, clock, providers.client_options(profile)
            )
        case "scim":
            provider = await providers.scim(profile, clock)
        case "mlflow-oidc-auth":
            provider = await providers.mlflow(profile, clock)
        case "identity-center":
            provider = await providers.identity_center(profile, clock)
        case _:
            raise UsageError(
                f"The profile {profile.name!r} cannot be opened by a command.",
                "A demo lives as long as its screens: scim-tui demo",
            )
    trail = await _trail(profile, via, clock, read_only=read_only)
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
        provider = providers.service(
            str(child.facts["admin_endpoint"]),
            _key(child.facts),
            clock,
            access=profile.provider == "demo",
            embedded=True,
        )
    except BaseException:
        await child.stop()
        raise
    trail = await _trail(profile, via, clock, read_only=read_only)
    workspace = _assemble(profile, provider, trail, read_only=read_only, clock=clock)
    workspace.closers.append(child.stop)
    workspace.alive, workspace.serves = child.alive, True
    workspace.facts = {
        name: value
        for name, value in child.facts.items()
        if isinstance(value, str) and name != "admin_key"
    }
    return workspace


def in_use(profiles: "Sequence[Profile]") -> "tuple[Profile, ...]":
    """Without the `local` profile where other profiles exist and its service was never started.

    To open it would make its database, and a look must leave nothing behind.
    """
    from scim_tui.service.store import folder

    if len(profiles) < 2:
        return tuple(profiles)
    return tuple(
        each
        for each in profiles
        if each.provider != "local" or folder.database(each.data_dir).exists()
    )


def _listener(profile: Profile) -> "Listener | None":
    """Who serves this data folder; a second service would end with its screens."""
    from contextlib import closing

    from scim_tui.service.store import folder
    from scim_tui.service.store.store import Store

    file = folder.database(private_folder(profile.data_dir))
    if not file.exists():
        return None
    with closing(Store(file)) as store:
        return next(iter(folder.alive(store.reader())), None)


def _assemble(
    profile: Profile, provider: "Provider", trail: AuditTrail, *, read_only: bool, clock: Clock
) -> Workspace:
    """The workspace of a profile, with the IdP that pushes to it."""
    idp = idp_for(profile)
    policy = policy_of(profile, idp, delayed=bool(provider.capabilities.key_ids))
    return assemble(
        profile, provider, trail, read_only=read_only, clock=clock, idp=idp, policy=policy
    )


def audit_trail(profile: Profile, *, via: str, clock: Clock = utc_now) -> AuditTrail:
    """Where acts on this profile are written down."""
    folder = private_folder(profile.data_dir)
    return AuditTrail(
        folder / "audit.jsonl", actor=_actor(), profile=profile.name, via=via, clock=clock
    )


async def _trail(profile: Profile, via: str, clock: Clock, *, read_only: bool) -> AuditTrail:
    """The audit trail; `--read-write` on a read-only profile is its first entry."""
    trail = audit_trail(profile, via=via, clock=clock)
    if profile.write_asked and not read_only:
        await trail.write(ALLOW, "", Phase.DONE, "--read-write")
    return trail


def _actor() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def connectors(via: str = "cli") -> "Connectors":
    """How a connection check reaches a server and opens a profile, always read-only."""
    from scim_tui.core.doctor.connection import Connectors

    async def opened(profile: Profile) -> Workspace:
        return await open_workspace(profile, read_only=True, via=via)

    return Connectors(connection_stages, opened)


async def connection_stages(profile: Profile, clock: Clock = utc_now) -> "AsyncIterator[Finding]":
    """The stages of the connection to the profile's server; none for a service in this process.

    Raises `UsageError` for certificates that cannot be read.
    """
    endpoint = profile.endpoint or profile.admin_endpoint
    if not endpoint:
        return
    providers.lean_httpx()
    from scim_tui.scim.route import walk

    async for stage in walk(endpoint.rstrip("/"), providers.client_options(profile).tls, clock):
        yield stage


def _serve_command(profile: Profile) -> list[str]:
    # The child looks for modules where this process does, and never in a folder that only
    # happens to be the current one.
    python = [sys.executable] if os.getcwd() in sys.path else [sys.executable, "-P"]
    folder = str(private_folder(profile.data_dir))
    if profile.provider == "demo":
        return [*python, "-m", "scim_tui", "demo", "--backend", "--data", folder]
    return [
        *python,
        "-m",
        "scim_tui",
        "serve",
        "--data",
        folder,
        "--port",
        str(_free_port()),
        "--ready-json",
        "--until-stdin-closes",
    ]


def _free_port() -> int:
    """The usual port, or 0 (any free one) when it is in use."""
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
