"""Exit codes, the same for every command."""

from enum import IntEnum

from scim_tui.model.errors import (
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    ReadOnly,
    Refused,
    ScimTuiError,
    Unreachable,
    Unsupported,
    UsageError,
)


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    NO = 1
    """The answer is no: a check failed, a finding exists, no user or group has that name."""
    USAGE = 2
    """The request makes no sense, or its confirmation is missing; nothing was done."""
    UNREACHABLE = 3
    """No answer; after a change: it may have been carried out."""
    NOT_ALLOWED = 4
    """The server refuses the caller, or the connection is read-only."""
    REFUSED = 5
    """The server said no, or the provider cannot."""
    BUG = 70
    """A fault of this program (EX_SOFTWARE of sysexits.h)."""
    INTERRUPTED = 130


_CODES: tuple[tuple[type[ScimTuiError], Exit], ...] = (
    (UsageError, Exit.USAGE),
    (Unreachable, Exit.UNREACHABLE),
    (OutcomeUnknown, Exit.UNREACHABLE),
    (NotAllowed, Exit.NOT_ALLOWED),
    (NotFound, Exit.NO),
    (Refused, Exit.REFUSED),
    (Unsupported, Exit.REFUSED),
    (ReadOnly, Exit.NOT_ALLOWED),
)


def exit_code(error: ScimTuiError) -> Exit:
    """The exit code for an error; NO for one without a code of its own."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), Exit.NO)
