"""What `status` reports of one profile."""

from dataclasses import dataclass

from scim_tui.cli.status.codes import code_of
from scim_tui.core.fleet.look import unopened
from scim_tui.core.health.verdict import Judgement
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The verdict on one profile."""

    profile: str
    judgement: Judgement
    expect_off: bool = False

    @property
    def code(self) -> int:
        """The exit code; off is fine where it is expected."""
        return code_of(self.judgement.verdict, expect_off=self.expect_off)

    def differs(self, other: "StatusReport") -> bool:
        """Whether verdict or causes are not the same, whatever the figures are."""
        return _essence(self) != _essence(other)


def _essence(report: StatusReport) -> tuple[Verdict, frozenset[str]]:
    return report.judgement.verdict, frozenset(each.key for each in report.judgement.causes)


def failed(profile: str, error: ScimTuiError) -> StatusReport:
    """The report where the connection could not even be opened."""
    return StatusReport(profile, unopened(error))
