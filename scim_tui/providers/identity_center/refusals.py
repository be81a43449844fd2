"""Turns errors of botocore into errors for people: the missing action, or how to sign in again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from scim_tui.config.aws_sign_in import NoSignIn, SignedOut, sign_in_error, signed_out
from scim_tui.model.errors import (
    NotAllowed,
    NotFound,
    Refused,
    ScimTuiError,
    Throttled,
    Unreachable,
    Unreadable,
    UsageError,
)

POLICY = "scim-tui doctor --iam-policy prints what is needed."
_DENIED = {"AccessDeniedException", "AccessDenied", "UnauthorizedOperation"}
_STALE = {"ExpiredTokenException", "ExpiredToken", "RequestExpired"}
_STRANGE = {
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "IncompleteSignature",
    "SignatureDoesNotMatch",
}
_BUSY = {
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttling",
    "ThrottledException",
    "ThrottlingException",
    "TooManyRequestsException",
}
_KMS = {
    "KMS_ACCESS_DENIED": "the caller may not use it",
    "KMS_DISABLED": "it is disabled",
    "KMS_INVALID_ARN": "its ARN is not valid",
    "KMS_INVALID_KEY_USAGE": "it is not a key for encryption",
    "KMS_INVALID_STATE": "its state does not allow its use",
    "KMS_KEY_NOT_FOUND": "it does not exist any more",
}
"""Members `Reason` of the errors of identitystore and sso-admin (service models)."""
_SKEWED = {"RequestTimeTooSkewed", "RequestInTheFuture"}
_SKEW_WORDS = ("Signature not yet current", "Signature expired")
"""How AWS begins the message when the clock is off, under the code of a wrong signature."""
_MISSING = {"ResourceNotFoundException"}
_NO_PLAN = "SubscriptionRequiredException"
_SIGN_IN = {"AssumeRole", "AssumeRoleWithWebIdentity", "CreateToken", "GetRoleCredentials"}
"""Operations that get credentials: botocore carries them out on the way to another one."""
_MOST = 300


class Denied(NotAllowed):
    """AWS refuses this action to the signed-in user; other features still work."""

    def __init__(self, action: str, words: str = "", request_id: str = "") -> None:
        more = f" {words}" if words else ""
        super().__init__(
            f"AWS does not allow {action}.{more}", POLICY, status=403, request_id=request_id
        )
        self.action = action


class KeyDenied(Denied):
    """The store is encrypted with a key of the customer that the caller cannot use now."""

    def __init__(self, action: str, reason: str, words: str, request_id: str) -> None:
        super().__init__("kms:Decrypt", words, request_id)
        why = _KMS.get(reason, f"KMS refused it ({reason})")
        self.message = f"{action}: the identity store has a key of its own in KMS, and {why}."
        self.hint = (
            "Allow kms:Decrypt in the role and in the policy of the key: "
            "scim-tui doctor --iam-policy kms"
            if reason == "KMS_ACCESS_DENIED"
            else "Mend the key in KMS, or ask its owner; the instance names it."
        )


class NoPlan(Refused):
    """The account does not have the support plan that this API needs."""


class NoEndpoint(Refused):
    """The service has no endpoint of the kind that the profile asks for."""


@contextmanager
def translated_errors(action: str, aws_profile: str = "") -> Iterator[None]:
    """Turn what botocore raises into our errors; `action` is the IAM action asked for.

    Anything else that goes wrong while an answer is read makes it unreadable: a flipped byte ends
    in errors of the JSON reader, of its decompression, or of the shapes.
    """
    from botocore import exceptions  # noqa: PLC0415

    try:
        yield
    except ScimTuiError:
        raise
    except exceptions.ClientError as error:
        operation = error.operation_name
        if operation in _SIGN_IN and not action.endswith(f":{operation}"):
            raise _not_signed_in(operation, error.response, aws_profile) from None
        raise _refusal(action, error.response, aws_profile) from None
    except Exception as error:
        raise _failure(action, error, aws_profile) from None


def _failure(action: str, error: Exception, aws_profile: str) -> ScimTuiError:
    """An error that is no answer of AWS."""
    from botocore import exceptions  # noqa: PLC0415

    if (found := sign_in_error(error, aws_profile)) is not None:
        return found
    name = type(error).__name__
    if isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError | OSError):
        return Unreachable(
            f"{action}: AWS gave no answer ({name}).",
            "Check your network; proxies are taken from HTTPS_PROXY.",
        )
    broken = isinstance(error, exceptions.IncompleteReadError | exceptions.ChecksumError)
    if isinstance(error, exceptions.BotoCoreError) and not broken:
        return UsageError(f"{action}: {_line(str(error))}", "Correct it, then try again.")
    return unreadable(action, name)


def unreadable(action: str, what: str) -> Unreadable:
    """An answer that was not understood, so that nothing may be concluded from it."""
    return Unreadable(
        f"{action}: the answer of AWS cannot be read ({what}), so nothing is concluded from it.",
        "Try again; if it stays so, look for what changes answers on the way, such as a proxy.",
    )


def _not_signed_in(
    operation: str, answer: Mapping[str, Any], aws_profile: str
) -> NoSignIn | SignedOut | Throttled | Unreachable:
    """The credentials could not be had, whatever was to be asked with them."""
    code, words = _code(answer), _message(answer)
    if _status(answer) >= 500:
        return Unreachable(f"{operation}, to sign in: AWS failed ({code}).", "Try again soon.")
    if code in _BUSY:
        return Throttled(f"{operation}, to sign in, was refused ({code}).", "Wait a moment.")
    if code in _STALE or code in {"InvalidGrantException", "UnauthorizedException"}:
        return signed_out(aws_profile)
    role = "Check role_arn and its trust policy, and the permissions of the profile."
    return NoSignIn(f"Signing in to AWS ended at {operation} ({code}). {words}".strip(), role)


def _refusal(
    action: str, answer: Mapping[str, Any], aws_profile: str
) -> Refused | NotAllowed | UsageError:
    code, words = _code(answer), _message(answer)
    request = _request_id(answer)
    message = f"{action} was refused ({code}). {words}".strip()
    if code in _SKEWED or words.startswith(_SKEW_WORDS):
        hint = "The clock of this machine is off: set it, then try again."
        return UsageError(message, hint)
    if (reason := str(answer.get("Reason", ""))) in _KMS:
        return KeyDenied(action, reason, words, request)
    if code in _DENIED:
        return Denied(action, words, request)
    if code in _STALE | _STRANGE:
        hint = "AWS does not know these credentials."
        stale = code in _STALE
        return signed_out(aws_profile) if stale else SignedOut(message, hint, status=401)
    if code in _BUSY or _status(answer) == 429:
        wait = _seconds(answer)
        return Throttled(message, "Wait a moment.", retry_after=wait, request_id=request)
    return _failed_or_refused(action, answer, message)


def _failed_or_refused(action: str, answer: Mapping[str, Any], message: str) -> Refused:
    """An answer that says nothing of the caller."""
    code, words = _code(answer), _message(answer)
    status, request = _status(answer), _request_id(answer)
    if status >= 500:
        failed = f"{action}: AWS failed ({code or status}). {words}".strip()
        hint = "It is asked again soon; AWS shows its state at health.aws.amazon.com."
        return Refused(failed, hint, status=status, request_id=request)
    if code == _NO_PLAN:
        return NoPlan("AWS Health needs a Business or Enterprise support plan.", status=status)
    kind = NotFound if code in _MISSING else Refused
    return kind(message, "Check the Region and the store.", status=status, request_id=request)


def _code(answer: Mapping[str, Any]) -> str:
    return str(answer.get("Error", {}).get("Code", ""))


def _status(answer: Mapping[str, Any]) -> int:
    return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 400))


def _request_id(answer: Mapping[str, Any]) -> str:
    return str(answer.get("ResponseMetadata", {}).get("RequestId", ""))


def _message(answer: Mapping[str, Any]) -> str:
    return _line(str(answer.get("Error", {}).get("Message", "")))


def _seconds(answer: Mapping[str, Any]) -> float:
    """How long AWS asks to wait (RetryAfterSeconds of its service models); else a second."""
    found = answer.get("RetryAfterSeconds")
    return float(found) if isinstance(found, int) and found > 0 else 1.0


def _line(words: str) -> str:
    return " ".join(words.split())[:_MOST]
