"""Who has a value that must be unique: looked up by id where it is known, else by the value."""

import json
from datetime import datetime, timedelta
from typing import cast

from scim_tui.core.activity.reasons import fix_at_holder, taken_attribute
from scim_tui.core.activity.refused_person import Holder, RefusedPerson
from scim_tui.core.directory.api import Directory
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.directory import Kind, UserRow
from scim_tui.model.errors import NotFound, ScimTuiError
from scim_tui.model.unknown_values import Absent
from scim_tui.scim.wire import user_row

FRESH = timedelta(seconds=60)
"""Within this time a value is not looked up again."""
_BY_SERVER = {"userName"}


class Holders:
    """Looks holders up in one directory, each value once."""

    def __init__(self, directory: Directory, clock: Clock = utc_now) -> None:
        self._directory, self._clock = directory, clock
        self._known: dict[tuple[str, str], tuple[datetime, Holder | None]] = {}

    async def with_holder(self, person: RefusedPerson) -> RefusedPerson:
        """The person with the holder and the fix there; as given where none is found."""
        attribute = taken_attribute(person.rule)
        if not attribute:
            return person
        try:
            found = await self._find(person, attribute)
        except ScimTuiError:
            return person
        if found is None or found.id == person.user_id:
            return person
        return person.model_copy(
            update={"holder": found, "fix": fix_at_holder(found.user_name, attribute)}
        )

    async def _find(self, person: RefusedPerson, attribute: str) -> Holder | None:
        if not isinstance(person.holder_id, Absent):
            return await self._once(attribute, person.holder_id, by_id=True)
        created = person.operation == "CreateUser"
        if isinstance(person.user_name, Absent) or attribute == "externalId" or not created:
            return None  # The value that was sent is not known.
        return await self._once(attribute, person.user_name, by_id=False)

    async def _once(self, attribute: str, value: str, *, by_id: bool) -> Holder | None:
        key, now = ("id" if by_id else attribute, value), self._clock()
        looked_at, found = self._known.get(key, (None, None))
        if looked_at is None or now - looked_at > FRESH:
            found = await self._look(attribute, value, by_id=by_id)
            self._known[key] = now, found
        return found and found.model_copy(update={"attribute": attribute})

    async def _look(self, attribute: str, value: str, *, by_id: bool) -> Holder | None:
        row = await (self._by_id(value) if by_id else self._by_value(attribute, value))
        if row is None:
            return None
        return Holder(
            id=row.id,
            user_name=row.user_name,
            attribute=attribute,
            external_id=row.external_id,
            certain=by_id or attribute in _BY_SERVER,
        )

    async def _by_id(self, user_id: str) -> UserRow | None:
        try:
            record = await self._directory.record(Kind.USERS, user_id)
        except NotFound:
            return None
        return user_row(record.attributes)

    async def _by_value(self, attribute: str, value: str) -> UserRow | None:
        """The server filters by userName; an address is looked for among the rows kept here."""
        if attribute in _BY_SERVER:
            named = f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"
            async for page in self._directory.pages(Kind.USERS, named):
                if page.rows:
                    return cast("UserRow", page.rows[0])
            return None
        if "@" not in value or '"' in value:
            return None
        view = await self._directory.first_rows(Kind.USERS, f'email:"{value}"')
        found = view.users(0, len(view))
        return next((row for row in found if row.email.casefold() == value.casefold()), None)
