"""Errors for people: a sentence that says what happened, to what, and a hint what to do next.

ScimTuiError
 +- UsageError           the request makes no sense as it stands      exit 2
 |   +- ConfirmationMissing  the typed word is missing or wrong
 +- Unreachable          no answer: DNS, refused, reset, timeout      exit 3
 +- NotAllowed           401, 403                                     exit 4
 +- Refused              the service said no                          exit 5
 |   +- NotFound         404                                      exit 1
 |   +- Conflict         409
 |   +- Throttled        429
 |   +- Unreadable       the answer is not what the protocol promises
 |       +- Incomplete   a listing ended, and rows are missing
 +- Unsupported          this provider cannot do it, with the reason  exit 5
 +- ReadOnly             the profile is open read-only                exit 4
 +- OutcomeUnknown       sent, no answer: it may have happened        exit 3
"""


class ScimTuiError(Exception):
    """The base of all errors that a person can act on."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        """What happened, to what. One sentence."""
        self.hint = hint
        """What to do next, or empty."""

    @property
    def sentence(self) -> str:
        """The message, and the hint after it where there is one: for a single line."""
        return f"{self.message} {self.hint}".strip()


class UsageError(ScimTuiError):
    """The request makes no sense as it stands; nothing was done."""


class ConfirmationMissing(UsageError):
    """A change that destroys something lacks its typed word; nothing was done."""


class Unreachable(ScimTuiError):
    """No answer came: name not found, connection refused or reset, or too slow."""


class NotAllowed(ScimTuiError):
    """The server refuses the caller: 401 or 403."""

    def __init__(
        self, message: str, hint: str = "", *, status: int = 401, request_id: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.request_id = request_id


class Refused(ScimTuiError):
    """The server refused the request. Carries its message and request id, for a ticket."""

    def __init__(
        self, message: str, hint: str = "", *, status: int = 400, request_id: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.request_id = request_id


class NotFound(Refused):
    """The thing named does not exist: 404."""


class Conflict(Refused):
    """The thing exists already, or the order of steps is wrong: 409."""


class Throttled(Refused):
    """Too many requests: 429. `retry_after` is in seconds."""

    def __init__(
        self, message: str, hint: str = "", *, retry_after: float = 1.0, request_id: str = ""
    ) -> None:
        super().__init__(message, hint, status=429, request_id=request_id)
        self.retry_after = retry_after


class Unreadable(Refused):
    """The answer is not SCIM: HTML, broken JSON, or a shape the protocol forbids."""


class Incomplete(Unreadable):
    """A listing ended although rows are missing; what came is right, and can be shown."""


class Unsupported(ScimTuiError):
    """This provider cannot do that; the message is its reason."""


class ReadOnly(ScimTuiError):
    """The connection is open read-only, so the change was not made."""


class OutcomeUnknown(ScimTuiError):
    """The request was sent and no answer came, so it may or may not have been carried out."""
