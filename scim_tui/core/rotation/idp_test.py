"""What the verdict of an IdP's own test counts as in a rotation."""

from scim_tui.idps.port import Verdict
from scim_tui.model.rotation.rotation import TestResult

RESULT_OF = {
    Verdict.OK: TestResult.PASSED,
    Verdict.REJECTED: TestResult.FAILED,
    Verdict.UNREACHABLE: TestResult.FAILED,
    Verdict.INCONCLUSIVE: TestResult.SKIPPED,
}
