"""What the verdict of an IdP's own test counts as in a rotation."""

from scim_tui.idps.port import IdpVerdict
from scim_tui.model.rotation.rotation import TestResult

RESULT_OF = {
    IdpVerdict.OK: TestResult.PASSED,
    IdpVerdict.REJECTED: TestResult.FAILED,
    IdpVerdict.UNREACHABLE: TestResult.FAILED,
    IdpVerdict.INCONCLUSIVE: TestResult.SKIPPED,
}
