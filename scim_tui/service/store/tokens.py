"""Tenants and access tokens, with the rules of Identity Center for them.

Sources: AWS user guide, provision-automatically, generate-token, rotate-token, delete-token and
disable-provisioning. A secret is 256 bits from `secrets`, written url-safe in 43 characters; only
its SHA-256 is stored. A fast hash is enough for a random value: there is no password to guess.

Functions that change something run inside a transaction of the store's writer, so that their checks
also hold between two processes. All instants are seconds since 1970.
"""

import hashlib
import hmac
import math
import secrets
import string
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import SecretStr

from scim_tui.model.errors import Conflict, NotFound
from scim_tui.model.own_agent import is_ours
from scim_tui.model.provisioning import MAX_TOKENS, TOKEN_DAYS, AccessToken, NewToken
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Moment
from scim_tui.service.store.rows import decoded
from scim_tui.service.store.store import Connection

_YEAR = TOKEN_DAYS * 86400.0
_NOBODY = (None, bytes(32), "", 0.0, False)
_LIST = (
    "SELECT id, created_at, expires_at, last_used_at, requests, last_client, suspended_at,"
    " own_used_at FROM tokens ORDER BY created_at, id"
)


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant of the SCIM endpoint; there is one while provisioning is on."""

    tenant_id: str
    enabled_at: float


def moment(seconds: float) -> datetime:
    """A stored instant as a datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def digest(secret: str) -> bytes:
    """What is stored in place of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def authenticate(connection: Connection, tenant_id: str, secret: str, now: float) -> str | None:
    """The id of the token with this secret; None: it may not be used with this tenant now.

    It may be unknown, expired, deleted, suspended, or of another tenant. Every case does the same
    work, so that the duration does not reveal which one it is.
    """
    wanted = digest(secret)
    row = connection.execute(
        "SELECT id, hash, tenant_id, expires_at, suspended_at IS NULL FROM tokens WHERE hash = ?",
        (wanted,),
    ).fetchone()
    token_id, found, owner, expires_at, is_on = row or _NOBODY
    known = hmac.compare_digest(found, wanted)
    at_home = hmac.compare_digest(owner.encode(), tenant_id.encode("utf-8", "surrogatepass"))
    alive = expires_at > now
    return token_id if known & at_home & alive & bool(is_on) else None


def known_id(connection: Connection, secret: str) -> str | None:
    """The id of the token with this secret, also if expired or deleted; None: there was none."""
    wanted = digest(secret)
    row = connection.execute(
        "SELECT id FROM tokens WHERE hash = ?1"
        " UNION ALL SELECT id FROM former_tokens WHERE hash = ?1",
        (wanted,),
    ).fetchone()
    return row[0] if row else None


def current_tenant(connection: Connection) -> Tenant | None:
    """The tenant in use, or None while provisioning is off."""
    row = connection.execute(
        "SELECT tenant_id, enabled_at FROM tenants WHERE disabled_at IS NULL"
    ).fetchone()
    return Tenant(*row) if row else None


def enable(connection: Connection, now: float) -> tuple[Tenant, bool]:
    """Switch provisioning on with a new tenant; the second value is False when it was on."""
    tenant = current_tenant(connection)
    if tenant is not None:
        return tenant, False
    tenant = Tenant(_new_tenant_id(), now)
    connection.execute(
        "INSERT INTO tenants (tenant_id, enabled_at) VALUES (?, ?)", (tenant.tenant_id, now)
    )
    return tenant, True


def enable_with_token(connection: Connection, now: float) -> NewToken | None:
    """Switch provisioning on as the console does, with a first token; None when it was on."""
    _, new = enable(connection, now)
    return create(connection, now) if new else None


def disable(connection: Connection, now: float) -> None:
    """Switch provisioning off; users and groups stay. If it is off already, nothing happens.

    Raises `Conflict` while a token exists, also an expired one.
    """
    count = _count(connection)
    if count:
        tokens = "an access token exists" if count == 1 else f"{count} access tokens exist"
        raise Conflict(
            f"Provisioning cannot be disabled while {tokens}.",
            "Delete every access token first, expired ones too.",
            status=409,
        )
    connection.execute("UPDATE tenants SET disabled_at = ? WHERE disabled_at IS NULL", (now,))


def create(connection: Connection, now: float) -> NewToken:
    """Make a token of the current tenant, valid for one year from `now`.

    Raises `Conflict` while provisioning is off, or when the most tokens allowed exist.
    """
    tenant = current_tenant(connection)
    if tenant is None:
        raise Conflict(
            "An access token needs provisioning to be enabled.",
            "Enable provisioning; that makes a first token too.",
            status=409,
        )
    if _count(connection) >= MAX_TOKENS:
        raise Conflict(
            f"{MAX_TOKENS} access tokens exist, and more are not allowed.",
            "Delete the one that is expired or unused, then generate.",
            status=409,
        )
    return _insert(connection, tenant, now)


def delete(connection: Connection, token_id: str) -> None:
    """Delete a token at once. Raises `NotFound` when there is none with that id.

    Its hash is kept, so that a request with it is not reported as one with an unknown token.
    """
    connection.execute(
        "INSERT OR REPLACE INTO former_tokens SELECT hash, id FROM tokens WHERE id = ?", (token_id,)
    )
    gone = connection.execute("DELETE FROM tokens WHERE id = ?", (token_id,)).rowcount
    if not gone:
        raise _no_such_token()


def suspend(connection: Connection, token_id: str, now: float) -> AccessToken:
    """Refuse a token until it is reinstated; it may be suspended already. Raises `NotFound`."""
    return _switch(connection, token_id, now)


def reinstate(connection: Connection, token_id: str) -> AccessToken:
    """Accept a suspended token again; it may be on already. Raises `NotFound`."""
    return _switch(connection, token_id, None)


def _switch(connection: Connection, token_id: str, suspended_at: float | None) -> AccessToken:
    connection.execute("UPDATE tokens SET suspended_at = ? WHERE id = ?", (suspended_at, token_id))
    found = next((token for token in listed(connection) if token.id == token_id), None)
    if found is None:
        raise _no_such_token()
    return found


def _no_such_token() -> NotFound:
    return NotFound(
        "There is no access token with this id.", "List the tokens to see their ids.", status=404
    )


def listed(connection: Connection, now: float = math.inf) -> list[AccessToken]:
    """Every token, oldest first, without secrets.

    A stored time after `now` was written by a wrong clock, and is shown as `now`.
    """
    found = [
        decoded(f"token {row[0]}", lambda row=row: _token(*row))  # type: ignore[misc]
        for row in connection.execute(_LIST)
    ]
    return [_not_after(token, now) for token in found]


def _not_after(token: AccessToken, now: float) -> AccessToken:
    if now == math.inf:
        return token
    latest = moment(now)
    ahead = {
        name: latest
        for name in ("created_at", "last_used_at", "own_used_at")
        if isinstance(at := getattr(token, name), datetime) and at > latest
    }
    return token.model_copy(update=ahead) if ahead else token


def _insert(connection: Connection, tenant: Tenant, now: float) -> NewToken:
    token_id, secret = f"tok-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    connection.execute(
        "INSERT INTO tokens (id, tenant_id, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        (token_id, tenant.tenant_id, digest(secret), now, now + _YEAR),
    )
    token = _token(token_id, now, now + _YEAR, None, 0, None, None, None)
    return NewToken(token=token, secret=SecretStr(secret))


def _count(connection: Connection) -> int:
    found: int = connection.execute("SELECT count(*) FROM tokens").fetchone()[0]
    return found


def _new_tenant_id() -> str:
    """Three letters or digits before a UUID, like the tenant ids that AWS uses now."""
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(3)) + str(uuid.uuid4())


def _token(
    token_id: str,
    created_at: float,
    expires_at: float,
    last_used_at: float | None,
    requests: int,
    last_client: str | None,
    suspended_at: float | None,
    own_used_at: float | None,
) -> AccessToken:
    used, unsaid = _moment(last_used_at), NEVER if last_used_at is None else UNKNOWN
    own, client = _moment(own_used_at), last_client or unsaid
    if is_ours(last_client):
        # Written by an older version, which did not keep apart who used it.
        own, used, client = (used if own is NEVER else own), UNKNOWN, UNKNOWN
    return AccessToken(
        id=token_id,
        created_at=moment(created_at),
        expires_at=moment(expires_at),
        last_used_at=used,
        requests=requests,
        last_client=client,
        suspended=suspended_at is not None,
        own_used_at=own,
    )


def _moment(seconds: float | None) -> Moment:
    return NEVER if seconds is None else moment(seconds)
