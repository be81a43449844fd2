"""The interface that every identity provider implements: install a secret, and show its use.

Values are plain and frozen, so that a screen may import them before its first frame.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from scim_tui.model.capabilities import Capability
from scim_tui.model.unknown_values import UNKNOWN, Moment

if TYPE_CHECKING:
    from pydantic import SecretStr


@dataclass(frozen=True, slots=True, kw_only=True)
class IdpCapabilities:
    """What an IdP can do, each with the reason where it cannot."""

    install: Capability
    test: Capability
    """The IdP's own test of the credentials it holds."""
    trigger: Capability
    """Whether it can be made to send a request now."""
    status: Capability
    events: Capability


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallContext:
    """The names of an installation: only ids and dates, so that it may be passed as an argument."""

    profile: str = ""
    rotation_id: str = ""
    token_id: str = ""
    old_token_id: str = ""


UNNAMED = InstallContext()


@dataclass(frozen=True, slots=True)
class InstallPlan:
    """What `install` would write, and what it would not change."""

    writes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    trouble: str = ""
    """Why it would fail, as far as that can be checked; empty: no obstacle was found."""


class Verified(StrEnum):
    """How it is known that the secret was installed."""

    BY_REREAD = "by_reread"
    BY_TEST = "by_test"
    NOT = "not_verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallResult:
    """How an installation ended; nothing in it holds the secret."""

    verified: Verified
    written: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    words: str = ""
    """One sentence for the receipt."""
    output: str = ""
    """The output of the program, with the secret masked."""
    exit_code: int | None = None


class IdpVerdict(StrEnum):
    """What an IdP's own test found. `INCONCLUSIVE` is never shown as success."""

    OK = "ok"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class IdpTestResult:
    """The result of the IdP's own test of the credentials it holds."""

    verdict: IdpVerdict
    message: str = ""
    at: Moment = UNKNOWN


@dataclass(frozen=True, slots=True)
class TriggerResult:
    """What an IdP was triggered to do."""

    message: str
    at: Moment = UNKNOWN


class SyncState(StrEnum):
    """The state of provisioning, as the IdP reports it."""

    RUNNING = "running"
    IDLE = "idle"
    FAILING = "failing"
    NEVER = "never"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatus:
    """The IdP's own report of its provisioning."""

    state: SyncState = SyncState.UNKNOWN
    last_attempt: Moment = UNKNOWN
    last_success: Moment = UNKNOWN
    installed_at: Moment = UNKNOWN
    """When it received the newest secret."""
    message: str = ""


class EventOutcome(StrEnum):
    """The outcome of one action of an IdP, by its own log."""

    OK = "ok"
    REFUSED = "refused"
    UNAUTHORIZED = "unauthorized"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class IdpEvent:
    """One line of the IdP's own log."""

    at: datetime
    action: str
    outcome: EventOutcome
    message: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence about an IdP, and where it comes from."""

    text: str
    mark: str
    """doc: the vendor's or AWS's documentation; src: source code; inf: inferred."""
    source: str
    copies: str = ""
    """What a person copies at this step: "endpoint", "secret" or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What a person has to know to install a secret by hand, and to see that it works."""

    title: str
    steps: tuple[Fact, ...] = ()
    link: Fact | None = None
    """A deep link; what stands in {braces} is for the person to fill in."""
    test: Fact | None = None
    """The IdP's own test, and its message when the test passes."""
    speaks: tuple[Fact, ...] = ()
    """How to make the IdP send a request now."""
    notes: tuple[Fact, ...] = ()
    slash: Fact | None = None
    """Whether the endpoint is pasted with its last slash."""
    drops_slash: bool = False
    cycle: timedelta | None = None
    """How often it looks for changes by itself; None: it is not known, or on change only."""

    def endpoint(self, endpoint: str) -> str:
        """The endpoint as this IdP expects it."""
        return endpoint.rstrip("/") if self.drops_slash else endpoint


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One line for a person, ready to be shown."""

    text: str
    mark: str = ""
    copies: str = ""
    value: str = field(default="", repr=False)
    """The endpoint where `copies` says so; never a secret."""


class Idp(Protocol):
    """An identity provider that pushes with the secret of an access token.

    Every call raises only `model.errors`; what `capabilities` denies raises `Unsupported` with
    the same reason. No result, error or log holds a secret. `OutcomeUnknown` from `install` says
    that the secret may or may not be there: look again before trying again.
    """

    @property
    def kind(self) -> str:
        """Name used in the config file: manual, command, secretsmanager, ssm, demo."""
        ...

    @property
    def title(self) -> str:
        """Name for people, such as "Okta, by hand"."""
        ...

    @property
    def capabilities(self) -> IdpCapabilities:
        """What can be done here; no network."""
        ...

    @property
    def guide(self) -> Guide:
        """The guide for a person; no network."""
        ...

    def steps(self, endpoint: str) -> tuple[GuideStep, ...]:
        """What a person does, line by line."""
        ...

    async def plan_install(self, endpoint: str, names: InstallContext = ...) -> InstallPlan:
        """What `install` would do; changes nothing."""
        ...

    async def install(
        self, endpoint: str, secret: "SecretStr", names: InstallContext = ...
    ) -> InstallResult:
        """Write the secret to where the IdP reads it. It may be repeated with the same secret."""
        ...

    async def test(self) -> IdpTestResult:
        """Let the IdP test its credentials."""
        ...

    async def trigger(self) -> TriggerResult:
        """Make the IdP send one write now."""
        ...

    async def status(self) -> SyncStatus:
        """Its own report of its provisioning."""
        ...

    async def events(self, since: datetime) -> tuple[IdpEvent, ...]:
        """Its own log since then, oldest first."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


def steps_of(guide: Guide, endpoint: str) -> tuple[GuideStep, ...]:
    """The steps of a guide, with the endpoint as this IdP expects it."""
    value = guide.endpoint(endpoint)
    return tuple(
        GuideStep(fact.text, fact.mark, fact.copies, value if fact.copies == "endpoint" else "")
        for fact in guide.steps
    )
