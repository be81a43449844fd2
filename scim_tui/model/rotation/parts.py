"""The values that a rotation is made of. None of them contains a secret."""

from datetime import datetime, timedelta

from scim_tui.model.base import Value, Words
from scim_tui.model.rotation.key_verdict import Keys
from scim_tui.model.rotation.states import DeletionReason, KnownBy, Level, State, TestResult
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Count, Moment


class TokenRef(Value):
    """A token, identified by its id and its time of creation."""

    id: str
    created_at: Moment = UNKNOWN
    expires_at: Moment = UNKNOWN

    def expired(self, now: datetime) -> bool:
        """Whether it is known to have expired."""
        return isinstance(self.expires_at, datetime) and self.expires_at <= now


class Policy(Value):
    """What must be seen before the old token may be deleted, and time limits."""

    level: Level = Level.E4
    silence: bool = True
    """Whether the old token must also be silent: for `cycle`, twice the IdP's median gap, or
    `least`, whichever is longest."""
    cycle: timedelta = timedelta(minutes=40)
    """The longest time between two requests of the IdP; Entra ID's cycle is 40 minutes."""
    least: timedelta = timedelta(minutes=20)
    fresh: timedelta = timedelta(hours=1)
    """How old the look may be that proves that the old token can be deleted."""
    hold: timedelta = timedelta(minutes=15)
    """How long a secret stays in memory."""
    unseen: timedelta = timedelta(hours=24)
    """After this time without a request of the IdP, a delivered secret needs attention."""
    afterwatch: timedelta = timedelta(minutes=30)
    suspend: bool = False
    """Whether the old token is switched off for a cycle before it goes, where that can be done."""


class Check(Value):
    """One thing looked at before anything is changed."""

    name: str
    mark: str
    """ok, warn, bad or unknown; one that is bad keeps the rotation at its start."""
    sentence: str


class Fingerprint(Value):
    """What identifies a secret without holding it: a salted digest and the length."""

    salt: str
    digest: str
    length: int

    @property
    def short(self) -> str:
        """The first and last four digits of the digest, for people."""
        return f"{self.digest[:4]}..{self.digest[-4:]}"


class Probed(Value):
    """One request of ours with the new secret; it is kept before it is sent."""

    at: datetime
    ok: bool | None = None
    """None: no answer was seen, so it may or may not have been carried out."""
    status: int | None = None
    message: str = ""


class DeliveryReceipt(Value):
    """Where the secret was handed over, without the secret."""

    at: datetime
    way: str
    """Such as "file /run/user/1000/token", "command az", "tmux buffer"."""
    ok: bool | None = None
    """None: it is not known whether it arrived."""
    outcome: str = ""
    """What came of it, such as "written" or "exit code 0"."""


class Tested(Value):
    """The result of the IdP's own test, and how it is known."""

    at: datetime
    result: TestResult
    by: KnownBy
    detail: str = ""


class LoggedRequest(Value):
    """One request in the product's log, and what it counts as."""

    id: int
    at: datetime
    operation: str
    status: int
    token_id: Words
    client: Words
    counts_as: str = ""
    """own, E3, E4, other, old, refused, or empty."""


class TokenActivity(Value):
    """The summary of all looks, so that the journal stays small."""

    cursor: int | None = None
    """Newest event read."""
    looked_at: Moment = NEVER
    """The newest look that was answered."""
    attributed: bool = False
    """Whether the source says which token a request came with."""
    skew: timedelta | None = None
    """How far the server's clock was ahead of ours at the newest look; None: it sent no date."""
    silent_from: Moment = NEVER
    """When the count of the old token's silence was restarted, because a clock was set."""
    watched: bool = False
    """Whether use of the old token would have been seen."""
    nonce_found: bool = False
    """Whether our own probe was found in the log, so that the log names clients."""
    own_requests: int = 0
    """Our own requests with the new token in the log; one that is logged twice counts twice."""
    new_requests: int = 0
    """Accepted requests with the new token by the IdP."""
    new_writes: int = 0
    first_new_at: Moment = NEVER
    newest_new_at: Moment = NEVER
    first_write_at: Moment = NEVER
    newest_write_at: Moment = NEVER
    new_client: Words = UNKNOWN
    other_requests: int = 0
    """Accepted requests with the new token by a client that is neither this program nor the IdP."""
    other_clients: tuple[str, ...] = ()
    newest_other_at: Moment = NEVER
    old_requests: int = 0
    """Uses of the old token since the rotation began, as far as they were seen."""
    old_count: Count = UNKNOWN
    """What the token list says of it."""
    newest_old_at: Moment = NEVER
    old_clients: tuple[str, ...] = ()
    refused: int = 0
    """Requests refused with 401 or 403 since the secret was handed over."""
    newest_refused_at: Moment = NEVER
    refused_client: Words = UNKNOWN
    records: tuple[LoggedRequest, ...] = ()
    """Newest first."""
    keys: Keys | None = None
    """Whether keys in the log distinguish tokens; None: the log names tokens, or there is none."""

    @property
    def new_in_use(self) -> bool:
        """Whether a request of another client with the new token was let in."""
        return self.new_requests > 0 or self.other_requests > 0


def without_use_of_new(seen: TokenActivity) -> TokenActivity:
    """The activity without that of the new token, for when it is deleted and replaced."""
    of_new = (
        "own_requests",
        "new_requests",
        "new_writes",
        "first_new_at",
        "newest_new_at",
        "first_write_at",
        "newest_write_at",
        "new_client",
        "other_requests",
        "other_clients",
        "newest_other_at",
    )
    fresh = TokenActivity()
    return seen.model_copy(update={name: getattr(fresh, name) for name in of_new})


class Waiver(Value):
    """A person accepted less proof than the policy requires."""

    at: datetime
    level: Level
    reason: str
    by: str = ""


class Deletion(Value):
    """A deletion that was sent, and whose answer was not seen."""

    at: datetime
    token_id: str
    why: DeletionReason


class HistoryEntry(Value):
    """A state that was entered."""

    state: State
    at: datetime
    note: str = ""
