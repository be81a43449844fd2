"""Where the secret of a new token goes: a keyring, a new file, a command's stdin, or stdout.

A token whose secret is lost is useless, so the target is checked before the token is made,
and a token whose delivery failed is deleted again.
"""

import asyncio
import io
import os
import select
import shlex
import shutil
import stat
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scim_tui.cli.base.args import WAYS
from scim_tui.cli.base.output import as_json, line, print_json, say
from scim_tui.cli.base.streams import leads_nowhere, silence
from scim_tui.config import keyrings
from scim_tui.model.errors import OutcomeUnknown, ScimTuiError, UsageError
from scim_tui.model.typed_path import at_home

if TYPE_CHECKING:
    from pydantic import SecretStr

    from scim_tui.core.workspace import Workspace
    from scim_tui.model.provisioning import NewToken

COMMAND_SECONDS = 60.0
"""How long a program may take to read the secret."""
_LOOK_EVERY = 0.02


@dataclass(frozen=True, slots=True)
class SecretTarget:
    """Where the secret of a new token is delivered."""

    kind: str
    where: str = ""

    async def check(self, space: "Workspace") -> None:
        """Raise `UsageError`, or `ScimTuiError`, when delivery there would certainly fail."""
        match self.kind:
            case "file":
                await asyncio.to_thread(_check_file, self.where)
            case "command":
                _words(self.where)
            case "keyring":
                await asyncio.to_thread(keyrings.require)
            case "stdout":
                require_reader()

    async def send(self, space: "Workspace", made: "NewToken") -> str:
        """Deliver the secret; return a sentence that says where it is. Raises `ScimTuiError`."""
        match self.kind:
            case "file":
                path = await space.tokens.save_secret(made.secret, self.where)
                return f"The secret is in {path}, readable by you only."
            case "command":
                await _feed(_words(self.where), made.secret)
                return f"The secret went to the input of {_words(self.where)[0]}."
            case "keyring":
                name = f"{space.profile.name}/{made.token.id}"
                await asyncio.to_thread(keyrings.write, name, made.secret.get_secret_value())
                return f"The secret is in the keyring: service {keyrings.SERVICE}, user {name}."
        return ""


def parse(text: str) -> SecretTarget:
    """The target that `--secret-to` names. Raises `UsageError`."""
    kind, colon, where = text.partition(":")
    if text in {"keyring", "stdout"}:
        return SecretTarget(text)
    if kind in {"file", "command"} and colon and where:
        return SecretTarget(kind, where)
    raise UsageError(
        f"--secret-to {kind!r} names no way for a secret."
        if text
        else "Nothing was made: say where the secret goes. It is shown once and kept nowhere.",
        f"Use --secret-to with {WAYS}.",
    )


async def hand_over(
    space: "Workspace", made: "NewToken", way: SecretTarget, *, as_json: bool
) -> dict[str, Any]:
    """Deliver, and delete the token again if that fails; return a sentence about the delivery."""
    token = made.token
    shown = token.model_dump(include={"id", "created_at", "expires_at"})
    async with _or_discarded(space, made):
        if way.kind != "stdout":
            # The id is said here: what is printed to stdout next may reach nothing.
            say(f"Token {token.id}: {await way.send(space, made)}")
        elif as_json:
            shown = {"id": shown["id"], "secret": made.secret.get_secret_value(), **shown}
        else:
            await print_secret(made.secret.get_secret_value())
            say(f"This is the secret of token {token.id}, shown this once.")
    return shown


async def print_or_discard(
    space: "Workspace", made: "NewToken | None", data: dict[str, Any]
) -> None:
    """Print JSON; when it holds the secret of `made` and nothing reads it, delete that token.

    `made` is None when the JSON holds no secret.
    """
    if made is None:
        print_json(data)
        return
    async with _or_discarded(space, made):
        await print_secret(as_json(data))


