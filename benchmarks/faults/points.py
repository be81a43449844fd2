"""The places where a process can die: before and after each thing that others can see."""

from dataclasses import dataclass

from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.rotation.journal import Journal
from scim_tui.model.activity import AuditEntry, Phase
from scim_tui.model.rotation.rotation import Rotation


class Killed(BaseException):
    """SIGKILL: nothing of this process runs after it."""


@dataclass
class Points:
    """Counts the places, and dies at the chosen ones."""

    kill_at: frozenset[int] = frozenset()
    passed: int = 0

    def here(self) -> None:
        """One more place."""
        self.passed += 1
        if self.passed - 1 in self.kill_at:
            self.die()

    def die(self) -> None:
        raise Killed


class PointedJournal(Journal):
    """A journal in which a process can die before and after each write."""

    points: Points = Points()

    def save(self, rotation: Rotation) -> None:
        self.points.here()
        super().save(rotation)
        self.points.here()


class PointedTrail(AuditTrail):
    """The same for the audit trail."""

    points: Points = Points()

    def write_now(self, action: str, target: str, phase: Phase, detail: str = "") -> AuditEntry:
        self.points.here()
        entry = super().write_now(action, target, phase, detail)
        self.points.here()
        return entry
