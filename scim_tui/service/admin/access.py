"""Accounts and permission sets of the service: only read, and kept in a file of the data folder.

A real service of AWS keeps them apart from its SCIM side as well. Here they are the file
`access.json`, which the demo writes. It names users and groups as the IdP does, by userName and
displayName, since their ids exist only once they are pushed; one who is not there is left out.
"""

import asyncio
import json
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from scim_tui.model.base import Value
from scim_tui.model.errors import NotFound
from scim_tui.service.admin.calls import AdminCall, Reply
from scim_tui.service.store.folder import ACCESS
from scim_tui.service.store.store import Connection


class AccessSet(Value):
    """A permission set."""

    id: str
    name: str
    description: str = ""
    session: str = ""
    admin: bool | None = None


class AccessAccount(Value):
    """An account."""

    id: str
    name: str = ""
    email: str = ""
    status: str = ""


class AccessPrincipal(Value):
    """A permission set in an account, for a principal of the file."""

    account: str
    set: str
    kind: Literal["user", "group"]
    name: str = ""
    """userName or displayName; empty: the principal is named by its id."""
    id: str = ""


class AccessList(Value):
    """All of it."""

    sets: tuple[AccessSet, ...] = ()
    accounts: tuple[AccessAccount, ...] = ()
    assignments: tuple[AccessPrincipal, ...] = ()


async def access(ask: AdminCall) -> Reply:
    """Accounts, permission sets, and who has them. Raises `NotFound` where none are kept."""
    kept = await asyncio.to_thread(_read, ask.store.path.parent / ACCESS)

    def work(connection: Connection) -> AccessList:
        found = (_with_id(connection, each) for each in kept.assignments)
        return kept.model_copy(update={"assignments": tuple(each for each in found if each.id)})

    return Reply(200, (await ask.read(work)).model_dump_json().encode())


def _read(path: Path) -> AccessList:
    try:
        return AccessList.model_validate(json.loads(path.read_bytes()))
    except (OSError, ValueError, ValidationError):
        raise NotFound(
            "This service keeps no accounts and permission sets.",
            "Only the service of a demo has them.",
            status=404,
        ) from None


def _with_id(connection: Connection, principal: AccessPrincipal) -> AccessPrincipal:
    """The principal with the id that the directory gave it; without one it is not there."""
    if not principal.name:
        return principal
    sql = (
        "SELECT id FROM users WHERE user_name = ?"
        if principal.kind == "user"
        else "SELECT id FROM groups WHERE display_name = ?"
    )
    # Names are kept in lower case, as they are compared.
    found = connection.execute(sql, (principal.name.lower(),)).fetchone()
    return principal.model_copy(update={"id": str(found[0]) if found else ""})
