"""Experimental, off by default: find the SCIM endpoint by a call that AWS does not document.

ListProvisioningTenants is what the console uses, published by a third party in 2024 (tecRacer,
"Using undocumented AWS APIs with Python"). It only reads; it may change or vanish at any time.
No other undocumented call is made: the shapes of those for tokens are not known.
"""

import json
from typing import NamedTuple

import httpx

from scim_tui.model.errors import NotFound, Refused, Unreachable
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.instances import find_store
from scim_tui.providers.identity_center.places import place
from scim_tui.providers.identity_center.refusals import Denied
from scim_tui.providers.identity_center.shapes import parts, words

ACTION = "sso-directory:ListProvisioningTenants"
_TARGET = "AWSIdentityStoreService.ListProvisioningTenants"
_BY_HAND = "Copy the endpoint from the console into the profile, and leave the experiment off."


class SignedRequest(NamedTuple):
    """The signed request."""

    url: str
    headers: dict[str, str]
    body: bytes


async def find_endpoint(
    account: Account, *, url: str = "", transport: httpx.AsyncBaseTransport | None = None
) -> str:
    """The SCIM endpoint of the one tenant of the store. Raises `model.errors`."""
    store = account.ref.identity_store_id or await find_store(account)
    ask = await _signed(account, url or _url(account.ref.region), store)
    async with httpx.AsyncClient(transport=transport, timeout=15, trust_env=True) as client:
        try:
            answer = await client.post(ask.url, content=ask.body, headers=ask.headers)
        except httpx.HTTPError as error:
            words_ = f"{ACTION} got no answer ({type(error).__name__})."
            raise Unreachable(words_, _BY_HAND) from None
    return _endpoint(answer)


def _url(region: str) -> str:
    return f"https://up.sso.{region}.{place(region).suffix}/identitystore/"


async def _signed(account: Account, url: str, store: str) -> SignedRequest:
    from botocore.auth import SigV4Auth  # noqa: PLC0415
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415

    body = json.dumps({"IdentityStoreId": store}).encode()
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": _TARGET}
    request = AWSRequest("POST", url, headers=headers, data=body)
    SigV4Auth(await account.credentials(), "identitystore", account.ref.region).add_auth(request)
    return SignedRequest(url, dict(request.headers.items()), body)


def _endpoint(answer: httpx.Response) -> str:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused(f"{ACTION} was answered with something else.", _BY_HAND)
    if answer.status_code != 200:
        code = words(found, "__type").rpartition("#")[2]
        if code.startswith("AccessDenied"):
            raise Denied(ACTION)
        raise Refused(
            f"{ACTION} was refused ({code or answer.status_code}).",
            _BY_HAND,
            status=answer.status_code,
        )
    tenants = [words(each, "ScimEndpoint") for each in parts(found, "ProvisioningTenants")]
    endpoints = [each for each in tenants if each]
    if len(endpoints) == 1:
        return endpoints[0]
    if not endpoints:
        raise NotFound(f"{ACTION} tells of no tenant.", "Is automatic provisioning enabled?")
    raise Refused(f"{ACTION} tells of {len(endpoints)} tenants.", _BY_HAND)
