"""One AWS account over aiobotocore: signing in, clients, and errors as sentences."""

import asyncio
import importlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from scim_tui.config.aws import AwsRef
from scim_tui.config.aws_sign_in import NO_SDK, NoSdk, no_credentials, silence_libraries
from scim_tui.model.errors import Incomplete
from scim_tui.providers.identity_center.availability import Availability
from scim_tui.providers.identity_center.places import health_region
from scim_tui.providers.identity_center.refusals import (
    NoEndpoint,
    translated_errors,
    unreadable,
)
from scim_tui.providers.identity_center.shapes import lacking, lacking_items
from scim_tui.scim.limits import RateLimiter

CONNECT_SECONDS = 5.0
TRIES = 3
RATE, RATES = 20.0, {"cloudtrail": 2.0, "organizations": 5.0}
"""Requests a second for each operation, as published (user guide, limits; CloudTrail API)."""
_TOGETHER = frozenset({"sso-admin", "organizations"})
"""Services whose operations share one rate: 20 a second for all APIs of Identity Center."""
PREFIXES = {"sso-admin": "sso"}
"""Where the name of a service in an IAM action is not that of its client."""

Answer = Mapping[str, Any]


def _limiter(rate: float) -> RateLimiter:
    return RateLimiter(rate)


class Account:
    """Calls to AWS with the credentials of a profile. Raises only `model.errors`.

    Nothing is opened before the first call.
    """

    def __init__(
        self,
        ref: AwsRef,
        *,
        ca_bundle: Path | None = None,
        timeout: float = 30,
        limiter: Callable[[float], RateLimiter] = _limiter,
        session: Any = None,  # noqa: ANN401
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ref, self._limiter = ref, limiter
        self._paces: dict[tuple[str, str], RateLimiter] = {}
        self._ca_bundle, self._timeout = ca_bundle, timeout
        self._session = session
        self._clients: dict[tuple[str, str], Any] = {}
        self._open = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._services = Availability(monotonic)

    async def call(self, service: str, operation: str, /, **given: object) -> Answer:
        """The answer to one operation, named as in the documentation: ListUsers.

        While the service is out of reach, after a call that failed, no call is made.
        """
        with self._services.asking(service):
            return await self._call(service, operation, given)

    async def pages(
        self, service: str, operation: str, items: str, /, **given: object
    ) -> AsyncIterator[tuple[list[Answer], str]]:
        """The items of each page, with the token of the next one; empty on the last.

        Raises `Unreadable` for a page without its list, `Incomplete` for a token that was there
        before: then the listing would never end.
        """
        mark = "nextToken" if service == "health" else "NextToken"
        token, seen = "", set[str]()
        while True:
            more = {mark: token} if token else {}
            answer = await self.call(service, operation, **given, **more)
            action = _action(service, operation)
            if what := lacking_items(answer, items):
                raise unreadable(action, what)
            token = str(answer.get(mark) or "")
            if token in seen:
                raise Incomplete(
                    f"{action}: AWS gave the token of a page for the second time, so the "
                    "listing is not whole.",
                    "Try again.",
                )
            yield list(answer[items]), token
            if not token:
                return
            seen.add(token)

    async def _call(self, service: str, operation: str, given: Mapping[str, object]) -> Answer:
        from botocore import xform_name  # noqa: PLC0415

        client = await self._client(service)
        await self._pace(service, operation).acquire()
        action = _action(service, operation)
        with translated_errors(action, self.ref.aws_profile):
            answer: Answer = await getattr(client, xform_name(operation))(**given)
        if what := lacking(answer, operation, given):
            raise unreadable(action, what)
        return answer

    async def credentials(self) -> Any:  # noqa: ANN401 - botocore has no types
        """The credentials to sign a request with. Raises `UsageError` if there are none."""
        with translated_errors("Signing in", self.ref.aws_profile):
            found = await (await self._signed_in()).get_credentials()
            if found is None:
                raise no_credentials()
            return await found.get_frozen_credentials()

    async def aclose(self) -> None:
        """Close the connections."""
        self._clients.clear()
        await self._open.aclose()

    def _pace(self, service: str, operation: str) -> RateLimiter:
        key = service, "" if service in _TOGETHER else operation
        if key not in self._paces:
            self._paces[key] = self._limiter(RATES.get(service, RATE))
        return self._paces[key]

    async def _client(self, service: str) -> Any:  # noqa: ANN401
        region = self.ref.region
        if service == "health":
            region = await self._health_region()
        async with self._opening:
            if (service, region) not in self._clients:
                self._clients[service, region] = await self._make(service, region)
            return self._clients[service, region]

    async def _health_region(self) -> str:
        """Where the events of all Regions of the partition are. Raises `NoEndpoint`."""
        fips = self.ref.fips
        if fips is None:
            session = await self._signed_in()
            fips = bool(session.get_config_variable("use_fips_endpoint"))
        if region := health_region(self.ref.region, fips=fips):
            return region
        raise NoEndpoint(
            f"AWS Health has no {'FIPS ' if fips else ''}endpoint for {self.ref.region}.",
            "Look for mails of AWS about tokens that end.",
        )

    async def _make(self, service: str, region: str) -> Any:  # noqa: ANN401
        session = await self._signed_in()
        with translated_errors(f"Opening {service}", self.ref.aws_profile):
            made = session.create_client(
                service,
                region_name=region,
                config=self._config(),
                verify=str(self._ca_bundle) if self._ca_bundle else None,
            )
            return await self._open.enter_async_context(made)

    def _config(self) -> Any:  # noqa: ANN401
        from aiobotocore.config import AioConfig  # noqa: PLC0415

        return AioConfig(
            connect_timeout=min(CONNECT_SECONDS, self._timeout),
            read_timeout=self._timeout,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            use_fips_endpoint=self.ref.fips,
            use_dualstack_endpoint=self.ref.dual_stack,
            user_agent_extra="scim-tui",
        )

    async def _signed_in(self) -> Any:  # noqa: ANN401
        if self._session is None:
            # It takes half a second, which the screen must not stand still for.
            module = await asyncio.to_thread(_aiobotocore)
            with translated_errors("Signing in", self.ref.aws_profile):
                session = module.AioSession(profile=self.ref.aws_profile or None)
                if self.ref.role_arn:
                    await _assume(session, self.ref)
                self._session = session
        return self._session


def _action(service: str, operation: str) -> str:
    return f"{PREFIXES.get(service, service)}:{operation}"


def _aiobotocore() -> Any:  # noqa: ANN401
    try:
        found = importlib.import_module("aiobotocore.session")
    except ImportError:
        raise NoSdk("The SDK of AWS is not installed with scim-tui.", NO_SDK) from None
    silence_libraries()
    return found


async def _assume(session: Any, ref: AwsRef) -> None:  # noqa: ANN401
    """Make the session act as the role, signing in again before that runs out."""
    from aiobotocore.credentials import (  # noqa: PLC0415
        AioAssumeRoleCredentialFetcher,
        AioDeferredRefreshableCredentials,
    )

    source = await session.get_credentials()
    if source is None:
        raise no_credentials()
    fetcher = AioAssumeRoleCredentialFetcher(
        client_creator=lambda service, **given: session.create_client(
            service, region_name=ref.region, **given
        ),
        source_credentials=source,
        role_arn=ref.role_arn,
        extra_args={"RoleSessionName": "scim-tui"},
    )
    # botocore has no other way to give a session credentials that renew themselves.
    session._credentials = AioDeferredRefreshableCredentials(
        fetcher.fetch_credentials, "assume-role"
    )
