"""Provision on demand: the one request for one person of a preview, and its result."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scim_tui.core.base.mutation import Guard, carry_out
from scim_tui.core.mapping.results import Result
from scim_tui.mapping.check.changes import (
    ChangeKind,
    Difference,
    PlannedChange,
    compare,
    deep_differences,
    kind_of,
)
from scim_tui.mapping.check.findings import Severity
from scim_tui.mapping.check.patches import not_patched, operations_of
from scim_tui.model.directory import Kind, Record, UserRow
from scim_tui.model.errors import NotFound, ScimTuiError, UsageError
from scim_tui.providers.port import Provider
from scim_tui.scim.wire import user_row

_NOT_THERE = "not done: the server answered with success, but the user is not there"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(frozen=True, slots=True)
class Push:
    """The one request that would be sent."""

    method: str
    """POST or PATCH; empty: nothing has to be sent."""
    path: str
    """Below the SCIM endpoint, such as /Users."""
    body: Mapping[str, Any]
    why: str
    """Why it is this request, as a sentence."""
    user_id: str = ""
    """Id of the user it changes; empty: it creates one."""
    left_out: tuple[str, ...] = ()
    """Attributes that differ and that a PATCH cannot change."""

    @property
    def text(self) -> str:
        """The body as JSON; contains text from outside."""
        return json.dumps(dict(self.body), ensure_ascii=False, indent=2)

    def as_object(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "method": self.method,
            "path": self.path,
            "body": dict(self.body),
            "why": self.why,
            "user_id": self.user_id,
            "left_out": list(self.left_out),
        }


@dataclass(frozen=True, slots=True)
class Pushed:
    """The result of a request."""

    request: Push
    outcome: str
    """Such as created, changed in part, or nothing to do."""
    record: Record | None
    """The user, read back from the directory after the request."""
    differences: tuple[Difference, ...]
    """Attributes that are not as sent: `after` was sent, `now` was read back."""
    met: bool | None = True
    """Whether the user read back has what was sent; None: it could not be read back."""
    error: ScimTuiError | None = None
    """Why it could not be read back."""

    def as_object(self) -> dict[str, Any]:
        """As JSON; no record means that it could not be read back."""
        differences = [
            {"path": one.path, "sent": one.after, "there": one.now} for one in self.differences
        ]
        return {
            "request": self.request.as_object(),
            "outcome": self.outcome,
            "met": self.met,
            "user": dict(self.record.attributes) if self.record else None,
            "differences": differences,
        }


class OnDemand:
    """One directory, and the guard that allows or forbids requests to it."""

    def __init__(self, provider: Provider, guard: Guard | None) -> None:
        self._provider, self._guard = provider, guard

    def why_not(self) -> str | None:
        """The reason why nothing can be sent here, or None."""
        if self._guard is None:
            return "Nothing is sent from here."
        if reason := self._guard.why_not():
            return reason
        can = self._provider.capabilities.push
        return None if can else can.reason

    def require(self) -> None:
        """Raise `ReadOnly` or `Unsupported` unless something may be sent."""
        if self._guard is None:
            raise UsageError("Nothing is sent from here.", "Open a profile.")
        self._guard.require_writable("the push")
        self._provider.capabilities.push.require()

    async def change(self, user: Mapping[str, Any], known: str) -> PlannedChange:
        """What a push would do to the user as it is in the directory now, in all attributes."""
        change, record = await self._find(user, known)
        if record is None or change.kind is ChangeKind.CONFLICT:
            return change
        differences = tuple(deep_differences(user, record.attributes))
        return replace(change, kind=kind_of(differences), differences=differences)

    async def request(self, result: Result, known: str) -> Push:
        """The request for one person. Raises `UsageError` when none would be sent."""
        user = result.payload.user
        if not user:
            raise UsageError(
                "This user is in the directory only.", "On demand no user is deactivated."
            )
        if result.assigned is False:
            raise UsageError(
                "The IdP does not send people who are not assigned.", "Assign the person."
            )
        if result.refused:
            worst = next(each for each in result.findings if each.severity is Severity.ERROR)
            said = worst.message.removesuffix(".")
            raise UsageError(
                f"{said}." if worst.is_ours else f"The directory would refuse: {said}.", worst.fix
            )
        change, record = await self._find(user, known)
        return push_of(user, change, record)

    async def push(self, result: Result, request: Push) -> Pushed:
        """Send the request, with an audit entry before and after, and read the user back."""
        self.require()
        assert self._guard is not None  # required above
        if not request.method:
            record = await self._provider.record(Kind.USERS, request.user_id)
            return Pushed(request, "nothing to do", record, ())
        user_id = await carry_out(
            self._guard,
            "user.push",
            lambda: self._send(request),
            can=self._provider.capabilities.push,
            target=request.user_id or result.label,
            named=str,
        )
        try:
            record = await self._read_back(result.payload.user, user_id)
        except NotFound as error:
            return Pushed(request, _NOT_THERE, None, (), met=False, error=error)
        except ScimTuiError as error:
            done = "created" if request.method == "POST" else "changed"
            outcome = f"{done}, but not read back: {error.message}"
            return Pushed(request, outcome, None, (), met=None, error=error)
        differences = tuple(deep_differences(result.payload.user, record.attributes))
        unmet = {
            one.path
            for one in differences
            if one.path not in request.left_out and not _is_same(one.after, one.now)
        }
        return Pushed(request, _outcome(request, unmet), record, differences, met=not unmet)

    async def _read_back(self, user: Mapping[str, Any], user_id: str) -> Record:
        """The user as it is now; searched by its names if the server's answer had no id."""
        if user_id:
            return await self._provider.record(Kind.USERS, user_id)
        _, record = await self._find(user, "")
        if record is None:
            raise NotFound("The directory has no such user.", status=404)
        return record

    async def _send(self, request: Push) -> str:
        if request.method == "POST":
            return (await self._provider.create_user(request.body)).id
        operations = request.body["Operations"]
        return (await self._provider.patch_user(request.user_id, operations)).id

    async def _find(
        self, user: Mapping[str, Any], known: str
    ) -> tuple[PlannedChange, Record | None]:
        """The change for this person, and the user it matches in the directory now.

        Identity Center filters by externalId and userName only (SCIM developer guide, listusers).
        `known` is the id of the user that a comparison found by address; empty: none.
        """
        rows: dict[str, UserRow] = {}
        for attribute in ("externalId", "userName"):
            value = user.get(attribute)
            if isinstance(value, str) and value:
                async for page in self._provider.users(f"{attribute} eq {_quoted(value)}"):
                    rows |= {row.id: row for row in page.rows}
        if known and known not in rows:
            rows |= await self._row_of(known)
        change = compare(user, rows.values())
        if not change.matched_by:
            return change, None
        return change, await self._provider.record(Kind.USERS, change.user_id)

    async def _row_of(self, user_id: str) -> dict[str, UserRow]:
        """The user with this id, by GET: no filter on `id` is documented (listusers)."""
        try:
            record = await self._provider.record(Kind.USERS, user_id)
        except NotFound:
            return {}
        row = user_row(dict(record.attributes))
        return {row.id: row} if row else {}


