"""Whether provisioning works: one verdict, made of readings that were each observed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from scim_tui.model.verdict import Verdict


class SignalName(StrEnum):
    """What a verdict is made of."""

    ENABLED = auto()
    TOKEN_WORKS = auto()
    TOKEN_END = auto()
    TOKEN_SLOTS = auto()
    REACHABLE = auto()
    ACCEPTED = auto()
    """Whether the IdP's requests are let in."""
    RHYTHM = auto()
    """Whether the IdP sends requests as often as it usually does."""
    REFUSED = auto()
    """How many people are refused, beside a usual day."""
    REFUSED_AGAIN = auto()
    """People who are refused again and again."""
    NEW_REFUSAL = auto()
    """A reason that never refused anybody before today."""
    THROTTLED = auto()
    SIGN_IN_FAILURES = auto()
    MASS_CHANGE = auto()
    CLOCK = auto()
    AUDIT_TRAIL = auto()
    PRODUCT = auto()


class Level(StrEnum):
    """What one reading says."""

    FINE = auto()
    NOTE = auto()
    """Worth a line, and no reason to act."""
    DEGRADED = auto()
    FAILING = auto()
    OFF = auto()
    UNKNOWN = auto()
    """It could not be observed this time."""
    NOT_OFFERED = auto()
    """It can never be observed with this provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One signal: what was observed, when, against what, and what to do."""

    name: SignalName
    level: Level
    reason: str
    """What was observed, as a sentence without a full stop."""
    value: int | float | str | None = None
    """The figure or instant that was judged; None: none was observed."""
    threshold: str = ""
    """What it was judged against; empty where there is no such thing."""
    observed_at: datetime | None = None
    next_step: str = ""
    """What to do, as a sentence; empty where there is nothing to do."""
    cause: str = ""
    """What distinguishes it from another reading of that name, such as the id of a rule."""

    @property
    def key(self) -> str:
        """Identifies the cause, so that it is reported once."""
        return f"{self.name}:{self.cause}" if self.cause else self.name


ALARMS = (Level.FAILING, Level.DEGRADED)
_GRAVEST_FIRST = (
    Level.FAILING,
    Level.DEGRADED,
    Level.OFF,
    Level.UNKNOWN,
    Level.NOTE,
    Level.NOT_OFFERED,
    Level.FINE,
)
NEEDED = frozenset({SignalName.ENABLED, SignalName.TOKEN_WORKS, SignalName.REACHABLE})
"""Without these no verdict is given; another reading that is unknown is only said."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict and its readings, gravest first."""

    verdict: Verdict
    readings: tuple[Reading, ...]
    at: datetime

    @property
    def causes(self) -> tuple[Reading, ...]:
        """The readings that made the verdict; none when it is healthy."""
        level = _LEVEL_OF.get(self.verdict)
        alarms = tuple(each for each in self.readings if each.level in ALARMS)
        if self.verdict in {Verdict.OFF, Verdict.UNKNOWN}:
            return tuple(each for each in self.readings if each.level is level)
        return alarms

    @property
    def reason(self) -> str:
        """The gravest cause in a sentence."""
        causes = self.causes
        return causes[0].reason if causes else "everything that can be observed is fine"

    @property
    def next_step(self) -> str:
        """What to do first; empty when there is nothing to do."""
        return next((each.next_step for each in self.causes if each.next_step), "")


_LEVEL_OF = {Verdict.OFF: Level.OFF, Verdict.UNKNOWN: Level.UNKNOWN}


def fold(readings: Iterable[Reading], at: datetime) -> Judgement:
    """The verdict of these readings.

    Off wins, since nothing is applied then. Failing and degraded are said although something else
    is unknown, as they were observed. Healthy needs every reading of `NEEDED`.
    """
    found = tuple(sorted(readings, key=lambda each: _GRAVEST_FIRST.index(each.level)))
    levels = {each.level for each in found}
    blind = any(each.level is Level.UNKNOWN and each.name in NEEDED for each in found)
    if Level.OFF in levels:
        verdict = Verdict.OFF
    elif Level.FAILING in levels:
        verdict = Verdict.FAILING
    elif blind:
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.DEGRADED if Level.DEGRADED in levels else Verdict.HEALTHY
    return Judgement(verdict, found, at)
