"""The states, strategies and levels of proof of a rotation, and how something is known."""

from enum import IntEnum, StrEnum

from scim_tui.model.errors import UsageError

TAKE_OVER = "TAKE OVER"
"""What is typed to go on with a rotation that another process holds."""
MOST_HISTORY = 400
MOST_RECORDS = 20


class OutOfTurn(UsageError):
    """This is not possible in the present state of the rotation; nothing was done."""


class State(StrEnum):
    """Where a rotation stands."""

    PREFLIGHT = "preflight"
    """Checks only; nothing was changed."""
    FREE_SLOT = "free slot"
    """The most tokens allowed exist: one that is not needed has to go first."""
    CREATE_INTENT = "create"
    """All is ready, nothing was sent."""
    CREATING = "creating"
    """The request was sent, or is about to be; its answer was not seen."""
    CREATE_LOST = "create lost"
    """No answer came: it is not known whether a token was made."""
    HOLDING = "holding"
    """The new secret is in memory, and its id on disk."""
    PROBE_FAILED = "probe failed"
    """Our own request with the new secret was not accepted."""
    PROBED = "probed"
    """Our own request with the new secret was accepted (E1)."""
    DELIVERED = "delivered"
    """The secret was handed over at least once, or may have been."""
    SECRET_GONE = "secret gone"  # noqa: S105 - the name of a state
    """The text of the new token is lost for ever, and was not handed over."""
    INSTALL_CLAIMED = "installed"
    """A person or a program says that the IdP has it."""
    IDP_TESTED = "tested"
    """The IdP's own test passed, or was left out."""
    WATCHING = "watching"
    """Waiting for what the IdP does with the new token."""
    PROVEN = "proven"
    """What the policy wants was seen."""
    UNPROVEN_ACCEPTED = "accepted"
    """A person accepted less, with both words and a reason."""
    SUSPENDED = "suspended"
    """The old token is off and can be put back."""
    DELETE_CONFIRM = "confirm"
    """The old token can be deleted, once the word is typed."""
    DELETING = "deleting"
    """The deletion was sent, or is about to be; its answer was not seen."""
    DELETED = "deleted"
    """The old token is gone; `Rotation.gone_by` says how that is known."""
    AFTERWATCH = "afterwatch"
    """Looking whether a client is refused now."""
    DONE = "done"
    """Over; the journal file is the receipt."""
    ABORTED = "aborted"
    """Stopped; `Rotation.ending` says which tokens exist."""
    ATTENTION = "attention"
    """Something changed outside: a person decides. `Rotation.trouble` says what."""


ENDED = frozenset({State.DONE, State.ABORTED})


class Strategy(StrEnum):
    """In which order the new token is created and the old one deleted."""

    OVERLAP = "overlap"
    """Both work for a while."""
    SUSPEND = "overlap+suspend"
    """As overlap, and the old one is switched off for a while before it is deleted."""
    SWAP = "swap"
    """There is one token only: making the new one ends the old one."""
    GUIDED = "guided"
    """No API for tokens: a person creates and deletes them, and says when it is done."""


class Level(IntEnum):
    """What was seen of the new token at work (E0 to E5)."""

    NONE = -1
    E0 = 0
    """The text looks right."""
    E1 = 1
    """Our own request with it was accepted."""
    E2 = 2
    """The IdP's own test passed."""
    E3 = 3
    """A request of the IdP with it was let in: accepted, or refused for what it asked."""
    E4 = 4
    """A write of the IdP with it was accepted."""
    E5 = 5
    """E4, and the old token was silent for a whole cycle."""

    def __str__(self) -> str:
        return "nothing" if self is Level.NONE else self.name


class KnownBy(StrEnum):
    """How something is known."""

    API = "api"
    """The program did it, or read it back."""
    WORD = "word"
    """A person said so."""
    SEEN = "seen"
    """It follows from what was seen in the log."""
    REFUSAL = "refusal"
    """The other side refused it (401)."""
    OUTSIDE = "outside"
    """It happened without us."""


class TestResult(StrEnum):
    """What the IdP's own test said."""

    __test__ = False

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class DeletionReason(StrEnum):
    """Why a token is deleted in the course of a rotation."""

    SLOT = "slot"
    DISCARD = "discard"
    OLD = "old"
