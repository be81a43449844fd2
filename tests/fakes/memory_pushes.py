"""Users of the memory provider, made and changed as an IdP would, by the same constraints."""

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from scim_tui.model.constraints import ENTERPRISE
from scim_tui.model.directory import Kind, Record
from scim_tui.model.errors import Conflict, NotFound, Refused
from scim_tui.model.json_object import JsonObject
from scim_tui.model.violations import user_violations


class MemoryPushes:
    """The half of the provider that is written to."""

    resources: dict[Kind, dict[str, JsonObject]]
    clock: Callable[[], datetime]

    async def _enter(self, operation: str) -> None:
        raise NotImplementedError

    async def create_user(self, user: Mapping[str, Any]) -> Record:
        """Make a user. Raises `Conflict` and `Refused`."""
        await self._enter("create_user")
        return self._keep(f"new-{len(self.resources[Kind.USERS]) + 1}", dict(user))

    async def patch_user(self, user_id: str, operations: Sequence[Mapping[str, Any]]) -> Record:
        """Set what the operations name. Raises `NotFound`, `Conflict` and `Refused`."""
        await self._enter("patch_user")
        if user_id not in self.resources[Kind.USERS]:
            raise NotFound(f"Users has no {user_id!r}.", status=404)
        user = copy.deepcopy(self.resources[Kind.USERS][user_id])
        for operation in operations:
            _set(user, operation["path"], operation["value"])
        return self._keep(user_id, user)

    def _keep(self, user_id: str, user: JsonObject) -> Record:
        if found := next(user_violations(user), None):
            raise Refused(found.message, found.constraint.fix)
        name = str(user["userName"]).lower()
        for other_id, other in self.resources[Kind.USERS].items():
            if other_id != user_id and str(other.get("userName")).lower() == name:
                raise Conflict("Duplicate UserName.", "Look for the same person.", status=409)
        kept = self.resources[Kind.USERS][user_id] = {**user, "id": user_id}
        return Record(kind=Kind.USERS, id=user_id, attributes=kept, fetched_at=self.clock())


def _set(user: JsonObject, path: str, value: object) -> None:
    if path.startswith(f"{ENTERPRISE}:"):
        user.setdefault(ENTERPRISE, {})[path.rpartition(":")[2]] = value
    elif path.startswith("name."):
        user.setdefault("name", {})[path.partition(".")[2]] = value
    else:
        user[path] = value
