"""Rotations at a chosen step, without a provider."""

from datetime import datetime, timedelta

from scim_tui.model.activity import Event
from scim_tui.model.base import Words
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.create import Checked, CreateOk, CreateSent, begin
from scim_tui.model.rotation.deliver import DeliverEnded, DeliverSent, ProbeAnswered, ProbeSent
from scim_tui.model.rotation.guards import RotationEvent
from scim_tui.model.rotation.proof import Observation
from scim_tui.model.rotation.rotation import Fingerprint, Policy, Rotation, Strategy
from scim_tui.model.rotation.states import KnownBy, TestResult
from scim_tui.model.rotation.transitions import apply
from scim_tui.model.rotation.watch import IdpTested, Installed, Looked
from scim_tui.model.unknown_values import UNKNOWN, Moment
from tests.fakes.sample import START

NONCE = "5c1e5c1e"
OWN = f"scim-tui/1.0 (rotation; nonce {NONCE})"
IDP = "Okta SCIM Client 1.0.0"
SAME_CLOCK = timedelta()
PRINT = Fingerprint(salt="s", digest="d" * 64, length=43)
OLD = AccessToken(
    id="old",
    created_at=START - timedelta(days=300),
    expires_at=START + timedelta(days=65),
    last_used_at=START - timedelta(minutes=6),
    requests=100,
    last_client=IDP,
)
NEW = AccessToken(id="new", created_at=START, expires_at=START + timedelta(days=365), requests=0)
BOTH = (OLD, NEW)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def after(rotation: Rotation, *happened: RotationEvent) -> Rotation:
    for each in happened:
        rotation = apply(rotation, each)
    return rotation


def started(strategy: Strategy = Strategy.OVERLAP, policy: Policy | None = None) -> Rotation:
    return begin(
        id="rot-0001",
        profile="lab",
        strategy=strategy,
        old=OLD,
        policy=policy or Policy(),
        at=START,
        by="ana",
        nonce=NONCE,
    )


def holding(policy: Policy | None = None) -> Rotation:
    return after(
        started(policy=policy),
        Checked(START, (), (OLD,), 2, cursor=0, skew=SAME_CLOCK),
        CreateSent(START, (OLD,), 2),
        CreateOk(START, NEW, PRINT),
    )


def delivered(policy: Policy | None = None) -> Rotation:
    return after(
        holding(policy),
        ProbeSent(START),
        ProbeAnswered(START, True, 200),
        DeliverSent(START, "file"),
        DeliverEnded(START, True, "written"),
    )


def watching(policy: Policy | None = None) -> Rotation:
    return after(
        delivered(policy),
        Installed(at(1), KnownBy.WORD),
        IdpTested(at(1), TestResult.SKIPPED, KnownBy.WORD),
        look(at(1)),
    )


def proven(policy: Policy | None = None) -> Rotation:
    return after(watching(policy), look(at(45), event(1, at(30))))


def event(
    number: int,
    when: datetime,
    token: Words = "new",
    operation: str = "PatchUser",
    client: Words = IDP,
    status: int = 200,
) -> Event:
    return Event(
        id=number, at=when, operation=operation, status=status, token_id=token, client=client
    )


def look(when: datetime, *events: Event, tokens: tuple[AccessToken, ...] | None = BOTH) -> Looked:
    return Looked(Observation(when, tokens, tuple(reversed(events)), skew=SAME_CLOCK))


def used(token: AccessToken, when: Moment, requests: int | None, client: Words) -> AccessToken:
    known = UNKNOWN if requests is None else requests
    changes = {"last_used_at": when, "requests": known, "last_client": client}
    return token.model_copy(update=changes)
