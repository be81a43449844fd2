"""Signing in to AWS: what botocore says when that fails, as sentences; and its silence.

botocore writes the failure of a sign-in to its log, with a traceback. A log without a handler goes
to stderr, which is the screen here, so its loggers are given one that drops everything.
"""

import logging

from scim_tui.model.errors import NotAllowed, ScimTuiError, Unsupported, UsageError

_LIBRARIES = ("aiobotocore", "botocore", "boto3", "aiohttp", "urllib3", "s3transfer")
_MOST = 300
NO_SDK = "pip install 'scim-tui[aws]'"
STILL_EXPIRED = "refreshed credentials are still expired"
"""How botocore ends a `RuntimeError` about credentials that a refresh did not renew."""


class SignedOut(NotAllowed):
    """The sign-in to AWS has ended, or AWS does not know the credentials: no call works."""


class NoSignIn(UsageError):
    """There is nothing to sign in with: no credentials, or a profile that does not do."""


class NoSdk(Unsupported):
    """The SDK of AWS, or a part of it, is not installed."""


def silence_libraries() -> None:
    """Keep what the libraries of AWS log off stderr, and bodies of requests out of every log."""
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        # At DEBUG these would write down the body of each request.
        logger.setLevel(logging.INFO)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def signed_out(aws_profile: str = "") -> SignedOut:
    """Temporary credentials that have expired, however they were had."""
    named = _named(aws_profile)
    return SignedOut(
        "The credentials for AWS have expired.",
        f"Sign in again: aws sso login{named}, or aws login{named}; or renew the keys.",
        status=401,
    )


def no_credentials() -> NoSignIn:
    """There is no valid sign-in to AWS."""
    return NoSignIn(
        "There are no credentials for AWS.",
        "Sign in: aws sso login, or aws login; or name aws_profile in the profile.",
    )


def sign_in_error(error: Exception, aws_profile: str = "") -> ScimTuiError | None:
    """What botocore raised as an error about the sign-in; None: it is about something else."""
    from botocore import exceptions  # noqa: PLC0415

    found: ScimTuiError | None = None
    match error:
        case exceptions.LoginError() | exceptions.SSOError() | exceptions.TokenRetrievalError():
            found = _ended(error, aws_profile)
        case exceptions.MissingDependencyException():
            found = NoSdk("A part of the SDK of AWS is not installed with scim-tui.", NO_SDK)
        case exceptions.NoCredentialsError() | exceptions.PartialCredentialsError():
            found = no_credentials()
        case exceptions.ProfileNotFound():
            words = f"The AWS CLI has no profile {aws_profile!r}."
            found = NoSignIn(words, "See: aws configure list-profiles")
        case exceptions.CredentialRetrievalError() | exceptions.InfiniteLoopConfigError():
            words = " ".join(str(error).split())[:_MOST]
            found = NoSignIn(f"There are no credentials for AWS: {words}", "Correct the profile.")
        case RuntimeError() if STILL_EXPIRED in str(error):
            found = signed_out(aws_profile)
    return found


def _ended(error: Exception, aws_profile: str) -> SignedOut:
    """A sign-in in the browser, by `aws login` or by `aws sso login`, that is over."""
    from botocore import exceptions  # noqa: PLC0415

    named = _named(aws_profile)
    if isinstance(error, exceptions.LoginInsufficientPermissions):
        words = "The login of AWS may not make credentials (signin:CreateOAuth2Token)."
        return SignedOut(words, f"Allow it, then run: aws login{named}", status=403)
    if isinstance(error, exceptions.LoginError):
        return SignedOut("The login of AWS has ended.", f"Run: aws login{named}", status=401)
    return SignedOut("The SSO login of AWS has ended.", f"Run: aws sso login{named}", status=401)


def _named(aws_profile: str) -> str:
    return f" --profile {aws_profile}" if aws_profile else ""
