"""Finds in the index who left and still has groups or access."""

# ruff: noqa: S608 - names of tables and columns are our own; values are parameters

import json
import sqlite3
from collections.abc import Iterator, Mapping

from scim_tui.core.access.queries import assignments, holdings_of, is_crawled
from scim_tui.core.access.rows import AssignmentRow, Standing
from scim_tui.core.base.timeslice import giving_way
from scim_tui.core.index.access_terms import HAS_ACCESS
from scim_tui.core.index.memberships import AS_OF as MEMBERS_AS_OF
from scim_tui.core.index.rows import setting_of
from scim_tui.core.leavers.leaver import Evidence, GroupRef, IdpState, Leaver, Reason
from scim_tui.model.access import PrincipalKind
from scim_tui.model.directory import Kind
from scim_tui.model.unknown_values import Moment
from scim_tui.providers.port import SignIns

_LEFT = frozenset({IdpState.DISABLED, IdpState.GONE})
_CANDIDATES = (
    "SELECT u.id, u.user_name, u.active FROM Users u WHERE NOT u.gone"
    " AND (u.active IS 0 OR u.id IN (SELECT value FROM json_each(?)))"
    f" AND ({HAS_ACCESS[Kind.USERS]} OR EXISTS (SELECT 1 FROM members m WHERE m.u = u.n))"
    " ORDER BY u.user_name"
)
_GROUPS = (
    "SELECT g.id, g.display_name FROM Users u JOIN members m ON m.u = u.n JOIN Groups g"
    " ON g.n = m.g AND NOT g.gone WHERE u.id = ? ORDER BY g.display_name"
)
_NAMES = "SELECT id, name FROM seen WHERE kind = ? AND what = 'went'"


class Finder:
    """One search, over what is kept at one moment."""

    def __init__(
        self, db: sqlite3.Connection, idp: Mapping[str, IdpState], sign_ins: SignIns | None
    ) -> None:
        self._db, self._idp, self._sign_ins = db, idp, sign_ins
        self._members = bool(setting_of(db, MEMBERS_AS_OF))
        self._crawled = is_crawled(db)
        self._names = dict(db.execute(_NAMES, (Kind.USERS.value,)))
        self._dangling = self._left_behind()

    def all(self) -> list[Leaver]:
        """Everyone, those first who are still in the directory."""
        left = json.dumps([each for each, state in self._idp.items() if state in _LEFT])
        rows = self._db.execute(_CANDIDATES, (left,)).fetchall()
        found = [self._listed(*row) for row in giving_way(rows)]
        named = {each.user_name for each in found}
        return [*found, *self._deleted(named)]

    def _listed(self, user_id: str, name: str, active: int | None) -> Leaver:
        groups = tuple(GroupRef(*row) for row in self._db.execute(_GROUPS, (user_id,)))
        access = tuple(holdings_of(self._db, user_id)) if self._crawled else ()
        dangling = tuple(row for row in self._dangling if self._name(row) == name)
        evidence = Evidence(
            idp_disabled=self._idp_disabled(user_id),
            directory_disabled=None if active is None else not active,
            no_group=not groups if self._members else None,
            no_direct=not any(each.direct for each in access) if self._crawled else None,
            no_dangling=self._no_dangling(dangling),
            **self._log(user_id),
        )
        reason = Reason.DISABLED if active == 0 else _reason(self._idp.get(user_id))
        return Leaver(user_id, name, reason, evidence, groups, access, dangling)

    def _deleted(self, named: set[str]) -> Iterator[Leaver]:
        """Users who were deleted while assignments were left, but for those named already."""
        by_id: dict[str, list[AssignmentRow]] = {}
        for row in self._dangling:
            if self._name(row) not in named:
                by_id.setdefault(row.principal_id, []).append(row)
        for user_id, rows in by_id.items():
            evidence = Evidence(
                self._idp_disabled(user_id), True, True, False, False, **self._log(user_id)
            )
            name = self._names.get(user_id, "")
            yield Leaver(user_id, name, Reason.DELETED, evidence, dangling=tuple(rows))

    def _left_behind(self) -> list[AssignmentRow]:
        if not self._crawled:
            return []
        return [
            row
            for row in assignments(self._db)
            if row.standing is Standing.DELETED and row.kind is PrincipalKind.USER
        ]

    def _name(self, row: AssignmentRow) -> str | None:
        """The name that the deleted user had, where a listing saw it."""
        return self._names.get(row.principal_id)

    def _no_dangling(self, found: tuple[AssignmentRow, ...]) -> bool | None:
        """Whether none is left; not known where a deleted user is left whose name is not known."""
        if found:
            return False
        unsure = any(self._name(row) is None for row in self._dangling)
        return None if unsure or not self._crawled else True

    def _idp_disabled(self, user_id: str) -> bool | None:
        state = self._idp.get(user_id, IdpState.UNKNOWN)
        return None if state is IdpState.UNKNOWN else state in _LEFT

    def _log(self, user_id: str) -> dict[str, Moment]:
        """What the log says: the newest sign-in, else since when there was none."""
        if self._sign_ins is None:
            return {}
        seen = self._sign_ins.newest.get(user_id)
        return {"silent_since": self._sign_ins.since} if seen is None else {"last_sign_in": seen}


def _reason(state: IdpState | None) -> Reason:
    return Reason.GONE if state is IdpState.GONE else Reason.IDP_DISABLED
