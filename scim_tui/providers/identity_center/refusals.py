"""Turns errors of botocore into errors for people: the missing action, or how to sign in again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from scim_tui.model.errors import (
    NotAllowed,
    NotFound,
    Refused,
    Throttled,
    Unreachable,
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
_BUSY = {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}
_MISSING = {"ResourceNotFoundException"}
_NO_PLAN = "SubscriptionRequiredException"
_MOST = 300


class Denied(NotAllowed):
    """AWS refuses this action to the signed-in user; other features still work."""

    def __init__(self, action: str, words: str = "", request_id: str = "") -> None:
        more = f" {words}" if words else ""
        super().__init__(
            f"AWS does not allow {action}.{more}", POLICY, status=403, request_id=request_id
        )
        self.action = action


class NoPlan(Refused):
    """The account does not have the support plan that this API needs."""


@contextmanager
def translated_errors(action: str, aws_profile: str = "") -> Iterator[None]:
    """Turn what botocore raises into our errors; `action` is the IAM action asked for."""
    from botocore import exceptions  # noqa: PLC0415

    try:
        yield
    except exceptions.ClientError as error:
        raise _refusal(action, error.response, aws_profile) from None
    except (exceptions.SSOError, exceptions.TokenRetrievalError) as error:
        raise _signed_out(aws_profile) from error
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError):
        raise UsageError(
            "There are no credentials for AWS.",
            "Sign in: aws sso login; or name aws_profile in the profile.",
        ) from None
    except exceptions.ProfileNotFound:
        raise UsageError(
            f"The AWS CLI has no profile {aws_profile!r}.", "See: aws configure list-profiles"
        ) from None
    except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
        raise Unreachable(
            f"{action}: AWS gave no answer ({type(error).__name__}).",
            "Check your network; proxies are taken from HTTPS_PROXY.",
        ) from None
    except exceptions.BotoCoreError as error:
        raise UsageError(f"{action}: {_line(str(error))}", "Correct it, then try again.") from None


def _signed_out(aws_profile: str) -> NotAllowed:
    named = f" --profile {aws_profile}" if aws_profile else ""
    return NotAllowed("The SSO login of AWS has ended.", f"Run: aws sso login{named}", status=401)


def _refusal(action: str, answer: Mapping[str, Any], aws_profile: str) -> Refused | NotAllowed:
    code = str(answer.get("Error", {}).get("Code", ""))
    words = _line(str(answer.get("Error", {}).get("Message", "")))
    facts = answer.get("ResponseMetadata", {})
    status, request = int(facts.get("HTTPStatusCode", 400)), str(facts.get("RequestId", ""))
    if code in _DENIED:
        return Denied(action, words, request)
    if code in _STALE:
        return _stale(aws_profile)
    message = f"{action} was refused ({code}). {words}".strip()
    if code in _STRANGE:
        return NotAllowed(message, "AWS does not know these credentials.", status=401)
    if code in _BUSY:
        return Throttled(message, "Wait a moment.", request_id=request)
    if code == _NO_PLAN:
        return NoPlan("AWS Health needs a Business or Enterprise support plan.", status=status)
    kind = NotFound if code in _MISSING else Refused
    return kind(message, "Check the Region and the store.", status=status, request_id=request)


def _stale(aws_profile: str) -> NotAllowed:
    named = f" --profile {aws_profile}" if aws_profile else ""
    return NotAllowed(
        "The credentials for AWS have expired.", f"Sign in again: aws sso login{named}", status=401
    )


def _line(words: str) -> str:
    return " ".join(words.split())[:_MOST]
