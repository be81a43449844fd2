"""Which access people would lose by a change of the directory, before it is made.

A permission set in an account is lost when no way to it is left: a person who leaves one of two
groups that give it keeps it. A person who is made anew, because the externalId differs (ssosync
deletes the user and creates another one since its PR #361), has a new id: assignments of their own
stay with the old id and are lost; what came through groups comes back when the IdP pushes the
memberships, except through groups that were made by hand.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from scim_tui.core.access.queries import holdings_of
from scim_tui.core.access.rows import Ages, Holding
from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.index.results import Happened, RowChange
from scim_tui.model.access import Grant
from scim_tui.model.directory import Kind


class Cause(StrEnum):
    """Why a person would lose access."""

    DEACTIVATED = "deactivated"
    DELETED = "deleted"
    RECREATED = "made anew"
    LEFT_GROUPS = "left groups"


class PersonChange(NamedTuple):
    """What would be done to one user."""

    user_id: str
    cause: Cause
    groups: frozenset[str] = frozenset()
    """Ids of the groups that the user would leave."""


class Loss(NamedTuple):
    """What one person would lose."""

    user_id: str
    user_name: str
    cause: Cause
    lost: tuple[Holding, ...]
    """Every way that ends, of what is lost."""
    interrupted: tuple[Holding, ...] = ()
    """What is lost until the IdP has pushed the memberships again."""

    @property
    def grants(self) -> frozenset[Grant]:
        """The permission sets and accounts that are lost."""
        return frozenset(map(grant_of, self.lost))


@dataclass(frozen=True, slots=True)
class Losses:
    """What all changes together would take away."""

    people: tuple[Loss, ...]
    """Those who lose something, or lose it for a while."""
    ages: Ages
    """How old the access is that this was computed from."""
    not_listed: int = 0
    """Changes of users that are in no listing: what they lose is not known."""

    @property
    def count(self) -> int:
        """How many permission sets in accounts are lost, counted for each person."""
        return sum(len(each.grants) for each in self.people)

    @property
    def accounts(self) -> int:
        """In how many accounts."""
        return len({each.account_id for loss in self.people for each in loss.grants})

    @property
    def whole(self) -> bool:
        """Whether access through groups is part of it, and every user is known."""
        return self.ages.through_groups and not self.not_listed


def merged(changes: Iterable[PersonChange]) -> list[PersonChange]:
    """One change for each user: the gravest cause, and all groups that are left."""
    found: dict[str, PersonChange] = {}
    for each in changes:
        before = found.get(each.user_id)
        if before is None:
            found[each.user_id] = each
            continue
        cause = min(before.cause, each.cause, key=_GRAVEST.index)
        found[each.user_id] = PersonChange(each.user_id, cause, before.groups | each.groups)
    return list(found.values())


def seen_changes(changes: Iterable[RowChange]) -> list[PersonChange]:
    """What listings saw happen to users: went, disabled, or came again under another id."""
    users = [each for each in changes if each.kind is Kind.USERS]
    came = {each.name for each in users if each.what is Happened.CAME}
    found = []
    for each in users:
        if each.what is Happened.DISABLED:
            found.append(PersonChange(each.id, Cause.DEACTIVATED))
        elif each.what is Happened.WENT:
            cause = Cause.RECREATED if each.name in came else Cause.DELETED
            found.append(PersonChange(each.id, cause))
    return found


def losses(db: sqlite3.Connection, changes: Iterable[PersonChange], ages: Ages) -> Losses:
    """What the changes would take away, by what is kept."""
    by_hand = _made_by_hand(db)
    found, unlisted = [], 0
    for change in giving_way(merged(changes)):
        name = _name_of(db, change.user_id)
        if name is None:
            unlisted += 1
            continue
        loss = _loss(name, change, holdings_of(db, change.user_id), by_hand)
        if loss.lost or loss.interrupted:
            found.append(loss)
    return Losses(tuple(found), ages, unlisted)


def _loss(name: str, change: PersonChange, held: list[Holding], by_hand: frozenset[str]) -> Loss:
    user_id, cause = change.user_id, change.cause
    if cause in (Cause.DEACTIVATED, Cause.DELETED):
        return Loss(user_id, name, cause, tuple(held))
    gone = change.groups | (by_hand if cause is Cause.RECREATED else frozenset())
    staying = {
        grant_of(each)
        for each in held
        if each.group_id not in gone and not (each.direct and cause is Cause.RECREATED)
    }
    lost = tuple(each for each in held if grant_of(each) not in staying)
    coming_back = tuple(each for each in held if grant_of(each) in staying and not each.direct)
    return Loss(user_id, name, cause, lost, coming_back if cause is Cause.RECREATED else ())


def grant_of(holding: Holding) -> Grant:
    """What a way of access leads to."""
    return Grant(holding.account_id, holding.set_id)


def ways_lost(loss: Loss) -> Iterator[tuple[str, str]]:
    """The names of account and permission set that are lost, each once."""
    seen = set()
    for each in loss.lost:
        if (grant := grant_of(each)) not in seen:
            seen.add(grant)
            yield each.account_name or each.account_id, each.set_name or each.set_id


_GRAVEST = (Cause.DELETED, Cause.DEACTIVATED, Cause.RECREATED, Cause.LEFT_GROUPS)


def _name_of(db: sqlite3.Connection, user_id: str) -> str | None:
    # Also of a user who went since: what is kept says what they had.
    sql = "SELECT user_name FROM Users WHERE id = ?"
    found = db.execute(sql, (user_id,)).fetchone()
    return None if found is None else str(found[0])


def _made_by_hand(db: sqlite3.Connection) -> frozenset[str]:
    """Groups that no IdP pushes, as far as they were listed: a push does not fill them again."""
    sql = "SELECT id FROM strays WHERE kind = ? AND origin = 'hand'"
    return frozenset(each for (each,) in db.execute(sql, (Kind.GROUPS.value,)))
