"""Stores the new secret of a rotation where the profile reads its token from."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from scim_tui.config import keyrings
from scim_tui.config.paths import write_atomic
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.model.errors import ScimTuiError, Unsupported, UsageError
from scim_tui.model.typed_path import at_home

if TYPE_CHECKING:
    from pydantic import SecretStr

    from scim_tui.config.profiles import Profile

_CANNOT = {
    SecretPlace.ENV: (
        "A variable of the environment cannot be changed from here.",
        "Change it where it is set, or name token_file or token_keyring in the profile.",
    ),
    SecretPlace.COMMAND: (
        "The command of token_command only reads: it cannot be given a new secret.",
        "Hand the secret to the store behind it: --secret-to command:CMD.",
    ),
}


def why_not_store(profile: "Profile") -> str:
    """Why `store_secret` is not possible for this profile; empty: nothing is known against it."""
    if profile.token is None:
        return f"The profile {profile.name!r} names no place for its token."
    return _CANNOT.get(profile.token.source, ("", ""))[0]


async def store_secret(profile: "Profile", secret: "SecretStr") -> str:
    """Replace the secret there, and read it back; return a sentence that says where it is.

    Raises `UsageError` when the profile names no place or it is not there, `Unsupported` with the
    reason when the place cannot be written, `ScimTuiError` when it is not there afterwards.
    """
    if profile.token is None:
        raise UsageError(why_not_store(profile), "Add token_file = PATH or token_keyring = NAME.")
    if reason := _CANNOT.get(profile.token.source):
        raise Unsupported(*reason)
    return await asyncio.to_thread(_write, profile.token, secret)


def _write(place: SecretSource, secret: "SecretStr") -> str:
    if place.source is SecretPlace.KEYRING:
        keyrings.write(place.where, secret.get_secret_value())
        return f"The secret is in the keyring: service {keyrings.SERVICE}, user {place.where}."
    path = _replace(at_home(place.where), secret.get_secret_value())
    return f"The secret is in {path}, readable by you only."


def _replace(named: Path, secret: str) -> Path:
    """Replace the file; a link is followed, so that its target is replaced."""
    path = Path(os.path.realpath(named))
    if not path.parent.is_dir():
        raise UsageError(f"The folder {path.parent} does not exist.", "Make it first.")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is not a file.", "Name a file in token_file.")
    try:
        write_atomic(path, secret + "\n")
        kept = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScimTuiError(
            f"{path} cannot be written: {error.strerror}.",
            "The secret that was there is still there.",
        ) from None
    if kept.strip() != secret:
        raise ScimTuiError(f"{path} does not hold the secret.", "Another program writes it, too.")
    return path
