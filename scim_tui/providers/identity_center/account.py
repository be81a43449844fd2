"""One AWS account over aiobotocore: signing in, clients, and errors as sentences."""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from scim_tui.config.aws import AwsRef
from scim_tui.model.errors import ScimTuiError, Unsupported, UsageError
from scim_tui.providers.identity_center.refusals import translated_errors
from scim_tui.scim.limits import RateLimiter

CONNECT_SECONDS = 5.0
TRIES = 3
RATE, RATES = 20.0, {"cloudtrail": 2.0, "organizations": 5.0}
"""Requests a second for each operation, as published (user guide, limits; CloudTrail API)."""
_TOGETHER = frozenset({"sso-admin", "organizations"})
"""Services whose operations share one rate: 20 a second for all APIs of Identity Center."""
PREFIXES = {"sso-admin": "sso"}
"""Where the name of a service in an IAM action is not that of its client."""
_LOUD = ("aiobotocore", "botocore", "aiohttp", "urllib3")
"""Loggers that at DEBUG would log the body of each request."""

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
    ) -> None:
        self.ref, self._limiter = ref, limiter
        self._paces: dict[tuple[str, str], RateLimiter] = {}
        self._ca_bundle, self._timeout = ca_bundle, timeout
        self._session = session
        self._clients: dict[tuple[str, str], Any] = {}
        self._open = AsyncExitStack()
        self._opening = asyncio.Lock()

    async def call(self, service: str, operation: str, /, **given: object) -> Answer:
        """The answer to one operation, named as in the documentation: ListUsers."""
        from botocore import xform_name  # noqa: PLC0415

        client = await self._client(service)
        await self._pace(service, operation).acquire()
        action = f"{PREFIXES.get(service, service)}:{operation}"
        with translated_errors(action, self.ref.aws_profile):
            answer: Answer = await getattr(client, xform_name(operation))(**given)
        return answer

    async def pages(
        self, service: str, operation: str, items: str, /, **given: object
    ) -> AsyncIterator[tuple[list[Answer], str]]:
        """The items of each page, with the token of the next one; empty on the last."""
        token, seen = "", set[str]()
        while True:
            more = {"NextToken": token} if token else {}
            answer = await self.call(service, operation, **given, **more)
            token = str(answer.get("NextToken") or "")
            yield list(answer.get(items, ())), token
            if not token or token in seen:
                return
            seen.add(token)

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
        # AWS Health has one endpoint for the events of all Regions.
        region = "us-east-1" if service == "health" else self.ref.region
        async with self._opening:
            if (service, region) not in self._clients:
                self._clients[service, region] = await self._make(service, region)
            return self._clients[service, region]

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


def _aiobotocore() -> Any:  # noqa: ANN401
    try:
        found = importlib.import_module("aiobotocore.session")
    except ImportError:
        raise Unsupported(
            "The SDK of AWS is not installed with scim-tui.", "pip install 'scim-tui[aws]'"
        ) from None
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.INFO)
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


def no_credentials() -> ScimTuiError:
    """There is no valid sign-in to AWS."""
    return UsageError(
        "There are no credentials for AWS.",
        "Sign in: aws sso login; or name aws_profile in the profile.",
    )
