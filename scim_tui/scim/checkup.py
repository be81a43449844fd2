"""Checks of a SCIM server: what the token may do, and what the server supports.

Only reads, once each.

A further question is a further line in `CHECKS`.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.errors import NotAllowed, Refused, ScimTuiError, UsageError
from scim_tui.model.expiry import WORD, Band, band, days_left
from scim_tui.scim.endpoints import is_identity_center
from scim_tui.scim.transport import Transport

ABOUT_ITSELF = {
    "configuration": "/ServiceProviderConfig",
    "schemas": "/Schemas",
    "resource types": "/ResourceTypes",
}
"""What a token should also be able to read; the screens need only users and groups."""
_AWS_PATH = re.compile(
    r"/[A-Za-z0-9]{8,11}-[A-Za-z0-9]{4}-[A-Za-z0-9]{4}-[A-Za-z0-9]{4}-[A-Za-z0-9]{12}/scim/v2"
)
"""The tenant id as the console shows it: 11 characters before the first dash, formerly 8."""
_AWS_REGION = re.compile(r"([a-z]+-){2,3}\d")
_RENEW = "Make a new token in the provider's console and put it where the profile reads it."

_BY_BAND = {Band.ACT: Verdict.WARN, Band.URGENT: Verdict.BAD, Band.EXPIRED: Verdict.BAD}


class Server(NamedTuple):
    """The server to check, and the paths of its collections."""

    transport: Transport
    users: str = "/Users"
    groups: str = "/Groups"


Check = Callable[[Server], AsyncIterator[Finding]]


async def checkup(server: Server) -> AsyncIterator[Finding]:
    """All checks, one after the other."""
    for check in CHECKS:
        async for finding in check(server):
            yield finding


async def token(server: Server) -> AsyncIterator[Finding]:
    """Whether the token is accepted, and a request without a token is refused."""
    status, said = await answered(server.transport, server.users, "count=1")
    if status == 401:
        words = f"refused: {said}"
        yield Finding("Token", Verdict.BAD, words, _RENEW)
    elif status == 403:
        yield Finding(
            "Token",
            Verdict.WARN,
            "known to the server, which forbids it to read users",
            "Give it the right to read, or take another token.",
        )
    elif status != 200:
        words = f"the server does not get as far as the token: {said}"
        yield Finding("Token", Verdict.UNKNOWN, words)
    else:
        yield _let_in(*await answered(server.transport, server.users, "count=1", anonymous=True))


def _let_in(stranger: int | None, said: str) -> Finding:
    if stranger == 200:
        return Finding(
            "Token",
            Verdict.WARN,
            "let in, but so is everybody without a token",
            "Ask the operator of the server whether it checks tokens.",
        )
    if stranger is None:
        return Finding("Token", Verdict.OK, f"let in; a stranger got no answer: {said}")
    return Finding("Token", Verdict.OK, f"let in; a stranger is answered {stranger}")


async def ends(server: Server) -> AsyncIterator[Finding]:
    """The expiry in the token itself; most tokens have none, and then there is no finding."""
    if (end := server.transport.secret_ends) is None:
        return
    mark, left = band(end, now := datetime.now(UTC)), days_left(end, now)
    verdict = _BY_BAND.get(mark, Verdict.OK)
    words = f"it says of itself that it ends {end:%Y-%m-%d}, {left}d: {WORD[mark]}"
    yield Finding("Token end", verdict, words, "" if verdict is Verdict.OK else _RENEW)


async def tenant(server: Server) -> AsyncIterator[Finding]:
    """Whether the path names a tenant that exists on this server."""
    host = urlsplit(server.transport.endpoint).hostname or ""
    if wrong := _shape(host, urlsplit(server.transport.endpoint).path):
        yield wrong
        return
    status, said = await answered(server.transport, server.users, "count=1")
    if status in {200, 403}:
        yield Finding("Tenant", Verdict.OK, f"{host} answers for this address")
    elif status == 401:
        yield _no_telling(
            host, *await answered(server.transport, "/ServiceProviderConfig", anonymous=True)
        )
    elif status == 404:
        yield Finding(
            "Tenant",
            Verdict.BAD,
            f"{host} has no SCIM at this path: {said}",
            "Copy the endpoint again from the provider's console.",
        )
    else:
        yield Finding("Tenant", Verdict.UNKNOWN, said)


def _shape(host: str, path: str) -> Finding | None:
    """What is wrong with the shape of an Identity Center endpoint, checked without a request."""
    if not is_identity_center(host):
        return None
    fix = "Copy the SCIM endpoint again from the settings of IAM Identity Center."
    if not _AWS_PATH.fullmatch(path):
        words = f"the path {path} is none of Identity Center's: /TENANT-ID/scim/v2"
        return Finding("Tenant", Verdict.BAD, words, fix)
    region = host.split(".")[1]
    if not _AWS_REGION.fullmatch(region):
        return Finding("Tenant", Verdict.BAD, f"{region} is no region of AWS", fix)
    return None


def _no_telling(host: str, stranger: int | None, _: str) -> Finding:
    """The finding after a 401, which may or may not mean that the path exists."""
    if is_identity_center(host):
        words = "401 means a bad token, another tenant id or another region: AWS does not say which"
        fix = "Compare the endpoint with the console: provisioning enabled anew has another one."
        return Finding("Tenant", Verdict.UNKNOWN, words, fix)
    if stranger == 200:
        words = f"{host} tells its configuration at this address, so the address is right"
        return Finding("Tenant", Verdict.OK, words)
    words = "401 came before the address was looked at, so it may be another tenant's"
    return Finding("Tenant", Verdict.UNKNOWN, words, "Compare the endpoint with the console.")


async def permissions(server: Server) -> AsyncIterator[Finding]:
    """What the token may read; writing is not tried, since that would change data."""
    needed = {"users": server.users, "groups": server.groups}
    seen = {
        name: await answered(server.transport, path, "count=1" if name in needed else "")
        for name, path in (needed | ABOUT_ITSELF).items()
    }
    if not {200, 403} & {status for status, _ in seen.values()}:
        words = "not known, since nothing was let as far as that"
        yield Finding("Permissions", Verdict.UNKNOWN, words)
        return
    readable = [name for name, (status, _) in seen.items() if status == 200]
    refused = [
        f"{name} ({status or 'no answer'})" for name, (status, _) in seen.items() if status != 200
    ]
    enough = sum(name in readable for name in needed)
    verdict = (Verdict.BAD, Verdict.WARN, Verdict.OK)[enough]
    words = f"reads {', '.join(readable) or 'nothing'}"
    words += f"; not {', '.join(refused)}" if refused else ""
    denied = any(seen[name][0] in {401, 403} for name in needed)
    fix = "Give the token the right to read users and groups." if denied else ""
    yield Finding("Permissions", verdict, f"{words}; writing was not tried", fix)


async def rates(server: Server) -> AsyncIterator[Finding]:
    """The rate limits that the server announces, and the rate that this program keeps to."""
    yield rates_found(
        server.transport.rate_headers, server.transport.pace.words, server.transport.waits
    )


def rates_found(headers: Mapping[str, str], pace: str, waits: int) -> Finding:
    """The finding about limits."""
    server = ", ".join(f"{name} {value}" for name, value in headers.items())
    words = f"the server says {server}" if server else "the server tells no limit"
    if waits:
        words += f"; it asked {waits} times for patience (429)"
    if waits or _used_up(headers):
        fix = "Another client may use the same limit; listings wait and go on by themselves."
        return Finding("Rate limits", Verdict.WARN, f"{words}; {pace}", fix)
    return Finding("Rate limits", Verdict.OK if server else Verdict.UNKNOWN, f"{words}; {pace}")


def _used_up(headers: Mapping[str, str]) -> bool:
    return any(name.endswith("remaining") and value == "0" for name, value in headers.items())


async def answered(
    transport: Transport, path: str, query: str = "", *, anonymous: bool = False
) -> tuple[int | None, str]:
    """The status of one small read, and in words what was wrong; None: no answer."""
    try:
        await transport.send("GET", path, query, once=True, anonymous=anonymous)
    except (Refused, NotAllowed) as error:
        return error.status, error.message
    except UsageError:
        raise
    except ScimTuiError as error:
        return None, error.message
    return 200, ""


CHECKS: tuple[Check, ...] = (token, ends, tenant, permissions, rates)
"""The checks, in this order."""
