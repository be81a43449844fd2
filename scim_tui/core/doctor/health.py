"""The signals of the Status screen, as far as they say whether provisioning works."""

from collections.abc import AsyncIterator

from scim_tui.core.health.severity import BAD, NOTHING, OK, UNSURE, Signal
from scim_tui.core.health.signals import SIGN_IN_FAILURES
from scim_tui.core.workspace import Workspace
from scim_tui.model.checkup import Finding, Verdict

_FIXES = {
    "Endpoint probe": "Is the service running (scim-tui serve), and is it let through?",
    "Token expiry": "Make a new token, install it in the IdP, delete the old one.",
    SIGN_IN_FAILURES: "A wrong or deleted token is in use: scim-tui activity --failures",
    "Refused objects": "scim-tui activity --failures",
    "Audit trail": "Keep a copy of the file, then find out who changed it.",
}
_OF_THE_IDP = frozenset({SIGN_IN_FAILURES, "Refused objects"})
"""What others do or did here; the connection works in spite of it."""
_VERDICTS = {
    OK: Verdict.OK,
    UNSURE: Verdict.UNKNOWN,
    NOTHING: Verdict.NONE,
    BAD: Verdict.BAD,
    "[EXP]": Verdict.BAD,
    "[ 7]": Verdict.BAD,
    "[30]": Verdict.WARN,
}


async def health(space: Workspace) -> AsyncIterator[Finding]:
    """Whether provisioning is on, and the signals."""
    snapshot = await space.health.take()
    yield Finding("Provisioning", Verdict.OK, str(snapshot.status.state))
    for row in space.health.signals(snapshot):
        if row.name in _FIXES:
            yield _finding(row)


def _finding(row: Signal) -> Finding:
    """A band of expiry that is far away is fine."""
    verdict = _VERDICTS.get(row.mark, Verdict.OK)
    if verdict is Verdict.BAD and row.name in _OF_THE_IDP:
        verdict = Verdict.WARN
    troubled = verdict in {Verdict.BAD, Verdict.WARN}
    return Finding(row.name, verdict, row.detail, _FIXES[row.name] if troubled else "")
