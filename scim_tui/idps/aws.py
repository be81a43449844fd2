"""Shared by both AWS stores: opening a client, errors, and changing one JSON key."""

import hmac
import importlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from scim_tui.config.aws_sign_in import NoSdk, SignedOut, sign_in_error, silence_libraries
from scim_tui.idps.guides import guide
from scim_tui.idps.masking import masked
from scim_tui.idps.port import Guide, IdpCapabilities
from scim_tui.model.capabilities import YES, Capability, Support, no
from scim_tui.model.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Refused,
    ScimTuiError,
    Throttled,
    Unreachable,
    Unreadable,
    UsageError,
)

if TYPE_CHECKING:
    from types import ModuleType

TRIES = 3
CONNECT_SECONDS, READ_SECONDS = 5, 20
_DENIED = {
    "AccessDeniedException",
    "AccessDenied",
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "IncompleteSignature",
    "InvalidClientTokenId",
}
_STALE = {"ExpiredTokenException", "ExpiredToken", "RequestExpired"}
_MISSING = {"ResourceNotFoundException", "ParameterNotFound", "ParameterVersionNotFound"}
_BUSY = {
    "LimitExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TooManyUpdates",
}
_PROGRAMS = (("ssosync", "ssosync"), ("idpscim", "idp-scim-sync"))
"""How the programs that read such a store name their secrets (their template.yaml)."""


def open_client(service: str, where: str, *, tries: int = TRIES) -> Any:  # noqa: ANN401
    """A client for the Region of an ARN, else for the default Region.

    Raises `Unsupported` when boto3 is not installed, `UsageError` when the AWS configuration is
    invalid.
    """
    boto3 = _boto3()
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    silence_libraries()
    parts = where.split(":")
    region = parts[3] if where.startswith("arn:") and len(parts) > 5 else None
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": tries},
    )
    try:
        return boto3.session.Session().client(service, region_name=region or None, config=config)
    except BotoCoreError as error:
        if (found := sign_in_error(error, _aws_profile())) is not None:
            raise found from None
        raise UsageError(
            f"AWS cannot be asked: {error}", "Set AWS_PROFILE and AWS_REGION, or name a whole ARN."
        ) from None


def _boto3() -> "ModuleType":
    try:
        return importlib.import_module("boto3")
    except ImportError:
        raise NoSdk(
            "The SDK of AWS is not installed with scim-tui.",
            "pip install 'scim-tui[aws]', or use command: with the aws command.",
        ) from None


@contextmanager
def translated_errors(
    what: str, secret: SecretStr | None = None, *, changes: bool = False
) -> Iterator[None]:
    """Turn what botocore raises into our errors, without the secret.

    A change that was sent but not answered raises `OutcomeUnknown`.
    """
    from botocore import exceptions  # noqa: PLC0415

    try:
        yield
    except exceptions.ClientError as error:
        if changes and _broken(error.response):
            raise OutcomeUnknown(f"{what}: AWS failed.", _code(error.response)) from None
        raise _refusal(what, error.response, secret) from None
    except ScimTuiError:
        raise
    except Exception as error:
        raise _failure(what, error, secret, changes=changes) from None


def _failure(
    what: str, error: Exception, secret: SecretStr | None, *, changes: bool
) -> ScimTuiError:
    """An error that is no answer of AWS, or one whose bytes were changed on the way."""
    from botocore import exceptions  # noqa: PLC0415

    if (found := sign_in_error(error, _aws_profile())) is not None:
        return found
    name = type(error).__name__
    if isinstance(error, exceptions.EndpointConnectionError | exceptions.ConnectTimeoutError):
        return Unreachable(f"{what}: AWS cannot be reached.", name)
    if isinstance(error, exceptions.HTTPClientError | OSError):
        kind = OutcomeUnknown if changes else Unreachable
        return kind(f"{what}: AWS gave no answer.", name)
    broken = isinstance(error, exceptions.IncompleteReadError | exceptions.ChecksumError)
    if isinstance(error, exceptions.BotoCoreError) and not broken:
        words = str(error) if secret is None else masked(str(error), secret)
        return UsageError(f"{what}: {words}", "Correct it, then try again.")
    if changes:
        return OutcomeUnknown(f"{what}: the answer of AWS cannot be read.", name)
    return Unreadable(f"{what}: the answer of AWS cannot be read ({name}).", "Try again.")


