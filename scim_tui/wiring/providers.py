"""From a profile to its provider: which adapter, by which secret, and in what manner."""

import asyncio
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scim_tui.config.paths import private_folder
from scim_tui.config.private import WRITTEN, refuse_exposed
from scim_tui.config.profiles import Profile
from scim_tui.core.workspace import Close
from scim_tui.model.clock import Clock
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from scim_tui.providers.identity_center.account import Account
    from scim_tui.providers.port import Provider
    from scim_tui.scim.transport import ClientOptions


def lean_httpx() -> None:
    """Keep httpx from loading its own command line, and rich with it: 50 ms for nothing.

    httpx does without when that part cannot be imported (`httpx/__init__.py`).
    """
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]


async def in_process(profile: Profile, clock: Clock) -> tuple["Provider", Close]:
    """The local service inside this process, and what closes it."""
    import httpx

    from scim_tui.providers.service import ServiceProvider
    from scim_tui.service.app import build_app
    from scim_tui.service.store.folder import alive, database
    from scim_tui.service.store.store import Store

    folder = private_folder(profile.data_dir)
    store = await asyncio.to_thread(Store, database(folder), clock)
    app = build_app(store, admin_open=True, limits=None, base_url=None)

    async def close() -> None:
        await app.state.ledger.aclose()
        await asyncio.to_thread(store.close)

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    provider = ServiceProvider("http://127.0.0.1", transport=transport, clock=clock)
    for other in await asyncio.to_thread(lambda: alive(store.reader())):
        provider.title = f"provisioning service / {urlsplit(other.base_url).netloc}"
    return provider, close


def service(
    admin_endpoint: str,
    key: "SecretStr | None",
    clock: Clock,
    options: "ClientOptions | None" = None,
    *,
    access: bool = False,
    embedded: bool = False,
) -> "Provider":
    """A service in another process, by its admin API; that of a demo keeps `access`, too.

    `embedded`: it ends with this process.
    """
    from scim_tui.providers.service import ServiceProvider

    return ServiceProvider(
        admin_endpoint, key, options=options, clock=clock, access=access, embedded=embedded
    )


def client_options(profile: Profile) -> "ClientOptions":
    """How this profile's server is reached."""
    from scim_tui.scim.tls_options import TlsOptions
    from scim_tui.scim.transport import ClientOptions

    if key := profile.client_key or profile.client_cert:
        refuse_exposed(key, "The client key")
    if profile.ca_bundle:  # Another authority in it could read the token on its way.
        refuse_exposed(profile.ca_bundle, "The CA bundle", WRITTEN)
    tls = TlsOptions(profile.ca_bundle, profile.client_cert, profile.client_key, profile.timeout)
    return ClientOptions(tls=tls)


async def scim(profile: Profile, clock: Clock) -> "Provider":
    """Any SCIM server."""
    from scim_tui.providers.scim.kept_discovery import KeptDiscovery
    from scim_tui.providers.scim.provider import ScimProvider

    if profile.token is None:
        raise UsageError(f"The profile {profile.name!r} names no token.", "Add token_file = PATH.")
    token = await profile.token.resolve()
    memory = None
    if profile.cache:
        path = private_folder(profile.data_dir) / "discovery.json"
        memory = KeptDiscovery(path, profile.endpoint)
    return ScimProvider(
        profile.endpoint, token, options=client_options(profile), memory=memory, clock=clock
    )


async def mlflow(profile: Profile, clock: Clock) -> "Provider":
    """mlflow-oidc-auth: SCIM, and its token API where the profile names an administrator."""
    from scim_tui.providers.mlflow import MlflowProvider

    key = await profile.admin_key.resolve() if profile.admin_key else None
    directory = await scim(profile, clock)
    return MlflowProvider(
        profile.endpoint, key, directory, options=client_options(profile), clock=clock
    )


async def identity_center(profile: Profile, clock: Clock) -> "Provider":
    """AWS IAM Identity Center: SCIM, and the account beside it."""
    from scim_tui.providers.identity_center.account import Account
    from scim_tui.providers.identity_center.provider import IdentityCenterProvider

    assert profile.aws is not None  # a profile of this provider has it
    if profile.token is None:
        raise UsageError(f"The profile {profile.name!r} names no token.", "Add token_file = PATH.")
    options = client_options(profile)
    account = Account(profile.aws, ca_bundle=profile.ca_bundle, timeout=profile.timeout)
    token = await profile.token.resolve()
    try:
        endpoint = profile.endpoint or await _found_endpoint(account)
        return IdentityCenterProvider(endpoint, token, account, options=options, clock=clock)
    except BaseException:
        await account.aclose()
        raise


async def _found_endpoint(account: "Account") -> str:
    """The endpoint, where a profile leaves it to the experiment to find it."""
    from scim_tui.providers.identity_center.endpoint import find_endpoint

    return await find_endpoint(account)
