"""A rotation: one access token replaced by another, as a value that can be kept on disk.

Its states are in `states`, the values it keeps in `parts`, its events in `create`, `deliver`,
`watch`, `suspend`, `delete` and `settle`, what counts as proof in `proof`, and which state may
follow which in `transitions`. No secret is ever in here, and no event carries one.
"""

from datetime import datetime, timedelta

from pydantic import AliasChoices, Field

from scim_tui.model.base import Value, Words
from scim_tui.model.rotation.parts import (
    Check,
    Deletion,
    DeliveryReceipt,
    Fingerprint,
    HistoryEntry,
    LoggedRequest,
    Policy,
    Probed,
    Tested,
    TokenActivity,
    TokenRef,
    Waiver,
)
from scim_tui.model.rotation.states import (
    ENDED,
    MOST_HISTORY,
    MOST_RECORDS,
    TAKE_OVER,
    DeletionReason,
    KnownBy,
    Level,
    OutOfTurn,
    State,
    Strategy,
    TestResult,
)
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Moment

__all__ = [
    "ENDED",
    "MOST_HISTORY",
    "MOST_RECORDS",
    "TAKE_OVER",
    "Check",
    "Deletion",
    "DeletionReason",
    "DeliveryReceipt",
    "Fingerprint",
    "HistoryEntry",
    "KnownBy",
    "Level",
    "LoggedRequest",
    "OutOfTurn",
    "Policy",
    "Probed",
    "Rotation",
    "State",
    "Strategy",
    "TestResult",
    "Tested",
    "TokenActivity",
    "TokenRef",
    "Waiver",
]


class Rotation(Value):
    """Everything that is stored about a rotation."""

    id: str
    profile: str
    strategy: Strategy
    state: State
    policy: Policy
    started_at: datetime
    started_by: str = ""
    nonce: str
    """In the User-Agent of every probe of ours."""
    old: TokenRef
    """The token to be replaced, named at the start; never another one."""
    new: TokenRef | None = None
    lost: tuple[TokenRef, ...] = ()
    """New tokens whose text was lost and which were deleted again."""
    strays: tuple[TokenRef, ...] = ()
    """Tokens that appeared while we made one, and are not known to be ours."""
    others: tuple[str, ...] = ()
    """Ids of the tokens that were there before."""
    attempts: int = 0
    """How often a token was asked for."""
    checks: tuple[Check, ...] = ()
    gap: timedelta | None = None
    """The median gap between two requests of the IdP in the day before."""
    place: Words = UNKNOWN
    """The tenant, or the endpoint, when the rotation began."""
    armed: str = ""
    """Swap: the way of delivery that stands ready."""
    fingerprint: Fingerprint | None = None
    created_by: KnownBy | None = None
    probes: tuple[Probed, ...] = ()
    receipts: tuple[DeliveryReceipt, ...] = ()
    installed_at: Moment = NEVER
    installed_by: KnownBy | None = None
    tested: Tested | None = None
    seen: TokenActivity = TokenActivity()
    proven_at: Moment = NEVER
    waiver: Waiver | None = None
    suspended_at: Moment = NEVER
    deletion: Deletion | None = None
    asked: tuple[str, ...] = ()
    """Ids of tokens whose deletion was sent: one may be carried out late."""
    return_state: State | None = Field(
        default=None,
        validation_alias=AliasChoices("back", "return_state"),
        serialization_alias="back",
    )
    """The state to which ATTENTION and DELETE_CONFIRM return; `back` in the journal's files."""
    trouble: str = ""
    """What needs attention, as a sentence."""
    settled_at: Moment = NEVER
    """Problems before this time were looked at by a person."""
    gone_at: Moment = NEVER
    gone_by: KnownBy | None = None
    ending: str = ""
    history: tuple[HistoryEntry, ...] = ()

    @property
    def open(self) -> bool:
        """Whether there is still something to be done."""
        return self.state not in ENDED

    @property
    def label(self) -> str:
        """The new token's id, or that there is none."""
        return self.new.id if self.new else "no new token"

    def known_ids(self) -> set[str]:
        """The id of every token that this rotation has dealt with."""
        made = (self.old, *([self.new] if self.new else []), *self.lost, *self.strays)
        return {token.id for token in made} | set(self.others)

    def require(self, what: str, *states: State) -> None:
        """Raise `OutOfTurn` unless the rotation is in one of these states."""
        if self.state not in states:
            raise OutOfTurn(
                f"{what} is not possible while the rotation is at {self.state.value!r}.",
                "See where it stands: scim-tui tokens rotate --status",
            )

    def to(self, state: State, at: datetime, note: str = "", **changes: object) -> "Rotation":
        """The rotation in another state, with what else changes."""
        passed = HistoryEntry(state=state, at=at, note=note)
        history = (*self.history, passed)[-MOST_HISTORY:]
        return self.model_copy(update={"state": state, "history": history, **changes})

    def with_(self, **changes: object) -> "Rotation":
        """The rotation in the same state, with what changes."""
        return self.model_copy(update=changes)

    def since(self, state: State) -> Moment:
        """When the state was entered last."""
        return next((each.at for each in reversed(self.history) if each.state is state), NEVER)
