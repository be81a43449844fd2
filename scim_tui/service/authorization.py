"""The secret that a request carries in its one Authorization header."""

from starlette.requests import Request


class RepeatedHeader(ValueError):
    """Two Authorization headers: a proxy in front of the service may have checked the other one."""


def bearer_of(request: Request) -> str:
    """The bearer token; empty: the request has none. Raises `RepeatedHeader`."""
    found = request.headers.getlist("authorization")
    if len(found) > 1:
        raise RepeatedHeader
    scheme, _, secret = (found[0] if found else "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""
