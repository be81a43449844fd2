"""The exit codes of a verdict, those of the monitoring plugins."""

from scim_tui.model.verdict import Verdict

UNKNOWN = 3
_CODES = {Verdict.HEALTHY: 0, Verdict.DEGRADED: 1, Verdict.FAILING: 2, Verdict.UNKNOWN: UNKNOWN}


def code_of(verdict: Verdict, *, expect_off: bool) -> int:
    """The exit code; off is fine where it is expected."""
    if verdict is Verdict.OFF:
        return 0 if expect_off else 1
    return _CODES[verdict]
