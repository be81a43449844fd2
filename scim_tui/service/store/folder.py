"""Which processes serve a data folder over TCP, and at which address.

A process that listens writes its base URL and process id into `meta`, and deletes them when it
ends. One that was killed cannot, so a record counts only while that very process runs.
"""

import json
import os
from pathlib import Path

from scim_tui.config.process import is_running, start_of
from scim_tui.model.base import Value
from scim_tui.model.provisioning import ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Words
from scim_tui.service.store.rows import decoded, read_note
from scim_tui.service.store.store import Connection
from scim_tui.service.store.tokens import current_tenant, moment

DATABASE = "service.sqlite3"
"""Name of the database in a data folder."""

ACCESS = "access.json"
"""Name of the file with accounts and permission sets in a data folder."""

_LISTENING = "listening"
_BASE_URL = "base_url"


class Listener(Value):
    """A process that serves this data folder over TCP."""

    pid: int
    started: str
    """Start time of the process from /proc, to recognise a reused process id. Empty: no /proc."""
    base_url: str

    def lives(self) -> bool:
        """Whether this process still runs."""
        if self.pid == os.getpid():
            return True
        return is_running(self.pid) and start_of(self.pid) == self.started


def database(folder: Path) -> Path:
    """The database in a data folder."""
    return folder / DATABASE


def arrive(connection: Connection, base_url: str) -> None:
    """Record that this process listens now, and delete the records of those that ended."""
    pid = os.getpid()
    others = [listener for listener in alive(connection) if listener.pid != pid]
    _save(connection, [*others, Listener(pid=pid, started=start_of(pid), base_url=base_url)])
    connection.execute("REPLACE INTO meta VALUES (?, ?)", (_BASE_URL, base_url))


def leave(connection: Connection) -> None:
    """Delete the record of this process."""
    _save(connection, [other for other in alive(connection) if other.pid != os.getpid()])


def alive(connection: Connection) -> list[Listener]:
    """The processes that listen, the newest last."""
    items = read_note(connection, _LISTENING) or []
    listeners = decoded("listening in meta", lambda: [Listener(**item) for item in items])
    return [listener for listener in listeners if listener.lives()]


def status(connection: Connection, base_url: str | None) -> ProvisioningStatus:
    """Whether an IdP can push here, and where; `base_url` is where this process is reached."""
    listeners = alive(connection)
    tenant = current_tenant(connection)
    if tenant is None:
        return ProvisioningStatus(
            state=ProvisioningState.DISABLED,
            scim_endpoint=NEVER,
            tenant_id=NEVER,
            enabled_at=NEVER,
            listening=bool(listeners),
        )
    base = base_url or (listeners[-1].base_url if listeners else _meta(connection, _BASE_URL))
    return ProvisioningStatus(
        state=ProvisioningState.ENABLED,
        scim_endpoint=endpoint(base, tenant.tenant_id),
        tenant_id=tenant.tenant_id,
        enabled_at=moment(tenant.enabled_at),
        listening=bool(listeners),
    )


def endpoint(base_url: str | None, tenant_id: str) -> Words:
    """The URL an IdP is configured with."""
    return UNKNOWN if base_url is None else f"{base_url.rstrip('/')}/{tenant_id}/scim/v2"


def _save(connection: Connection, listeners: list[Listener]) -> None:
    value = json.dumps([listener.model_dump() for listener in listeners])
    connection.execute("REPLACE INTO meta VALUES (?, ?)", (_LISTENING, value))


def _meta(connection: Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None
