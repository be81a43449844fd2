"""The signals of the Status screen that say whether provisioning works."""

from collections.abc import AsyncIterator

from scim_tui.core.health.severity import BAD, NOTHING, OK, UNSURE, Signal, SignalId
from scim_tui.core.workspace import Workspace
from scim_tui.model.checkup import Finding, Verdict

_FIXES = {
    SignalId.ENDPOINT_PROBE: "Is the service running (scim-tui serve), and is it let through?",
    SignalId.TOKEN_EXPIRY: "Make a new token, install it in the IdP, delete the old one.",
    SignalId.SIGN_IN_FAILURES: "A wrong or deleted token is in use: scim-tui activity --failures",
    SignalId.REFUSED: "scim-tui activity --failures",
    SignalId.AUDIT_TRAIL: "Keep a copy of the file, then find out who changed it.",
}
_OF_CLIENTS = frozenset({SignalId.SIGN_IN_FAILURES, SignalId.REFUSED})
"""Signals about wrong requests of clients; the connection itself works."""
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
        if row.id in _FIXES:
            yield _finding(row)


def _finding(row: Signal) -> Finding:
    """The finding of one signal; an expiry that is far away is fine."""
    verdict = _VERDICTS.get(row.mark, Verdict.OK)
    if verdict is Verdict.BAD and row.id in _OF_CLIENTS:
        verdict = Verdict.WARN
    troubled = verdict in {Verdict.BAD, Verdict.WARN}
    return Finding(row.label, verdict, row.detail, _FIXES[row.id] if troubled else "")
