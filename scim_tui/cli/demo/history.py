"""Writes the past of a demo: its requests, what refused ones carried, and its people.

Requests are written before the service starts, in the transaction that makes the token; the rest,
which takes longer, by the thread of the IdP as soon as the service listens.
"""

import random
import uuid
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from scim_tui.demo.connection import AGENT
from scim_tui.demo.past_week import PastRequest, past_week
from scim_tui.demo.people import Company
from scim_tui.model.constraints import GROUP
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.violations import user_violations
from scim_tui.service.refusals import Refusal, check, refuse
from scim_tui.service.scim.calls import iso_seconds
from scim_tui.service.scim.shapes import user_from
from scim_tui.service.store.event_row import EventRow
from scim_tui.service.store.groups import insert_group
from scim_tui.service.store.kept_requests import FILE, KeptRequests, KeptRow
from scim_tui.service.store.ledger import write_events
from scim_tui.service.store.store import Connection
from scim_tui.service.store.users import insert_user

HIRED = timedelta(days=300)
"""How long ago the people were pushed."""


class History:
    """The past of one demo, as of `now`; the same plan makes the same ids."""

    def __init__(self, company: Company, seed: int, now: datetime) -> None:
        self._company, self._now = company, now
        self._chance = random.Random(f"ids {seed}")  # noqa: S311 - sample data
        self._people = {each.number: self._id() for each in company.people}
        self._groups = [self._id() for _ in company.teams]
        self._past = past_week(company, seed, now)
        self._kept: list[KeptRow] = []
        self.tokens: tuple[AccessToken, AccessToken] | None = None
        """The token that was replaced, and the one in its place."""

    def write_requests(self, connection: Connection, token_id: str, holder: str) -> None:
        """Write the requests as events.

        `holder` is the id of the user made by hand who has an address that is sent, too.
        """
        rows = []
        for each in self._past:
            row = self._row(each, token_id, holder)
            rows.append(row)
            if each.refused is not None and not row.accepted:
                self._kept.append(_kept(row, orjson.dumps(each.refused)))
        write_events(connection, rows)

    def write_files(self, folder: Path) -> None:
        """Write what the refused requests carried, and the finished rotation."""
        from scim_tui.cli.demo.earlier_rotation import write_rotation

        with closing(KeptRequests(folder / FILE)) as file:
            file.add(self._kept, self._now.timestamp())
        if self.tokens is not None:
            write_rotation(folder, *self.tokens)

    def write_directory(self, connection: Connection) -> None:
        """Write the people and groups, as the IdP pushed them long ago."""
        then = iso_seconds(self._now - HIRED)
        for person in self._company.people:
            manager = None if person.manager is None else self._people[person.manager]
            user_id = self._people[person.number]
            insert_user(connection, person.scim(manager), then, user_id)
        for team, group_id in zip(self._company.teams, self._groups, strict=True):
            group = {
                "schemas": [GROUP],
                "displayName": team.name,
                "externalId": team.external_id,
            }
            members = [self._people[number] for number in team.members]
            insert_group(connection, group, members, then, group_id)

    def _row(self, each: PastRequest, token_id: str, holder: str) -> EventRow:
        refusal, target, resource_id = None, None, None
        if each.refused is not None:
            target = each.refused["userName"]
            if each.status == 0:
                refusal = _refusal(each.refused, holder)
        elif each.person is not None:
            target, resource_id = each.person.user_name, self._people[each.person.number]
        elif each.group is not None:
            target = self._company.teams[each.group].name
            resource_id = self._groups[each.group]
        if each.status == 429:
            refusal = refuse("rate.exceeded")
        return EventRow(
            at=(self._now - each.ago).timestamp(),
            operation=each.operation,
            status=refusal.status if refusal else each.status,
            target=target,
            resource_id=None if each.operation == "ListUsers" else resource_id,
            token_id=token_id,
            client=AGENT,
            violated=refusal.code if refusal else "",
            message=refusal.message if refusal else "",
            request_id=self._id(),
            duration_ms=round(self._chance.lognormvariate(1.2, 0.5), 3),
            token_known=True,
            address="127.0.0.1",
            holder=(refusal.holder or None) if refusal else None,
        )

    def _id(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))


def _refusal(user: dict[str, object], holder: str) -> Refusal:
    """Why the directory refuses this user, in its own words."""
    try:
        check(user_violations(user_from(dict(user))))
    except Refusal as refusal:
        return refusal
    return refuse("emails.unique", holder=holder)


def _kept(row: EventRow, body: bytes) -> KeptRow:
    return KeptRow(row.request_id, row.at, "POST", "/Users", "", False, len(body), "", body)
