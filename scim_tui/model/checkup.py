"""What a look at something found: a verdict, what it rests on, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it is with one thing."""

    OK = "ok"
    WARN = "warn"
    """It works now; look at it before it does not."""
    BAD = "bad"
    UNKNOWN = "unknown"
    """It could not be looked at; never a quiet yes."""
    NONE = "none"
    """There is no such thing here, and none is needed."""

    @property
    def mark(self) -> str:
        """The same in five cells, readable without colour."""
        return _MARKS[self]


_MARKS = {
    Verdict.OK: "[ok]",
    Verdict.WARN: "[ !]",
    Verdict.BAD: "[!!]",
    Verdict.UNKNOWN: "[ ?]",
    Verdict.NONE: "[--]",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Nothing in it is secret."""

    name: str
    verdict: Verdict
    evidence: str
    fix: str = ""
    """What to do, or empty."""

    @property
    def mark(self) -> str:
        """The verdict as it is drawn."""
        return self.verdict.mark

    def data(self) -> dict[str, str]:
        """As JSON."""
        return {
            "name": self.name,
            "verdict": self.verdict.value,
            "mark": self.mark,
            "evidence": self.evidence,
            "fix": self.fix,
        }
