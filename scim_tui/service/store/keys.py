"""Admin keys: who may administer a service over TCP.

One key belongs to the data folder and is shown once, when `serve` first starts; only its SHA-256 is
stored. A process may also have a key of its own, which is valid until it ends.
"""

import hmac
import secrets

from scim_tui.service.store.store import Connection
from scim_tui.service.store.tokens import digest

_META = "admin_key"


def new_key() -> str:
    """A random key: 256 bits, url-safe."""
    return secrets.token_urlsafe(32)


def make_first(connection: Connection) -> str | None:
    """Make the key of this data folder; None when it has one already."""
    return None if _stored(connection) else renew(connection)


def renew(connection: Connection) -> str:
    """Make a new key for this data folder; the old one is refused from now on."""
    key = new_key()
    connection.execute("REPLACE INTO meta VALUES (?, ?)", (_META, digest(key).hex()))
    return key


def accepts(connection: Connection, offered: str, own: str | None) -> bool:
    """Whether a key is accepted; `own` is the key of this process. Takes constant time."""
    found = digest(offered)
    stored = bytes.fromhex(_stored(connection) or "")
    of_folder = hmac.compare_digest(found, stored or digest(new_key()))
    of_process = hmac.compare_digest(found, digest(own or new_key()))
    return of_folder | of_process


def _stored(connection: Connection) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_META,)).fetchone()
    return row[0] if row else None
