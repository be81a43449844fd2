"""Refusals of the service: status, public detail, and the reason that is stored in the event.

The public texts are those that IAM Identity Center was seen to answer. The reasons say more, as its
CloudTrail messages do. Neither contains a personal value.
"""

from collections.abc import Iterable
from datetime import datetime

import orjson

from scim_tui.model.violations import Violation

ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"
CATCH_ALL = "Request is unparsable, syntactically incorrect, or violates schema."
_OWN_WORDS = frozenset({"patch.singleAttribute", "members.replace"})
"""Rules whose message is also the public detail."""
_STATUS = {
    "resource.unknown": 404,
    "route.unknown": 404,
    "put.group": 405,
    "token.unauthorized": 401,
    "rate.exceeded": 429,
}
_DETAIL = {
    400: CATCH_ALL,
    401: "Request is not authorized: the access token or the tenant is not valid.",
    404: "The resource or the endpoint does not exist.",
    405: "The operation is not supported.",
    409: "Refused to create a new, duplicate resource.",
    429: "Too many requests.",
    500: "The service failed to carry out the request.",
    503: "The service cannot store anything now.",
    507: "The service has no room to store anything.",
}
_MOST_IN_MESSAGE = 5


class Refusal(Exception):
    """A request that is refused. `detail` is public, `message` is for the event."""

    def __init__(
        self, status: int, code: str, message: str, holder: str = "", wait: int = 1
    ) -> None:
        super().__init__(message)
        self.status = status
        self.wait = wait
        """For 429: the seconds after which the client may try again."""
        self.code = code
        """Name of the rule in `model.constraints`, or empty."""
        self.message = message
        self.holder = holder
        """Id of the user who has the value that is taken, for the event; empty: not known."""
        own = code in _OWN_WORDS or code.startswith("storage.")
        self.detail = message if own else _DETAIL[status]


def refuse(code: str, path: str = "", holder: str = "") -> Refusal:
    """The refusal for one rule. `path` must be a known attribute, never text of the request."""
    status = _STATUS.get(code, 409 if code.endswith(".unique") else 400)
    return Refusal(status, code, Violation(code, path).message, holder)


def slow_down(wait: int) -> Refusal:
    """The refusal of a wrong token from an address that sent too many of them."""
    message = Violation("token.unauthorized", "").message.removesuffix(".")
    words = f"{message}; answered 429, since this address sent too many wrong tokens"
    return Refusal(429, "token.unauthorized", words, wait=wait)


def check(violations: Iterable[Violation]) -> None:
    """Raise one refusal for all violations, with the code of the first; none: return."""
    found = list(violations)
    if found:
        raise Refusal(400, found[0].code, _message(found))


def _message(found: list[Violation]) -> str:
    texts = [violation.message for violation in found]
    if not texts[0].startswith("Value at "):
        return texts[0]
    values = [text for text in texts if text.startswith("Value at ")]
    errors = "error" if len(values) == 1 else "errors"
    listed = "; ".join(values[:_MOST_IN_MESSAGE])
    return f"{len(values)} validation {errors} detected: {listed}"


def failure() -> Refusal:
    """The refusal for a fault of the service itself."""
    return Refusal(500, "", _DETAIL[500])


def error_body(refusal: Refusal, request_id: str, at: datetime) -> bytes:
    """The error as IAM Identity Center sends it: `schemas` and `schema`, a time without zone."""
    return orjson.dumps(
        {
            "schema": [ERROR_SCHEMA],
            "schemas": [ERROR_SCHEMA],
            "detail": refusal.detail,
            "status": str(refusal.status),
            "exceptionRequestId": request_id,
            "timeStamp": at.strftime("%Y-%m-%d %H:%M:%S.") + f"{at.microsecond // 1000:03}",
        }
    )