def _aws_profile() -> str:
    """The profile of the AWS CLI that the SDK signs in with here."""
    return os.environ.get("AWS_PROFILE", "")


def _refusal(
    what: str, answer: Mapping[str, Any], secret: SecretStr | None
) -> Refused | NotAllowed:
    code = _code(answer)
    words = str(answer.get("Error", {}).get("Message", ""))
    words = words if secret is None else masked(words, secret)
    facts = answer.get("ResponseMetadata", {})
    status, request = int(facts.get("HTTPStatusCode", 400)), str(facts.get("RequestId", ""))
    message = f"{what}: AWS refused ({code}). {words}".strip()
    if code in _STALE:
        words = f"{what}: the credentials for AWS have expired."
        return SignedOut(words, "Sign in again: aws sso login, or aws login.", status=401)
    if code in _DENIED:
        return NotAllowed(message, "Sign in with a role that may do it.", status=403)
    if code in _MISSING:
        return NotFound(message, "Check the name and the Region.", status=404, request_id=request)
    if code in _BUSY:
        return Throttled(message, "Wait a moment.", request_id=request)
    if status >= 500:
        words = f"{what}: AWS failed ({code or status})."
        return Refused(words, "Try again in a moment.", status=status, request_id=request)
    return Refused(message, status=status, request_id=request)


def _code(answer: Mapping[str, Any]) -> str:
    return str(answer.get("Error", {}).get("Code", ""))


def _broken(answer: Mapping[str, Any]) -> bool:
    return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)) >= 500


def merged(what: str, before: str, key: str, secret: SecretStr) -> str:
    """The new content: the secret alone, or the previous JSON object with one key replaced.

    Raises `Conflict` if that would lose existing content.
    """
    fields = _object(before)
    if not key:
        if fields is not None:
            raise Conflict(
                f"{what} holds JSON with the keys {_listed(fields)}; it was not replaced.",
                f"Name the key of the token: {what}#KEY.",
                status=409,
            )
        return secret.get_secret_value()
    if fields is None:
        raise Conflict(
            f"{what} holds no JSON object, so it has no key {key!r}; it was not changed.",
            "Leave out # and the key.",
            status=409,
        )
    if key not in fields:
        raise Conflict(
            f"{what} has no key {key!r}, only {_listed(fields)}; it was not changed.",
            "Correct the key, or make it in AWS first.",
            status=409,
        )
    return json.dumps(fields | {key: secret.get_secret_value()}, ensure_ascii=False)


def kept_keys(before: str, key: str) -> tuple[str, ...]:
    """The names of the keys that a change does not touch."""
    return tuple(sorted((_object(before) or {}).keys() - {key})) if key else ()


def same(one: str, other: str) -> bool:
    """Whether two contents are equal, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _listed(fields: Mapping[str, object]) -> str:
    return ", ".join(sorted(fields)) or "none"


def _object(text: str) -> dict[str, object] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def guide_for(name: str, title: str) -> Guide:
    """The guide of the program that reads a secret of this name, guessed from the name."""
    for part, program in _PROGRAMS:
        if part in name.lower():
            return guide(program)
    return Guide(title=title)


def capabilities(store: str) -> IdpCapabilities:
    """The capabilities of a store: it keeps the secret, and does not know what reads it."""
    silent = no(f"{store} only keeps the secret; it knows nothing of who uses it.")
    return IdpCapabilities(
        install=YES,
        test=silent,
        trigger=Capability(Support.GUIDED, "Start the program that reads the secret."),
        status=silent,
        events=silent,
    )
