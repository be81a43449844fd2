"""What the IdP did (events) and what operators did (audit entries)."""

from datetime import datetime
from enum import StrEnum

from scim_tui.model.base import Value, Words
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count, Moment


def let_in(status: int) -> bool:
    """Whether an answer with this status says that the token was let in.

    401 and 403 deny that; 429 and 5xx may come before the token is looked at.
    """
    return status < 500 and status not in {401, 403, 429}


class Event(Value):
    """One request of an IdP and its outcome."""

    id: int
    at: datetime
    operation: str
    """Name of the SCIM operation in the AWS developer guide: CreateUser, PatchGroup, ..."""
    status: int
    """HTTP status of the answer."""
    target: Words = UNKNOWN
    """userName or displayName, from the request or the directory."""
    resource_id: Words = UNKNOWN
    token_id: Words = UNKNOWN
    token_known: bool | Absent = UNKNOWN
    """Whether it came with a token that exists here or did, also an expired or deleted one."""
    client: Words = UNKNOWN
    """User-Agent of the request."""
    address: Words = UNKNOWN
    """The address that sent it."""
    constraint: str = ""
    """Code of the rule that refused it (`model.constraints`), or empty."""
    message: str = ""
    """Why it was refused, without personal values; empty when it was accepted."""
    request_id: str = ""
    duration_ms: float | None = None
    times: int = 1
    """How many requests it stands for: those of strangers that are alike are one event."""
    holder_id: Words = UNKNOWN
    """Id of the user who has the value that was refused as taken, where the directory recorded it.
    """
    way: str = ""
    """The API that was called, if not SCIM: then it was not the IdP; empty: SCIM."""

    @property
    def refused(self) -> bool:
        """Whether the directory refused the request."""
        return self.status >= 400

    @property
    def about_one(self) -> bool:
        """Whether the operation is about one resource, so that a missing target is unknown."""
        return not self.operation.startswith(("List", "ServiceProviderConfig", "GetSchema"))

    @property
    def authenticated(self) -> bool:
        """Whether the answer says that the token was let in, whatever became of the request."""
        return let_in(self.status)

    @property
    def writes(self) -> bool:
        """Whether it is a SCIM request that changes the directory."""
        return not self.way and self.operation.startswith(("Create", "Put", "Patch", "Delete"))


class EventPage(Value):
    """Events, newest first."""

    events: tuple[Event, ...]
    total: Count = UNKNOWN
    more: bool = False
    """Whether older events may exist although this page is short: a slow log is read in parts."""
    older: int | None = None
    """Of a search: what to pass as `before` to look through the older ones; None: there are none.
    """


class GroupBy(StrEnum):
    """What events are grouped by."""

    PERSON = "person"
    CAUSE = "cause"


class EventGroup(Value):
    """Events about one person, or refusals for one cause."""

    key: Words
    """userName or id of the person, or code of the rule; UNKNOWN: the events name none."""
    message: str = ""
    """Of a cause: the newest message, without personal values."""
    requests: int
    refused: int
    people: Count = UNKNOWN
    """How many different people a cause is about."""
    first: datetime
    newest: datetime
    newest_id: int


class EventGroups(Value):
    """Groups, the newest first."""

    groups: tuple[EventGroup, ...]
    whole: bool = True
    """Whether all events were looked through; else only the newest ones."""


class Reason(Value):
    """A reason for refusals, and how often it occurred."""

    constraint: str
    message: str
    count: int


class Caller(Value):
    """A client whose token never existed here."""

    client: Words = UNKNOWN
    address: Words = UNKNOWN
    count: int
    last_at: datetime


class Traffic(Value):
    """Requests of the IdP since `since`.

    A request counts as the IdP's if its token exists here or did, and this program did not send it.
    Requests of other clients are only counted as sign-in failures, if they were refused.
    """

    since: datetime
    accepted: Count = UNKNOWN
    refused: Count = UNKNOWN
    """Requests that were refused with 400, 404, 409 or 5xx; neither 401, 403 nor 429."""
    refused_users: Count = UNKNOWN
    """How many different people those were about."""
    refused_groups: Count = UNKNOWN
    """How many different groups those were about."""
    refused_unnamed: Count = UNKNOWN
    """How many of those requests name no user and no group."""
    unauthorized: Count = UNKNOWN
    """401 and 403 of the IdP: its token exists here or did, but was not accepted."""
    sign_in_failures: Count = UNKNOWN
    """401 and 403 of all clients."""
    strangers: tuple[Caller, ...] = ()
    """Clients whose token never existed here, the newest first."""
    throttled: Count = UNKNOWN
    """429."""
    own: Count = UNKNOWN
    """Requests of this program; of the other counts only sign-in failures contain them."""
    last_request_at: Moment = UNKNOWN
    last_write_at: Moment = UNKNOWN
    """Newest accepted write."""
    last_client: Words = UNKNOWN
    """Client of the newest request."""
    last_accepted_at: Moment = UNKNOWN
    """Newest request that was accepted."""
    last_unauthorized_at: Moment = UNKNOWN
    """Newest 401 or 403 of the IdP."""
    reasons: tuple[Reason, ...] = ()
    """Most frequent first."""
    hours: tuple[tuple[int, int], ...] = ()
    """(accepted, refused) per hour, oldest first, the last hour is the current one."""


class Phase(StrEnum):
    """The phase of an audited action."""

    INTENDED = "intended"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class AuditEntry(Value):
    """One action of an operator, with the hash of the entry before it."""

    seq: int
    at: datetime
    actor: str
    """user@host."""
    profile: str
    action: str
    """Such as token.delete."""
    target: str = ""
    phase: Phase
    detail: str = ""
    via: str = ""
    """tui or cli."""
    previous: str = ""
    hash: str = ""


class Probe(Value):
    """The result of one request to the SCIM endpoint."""

    at: datetime
    ok: bool
    status: int | None = None
    """HTTP status; None: no answer."""
    duration_ms: float | None = None
    message: str = ""
    """Empty when it is fine, else a sentence."""
    hint: str = ""
    """What to do about it, or empty."""

    def for_the_idp(self, listening: bool | Absent) -> "Probe":
        """The probe as an IdP sees it: a service that does not listen answers only this process."""
        if not self.ok or listening is not False:
            return self
        words = "it answers in this process only: nothing listens at the endpoint"
        return self.model_copy(update={"ok": False, "status": None, "message": words})
