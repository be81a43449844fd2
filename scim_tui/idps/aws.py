"""Shared by both AWS stores: opening a client, errors, and changing one JSON key."""

import hmac
import importlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

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
    Throttled,
    Unreachable,
    Unsupported,
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
    "ExpiredTokenException",
    "InvalidSignatureException",
    "IncompleteSignature",
    "InvalidClientTokenId",
}
_MISSING = {"ResourceNotFoundException", "ParameterNotFound", "ParameterVersionNotFound"}
_BUSY = {"ThrottlingException", "Throttling", "TooManyUpdates", "LimitExceededException"}
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

    # At DEBUG these would log the body of each request.
    for name in ("botocore", "boto3", "urllib3"):
        logging.getLogger(name).setLevel(logging.INFO)
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
        raise UsageError(
            f"AWS cannot be asked: {error}", "Set AWS_PROFILE and AWS_REGION, or name a whole ARN."
        ) from None


def _boto3() -> "ModuleType":
    try:
        return importlib.import_module("boto3")
    except ImportError:
        raise Unsupported(
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
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError):
        raise UsageError(
            "There are no credentials for AWS.", "Sign in: aws sso login; or set AWS_PROFILE."
        ) from None
    except (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError) as error:
        raise Unreachable(f"{what}: AWS cannot be reached.", type(error).__name__) from None
    except exceptions.HTTPClientError as error:
        kind = OutcomeUnknown if changes else Unreachable
        raise kind(f"{what}: AWS gave no answer.", type(error).__name__) from None
    except exceptions.BotoCoreError as error:
        words = str(error) if secret is None else masked(str(error), secret)
        raise UsageError(f"{what}: {words}", "Correct it, then try again.") from None


def _refusal(
    what: str, answer: Mapping[str, Any], secret: SecretStr | None
) -> Refused | NotAllowed:
    code = _code(answer)
    words = str(answer.get("Error", {}).get("Message", ""))
    words = words if secret is None else masked(words, secret)
    facts = answer.get("ResponseMetadata", {})
    status, request = int(facts.get("HTTPStatusCode", 400)), str(facts.get("RequestId", ""))
    message = f"{what}: AWS refused ({code}). {words}".strip()
    if code in _DENIED:
        return NotAllowed(message, "Sign in with a role that may do it.", status=403)
    if code in _MISSING:
        return NotFound(message, "Check the name and the Region.", status=404, request_id=request)
    if code in _BUSY:
        return Throttled(message, "Wait a moment.", request_id=request)
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
