"""The state of a demo's IdP, so that a service that was killed can continue."""

import json
import socket
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from scim_tui.cli.demo.folder import MEMORY
from scim_tui.config.paths import write_atomic
from scim_tui.demo.connection import CredentialSource
from scim_tui.demo.simulated_idp import Known
from scim_tui.demo.token_file import Credentials
from scim_tui.service.store.store import Store

_USERS = "SELECT external_id, id, active FROM users WHERE external_id IS NOT NULL"
_GROUPS = "SELECT external_id, id FROM groups WHERE external_id IS NOT NULL"
_MEMBERS = (
    "SELECT groups.external_id, users.id FROM memberships"
    " JOIN groups ON groups.seq = group_seq JOIN users ON users.seq = user_seq"
)


@dataclass(frozen=True, slots=True)
class DemoState:
    """The endpoint and secret of the IdP, and the port of the service."""

    port: int
    credentials: Credentials


def load_state(folder: Path) -> DemoState | None:
    """Read the state that an earlier service left in this folder; None: there is none to read."""
    try:
        fields = json.loads((folder / MEMORY).read_text("utf-8"))
        secret = SecretStr(str(fields["token"]))
        return DemoState(int(fields["port"]), Credentials(str(fields["endpoint"]), secret))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def save_state(folder: Path, memory: DemoState) -> None:
    """Write it, readable by this user only; deleted with the demo."""
    found = memory.credentials
    fields = {"port": memory.port, "endpoint": found.endpoint}
    write_atomic(folder / MEMORY, json.dumps(fields | {"token": found.secret.get_secret_value()}))


class SavingSource:
    """A source of secrets that keeps the newest one it gave."""

    def __init__(self, source: CredentialSource, folder: Path, port: int) -> None:
        self._source, self._folder, self._port = source, folder, port

    def take(self) -> Credentials | None:
        """The next credentials, once."""
        fresh = self._source.take()
        if fresh is not None:
            save_state(self._folder, DemoState(self._port, fresh))
        return fresh


def known_objects(store: Store) -> Known:
    """The users and groups that the IdP has already created."""
    reader = store.reader()
    members: defaultdict[str, set[str]] = defaultdict(set)
    for group, user in reader.execute(_MEMBERS):
        members[group].add(user)
    return Known(
        users={name: (user, bool(active)) for name, user, active in reader.execute(_USERS)},
        groups={name: (group, frozenset(members[name])) for name, group in reader.execute(_GROUPS)},
    )


def usable_port(wanted: int) -> int:
    """The port that IdPs are configured with, or 0 (any free one) when it is in use."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted
