"""The result of one check: a verdict, its evidence, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The result of one check."""

    OK = "ok"
    WARN = "warn"
    """It works now, and will fail if nothing is done."""
    BAD = "bad"
    UNKNOWN = "unknown"
    """It could not be checked; never shown as ok."""
    NONE = "none"
    """It does not exist here, and is not needed."""

    @property
    def mark(self) -> str:
        """The verdict in five cells, readable without colour."""
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
    """One check and its result. Nothing in it is secret."""

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
