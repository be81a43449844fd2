"""Where a secret comes from: keyring, file, environment or command; never the config file."""

import asyncio
import os
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scim_tui.config import keyrings
from scim_tui.config.keys import SecretPlace
from scim_tui.config.private import remedy, why_exposed
from scim_tui.model.errors import UsageError
from scim_tui.model.typed_path import at_home

if TYPE_CHECKING:
    from pydantic import SecretStr

__all__ = ["SecretPlace", "SecretSource", "child_environment"]

COMMAND_SECONDS = 20.0
_IN_ENVIRONMENT = {"SCIM_TUI_TOKEN"}
"""Variables that hold a secret of ours."""


@dataclass(frozen=True, slots=True)
class SecretSource:
    """A reference to a secret, safe to show."""

    source: SecretPlace
    where: str
    """A path, the name of a variable, a command line, or a name in the keyring."""
    held: "SecretStr | None" = field(default=None, repr=False, compare=False)
    """The secret itself, while the connection is tested before the secret is stored."""

    def __post_init__(self) -> None:
        if self.source is SecretPlace.ENV:
            _IN_ENVIRONMENT.add(self.where)

    def __str__(self) -> str:
        return f"{self.source}:{self.where}"

    async def resolve(self) -> "SecretStr":
        """Fetch the secret. Raises `UsageError` when it is not there, empty, or open to others."""
        from pydantic import SecretStr  # noqa: PLC0415 - profiles are listed without pydantic

        if self.held is not None:
            return SecretStr(one_token(self.held.get_secret_value(), str(self)))
        match self.source:
            case SecretPlace.ENV:
                text = os.environ.get(self.where, "")
            case SecretPlace.FILE:
                text = await asyncio.to_thread(_read_private, self.where)
            case SecretPlace.COMMAND:
                text = await _ask(self.where)
            case SecretPlace.KEYRING:
                text = await asyncio.to_thread(keyrings.read, self.where)
        return SecretStr(one_token(text, str(self)))


def one_token(text: str, place: str) -> str:
    """The token in a text. Raises `UsageError`, without the text, unless it is just one token."""
    if not (text := text.strip()):
        raise UsageError(f"There is no secret in {place}.", "Put it there, or name another place.")
    if not text.isprintable() or not text.isascii() or " " in text:
        raise UsageError(f"What {place} gives is not one token.", "Leave only the token there.")
    return text


def _read_private(where: str) -> str:
    path = at_home(where)
    try:
        with path.open(encoding="utf-8") as file:
            found = os.fstat(file.fileno())
            if why := why_exposed(found):
                raise UsageError(
                    f"{path} {why}, so it is not used.",
                    f"{remedy(path, found)}; replace the secret if others read it.",
                )
            return file.read(65_536)
    except OSError as error:
        raise UsageError(
            f"The secret in {path} cannot be read: {error.strerror}.", "Check the path."
        ) from error
    except UnicodeDecodeError:
        # The cause would carry the bytes of the secret.
        raise UsageError(f"{path} holds no text.", "Leave only the token there.") from None


async def _ask(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"The command cannot be read: {error}.", "Check its quotes.") from None
    name = words[0] if words else ""
    try:
        child = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=child_environment(),
        )
    except (OSError, TypeError) as error:
        raise UsageError(f"The command {name!r} cannot be started.", "Check its path.") from error
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            output, _ = await child.communicate()
    except TimeoutError as error:
        raise UsageError(
            f"{name!r} gave no secret within {COMMAND_SECONDS:.0f} seconds.",
            "Run it by hand: it may be waiting for a person.",
        ) from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise UsageError(f"{name!r} ended with {child.returncode}.", "Run it by hand to see why.")
    return output.decode("utf-8", "replace")


def child_environment(*secrets: "SecretStr") -> dict[str, str]:
    """The environment for a program that we start: ours, without variables that hold a secret.

    Variables that contain one of `secrets` are left out, too, whatever their name.
    """
    values = [secret.get_secret_value() for secret in secrets]
    return {
        name: value
        for name, value in os.environ.items()
        if name not in _IN_ENVIRONMENT and not any(each in value for each in values)
    }
