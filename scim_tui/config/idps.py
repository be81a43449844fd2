"""Reads which identity provider a profile has, such as `idp = "manual:okta"`."""

import re
import shlex
from dataclasses import dataclass

from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import suggestion

GUIDES = ("okta", "entra", "google", "onelogin", "jumpcloud", "pingone", "cyberark", "other")
"""The guides that `manual:` can name."""
KINDS = ("manual", "command", "secretsmanager", "ssm", "demo")
FORMS = "manual:NAME, command:CMD, secretsmanager:ARN[#key], ssm:NAME[#key] or demo"
PLACES = ("endpoint", "token_id", "old_token_id", "rotation_id", "profile")
"""The names that a command may contain in {braces}."""

_SECRET_PLACE = re.compile(r"\{(secret|token|access_token|bearer|password)\}")
_AWS_NAME = re.compile(r"[A-Za-z0-9/_+=.@:-]{1,2048}")


@dataclass(frozen=True, slots=True)
class IdpRef:
    """A reference to an identity provider, safe to show."""

    kind: str
    where: str = ""
    """A guide's name, a command line, or the name or ARN of a stored secret."""
    key: str = ""
    """The JSON key inside the stored secret; empty: the whole of it."""

    def __str__(self) -> str:
        tail = f"#{self.key}" if self.key else ""
        return f"{self.kind}:{self.where}{tail}" if self.where else self.kind


def parse_idp(text: str, place: str = "idp") -> IdpRef:
    """Read what names an identity provider. Raises `UsageError` that begins with `place`."""
    kind, colon, rest = text.partition(":")
    if kind not in KINDS or (kind == "demo") == bool(colon):
        raise UsageError(f"{place} {_shown(text)!r} is not known.", _near(kind, KINDS))
    match kind:
        case "manual":
            if rest not in GUIDES:
                raise UsageError(f"{place} {_shown(text)!r} is not known.", _near(rest, GUIDES))
            return IdpRef(kind, rest)
        case "command":
            check_command(rest, place)
            return IdpRef(kind, rest)
        case "demo":
            return IdpRef(kind)
    return _stored(kind, rest, place)


def check_command(text: str, place: str = "The command") -> tuple[str, ...]:
    """The words of a command line. Raises `UsageError` when it is none, or shows a secret."""
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"{place} cannot be read: {error}.", "Check its quotes.") from None
    if not words:
        raise UsageError(f"{place} names no program.", "Write command:PROGRAM ARGUMENTS.")
    if _SECRET_PLACE.search(text):
        raise UsageError(
            f"{place} would show the secret to everybody on this machine.",
            "Arguments can be read in /proc: read the secret from standard input.",
        )
    return words


def _stored(kind: str, rest: str, place: str) -> IdpRef:
    where, hash_sign, key = rest.partition("#")
    if not _AWS_NAME.fullmatch(where):
        raise UsageError(
            f"{place} {kind}: names no stored secret.", f"Write {kind}:NAME or an ARN."
        )
    if hash_sign and not key:
        raise UsageError(f"{place} ends with # and no key.", "Name the JSON key, or leave # out.")
    return IdpRef(kind, where, key)


def _near(word: str, known: tuple[str, ...]) -> str:
    return suggestion(word, known, f"Use {FORMS}.")


def _shown(text: str) -> str:
    """The start of the text only: it could be a secret in the wrong place."""
    return text if len(text) <= 40 else f"{text[:16]}..."