async def print_secret(text: str) -> None:
    """Print a text with a secret in it, and check that it is read.

    Raises `ScimTuiError` when nothing reads it, `OutcomeUnknown` when that is not known.
    """
    require_reader()
    try:
        line(text)
        sys.stdout.flush()
    except OSError as error:
        silence(sys.stdout)
        raise ScimTuiError(f"The secret was not printed: {error.strerror}.") from None
    await _until_read()


def require_reader() -> None:
    """Raise `ScimTuiError` when nothing can read what is printed."""
    if leads_nowhere(sys.stdout):
        raise ScimTuiError(
            "The secret cannot be printed: stdout is closed, or is the null device.",
            f"Use --secret-to with {WAYS}.",
        )


async def _until_read() -> None:
    """If stdout is a pipe, wait until its other end has read everything."""
    from scim_tui.idps.command import unread

    try:
        file = sys.stdout.fileno()
    except (io.UnsupportedOperation, ValueError):
        return
    if not stat.S_ISFIFO(os.fstat(file).st_mode):
        return
    ends = select.poll()
    ends.register(file, 0)
    deadline = time.monotonic() + COMMAND_SECONDS
    while True:
        # In this order: what is left after the last reader has gone is read by nothing.
        gone, left = ends.poll(0), unread(file)
        if not left:
            return
        if gone:
            raise ScimTuiError("The secret was not read: the program behind the pipe has ended.")
        if time.monotonic() > deadline:
            raise OutcomeUnknown(
                f"The program behind the pipe did not read the secret in {COMMAND_SECONDS:.0f} s."
            )
        await asyncio.sleep(_LOOK_EVERY)


@asynccontextmanager
async def _or_discarded(space: "Workspace", made: "NewToken") -> AsyncIterator[None]:
    """Delete the token when its secret could not be handed over, for whatever reason."""
    try:
        yield
    except OutcomeUnknown as error:
        raise ScimTuiError(
            f"{error.message} So token {made.token.id} exists, and may be of no use to anyone.",
            f"If it is of none: scim-tui tokens delete {made.token.id} --confirm DELETE",
        ) from None
    except BaseException as error:
        await discard(space, made)
        if isinstance(error, OSError):
            raise ScimTuiError(f"The secret was not delivered: {error.strerror}.") from None
        raise


async def discard(space: "Workspace", made: "NewToken") -> None:
    """Delete a token whose secret was not delivered, and say how that ended."""
    token_id = made.token.id
    try:
        await space.tokens.discard(made)
        say(f"The secret was not delivered, so token {token_id} was deleted again.")
    except ScimTuiError as error:
        say(f"Token {token_id} exists, but its secret is lost: {error.message}")
        say(f"  Delete it: scim-tui tokens delete {token_id} --confirm DELETE")


def _check_file(where: str) -> None:
    path = at_home(where)
    if path.exists() or path.is_symlink():
        raise UsageError(
            f"{path} exists and is left as it is; no token was made.", "Name a new file."
        )
    if not path.parent.is_dir():
        raise UsageError(f"The folder {path.parent} does not exist; no token was made.", "Make it.")


def _words(text: str) -> list[str]:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"The command cannot be read: {error}.", "Check its quotes.") from None
    if not words or shutil.which(words[0]) is None:
        raise UsageError(
            f"There is no command {words[0] if words else ''!r}; no token was made.",
            "It is started without a shell: name a program, and its arguments.",
        )
    return words


async def _feed(words: list[str], secret: "SecretStr") -> None:
    from scim_tui.config.secrets import child_environment
    from scim_tui.idps.command import filled_pipe, unread

    with filled_pipe(secret) as pipe:
        child = await asyncio.create_subprocess_exec(
            *words, stdin=pipe, stdout=asyncio.subprocess.DEVNULL, env=child_environment()
        )
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                await child.wait()
        except TimeoutError:
            raise ScimTuiError(f"{words[0]} did not end within {COMMAND_SECONDS:.0f} s.") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if child.returncode:
            raise ScimTuiError(f"{words[0]} ended with {child.returncode}.")
        if unread(pipe):
            raise ScimTuiError(
                f"{words[0]} ended well, but did not read the secret.",
                "It has to read the secret from its standard input.",
            )