def push_of(user: Mapping[str, Any], change: PlannedChange, record: Record | None) -> Push:
    """The request after which the directory has the payload. Raises `UsageError`."""
    if change.kind is ChangeKind.CONFLICT:
        raise UsageError(
            f"There is nothing that could be sent: {change.message}", "Solve the conflict first."
        )
    if record is None:
        return Push("POST", "/Users", user, "No user in the directory matches: a new user.")
    differences = deep_differences(user, record.attributes)
    operations, left_out = operations_of(differences), not_patched(differences)
    why = f"The user was found by {change.matched_by}"
    stays = f"{', '.join(left_out)} is another one there and cannot be patched, so it stays"
    if not operations:
        rest = f"; {stays}" if left_out else ", and has all of it already"
        return Push("", "", {}, f"{why}{rest}.", record.id, left_out)
    body = {"schemas": [PATCH_OP], "Operations": operations}
    rest = f" {stays[0].upper()}{stays[1:]}." if left_out else ""
    return Push("PATCH", f"/Users/{record.id}", body, f"{why}.{rest}", record.id, left_out)


def _outcome(request: Push, unmet: set[str]) -> str:
    """The result of a request; `unmet` are the attributes that are not as sent."""
    if request.method == "POST":
        return "created, but not as sent" if unmet else "created"
    if not unmet:
        return "changed"
    if unmet.issuperset(one["path"] for one in request.body["Operations"]):
        return "not changed: the server answered with success, and changed nothing"
    return "changed in part"


def _is_same(sent: object, there: object) -> bool:
    """Whether the directory has the value, ignoring case; it may have further parts."""
    if isinstance(sent, str) and isinstance(there, str):
        return sent.casefold() == there.casefold()
    if isinstance(sent, list) and isinstance(there, list):
        return len(sent) == len(there) and all(
            any(_is_same(each, other) for other in there) for each in sent
        )
    if isinstance(sent, Mapping) and isinstance(there, Mapping):
        return all(_is_same(value, there.get(name)) for name, value in sent.items())
    return sent == there


def _quoted(value: str) -> str:
    """A text as a SCIM filter quotes it: as JSON (RFC 7644 section 3.4.2.2)."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
