"""An identity provider that a command of the user's configures.

The secret goes to the command's standard input and nowhere else; the endpoint and ids go where the
command line has {endpoint}, {token_id}, {old_token_id}, {rotation_id} or {profile}. No shell.
"""

import asyncio
import fcntl
import os
import shlex
import shutil
import signal
import struct
import termios
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import datetime

from pydantic import SecretStr

from scim_tui.config.idps import check_command
from scim_tui.config.secrets import child_environment
from scim_tui.idps.masking import masked
from scim_tui.idps.port import (
    UNNAMED,
    Guide,
    GuideStep,
    IdpCapabilities,
    IdpEvent,
    IdpTestResult,
    InstallContext,
    InstallPlan,
    InstallResult,
    SyncStatus,
    TriggerResult,
    Verified,
)
from scim_tui.model.capabilities import YES, no
from scim_tui.model.errors import OutcomeUnknown, ScimTuiError, Unsupported, UsageError

SECONDS = 60.0
MOST_OUTPUT = 64 * 1024
_MOST_SECRET = 4096
"""The longest secret in bytes: a pipe holds this much without a reader, so writing never blocks."""
_LAST_WORDS = 0.5
"""Seconds to wait for output after the end of the command, from child processes it left behind."""

_REASON = "A command installs the secret; it cannot be asked about anything."


@dataclass(frozen=True, slots=True)
class _Ended:
    code: int
    output: str
    unread: int
    """Bytes of the secret that the program did not read."""


class CommandIdp:
    """Runs one command. Exit code 0 means installed; only the IdP's own requests prove it."""

    kind = "command"

    def __init__(self, command: str, *, seconds: float | None = None) -> None:
        self._words = check_command(command)
        self._seconds = SECONDS if seconds is None else seconds
        self.name = os.path.basename(self._words[0])
        self.title = f"the command {self.name}"
        self.guide = Guide(title=self.title)
        silent = no(_REASON)
        self.capabilities = IdpCapabilities(
            install=YES, test=silent, trigger=silent, status=silent, events=silent
        )

    def steps(self, endpoint: str) -> tuple[GuideStep, ...]:
        """Nothing for a person to do."""
        return ()

    async def plan_install(self, endpoint: str, names: InstallContext = UNNAMED) -> InstallPlan:
        """The command line, as it will be run."""
        words = self._filled(endpoint, names)
        found = await asyncio.to_thread(shutil.which, words[0])
        trouble = "" if found else f"There is no command {words[0]!r}."
        return InstallPlan((f"the secret, to the input of: {shlex.join(words)}",), (), trouble)

    async def install(
        self, endpoint: str, secret: SecretStr, names: InstallContext = UNNAMED
    ) -> InstallResult:
        """Run the command.

        Raises `UsageError` when it did not start, `ScimTuiError` when it failed or did not read the
        secret, `OutcomeUnknown` when it was stopped.
        """
        ended = await self._run(self._filled(endpoint, names), secret)
        tail = f" It said: {ended.output}" if ended.output else ""
        if ended.code < 0:
            raise OutcomeUnknown(f"{self.name} was ended by signal {-ended.code}.{tail}", _LOOK)
        if ended.code:
            raise ScimTuiError(f"{self.name} ended with {ended.code}.{tail}", _LOOK)
        if ended.unread:
            raise ScimTuiError(
                f"{self.name} ended well, but did not read the secret.{tail}",
                "It has to read the secret from its standard input.",
            )
        return InstallResult(
            verified=Verified.NOT,
            written=(f"to the input of {self.name}",),
            words=f"{self.name} took the secret and ended with 0.",
            output=ended.output,
            exit_code=0,
        )

    async def test(self) -> IdpTestResult:
        """Not by a command."""
        raise Unsupported(_REASON)

    async def trigger(self) -> TriggerResult:
        """Not by a command."""
        raise Unsupported(_REASON)

    async def status(self) -> SyncStatus:
        """Not by a command."""
        raise Unsupported(_REASON)

    async def events(self, since: datetime) -> tuple[IdpEvent, ...]:
        """Not by a command."""
        raise Unsupported(_REASON)

    async def aclose(self) -> None:
        """Nothing is open."""

    def _filled(self, endpoint: str, names: InstallContext) -> list[str]:
        values = {each.name: str(getattr(names, each.name)) for each in fields(names)}
        values["endpoint"] = endpoint
        words = []
        for word in self._words:
            for name, value in values.items():
                word = word.replace("{" + name + "}", value)  # noqa: PLW2901
            words.append(word)
        return words

    async def _run(self, words: list[str], secret: SecretStr) -> _Ended:
        with filled_pipe(secret) as pipe:
            async with _listening() as (voice, heard):
                child = await self._start(words, pipe, voice, secret)
                code = await self._end(child)
            output = heard.decode("utf-8", "replace").strip()
            return _Ended(code, masked(output, secret), unread(pipe))

    async def _start(
        self, words: list[str], pipe: int, voice: int, secret: SecretStr
    ) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *words,
                stdin=pipe,
                stdout=voice,
                stderr=voice,
                env=child_environment(secret),
                # Its own session: it gets no key typed here, and cannot prompt on our terminal.
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "an argument is not text"
            raise UsageError(
                f"{self.name} cannot be started: {reason}.", "Check its path."
            ) from None
        finally:
            os.close(voice)

    async def _end(self, child: asyncio.subprocess.Process) -> int:
        """Wait for its end; when this is cancelled, its process group is killed."""
        try:
            async with asyncio.timeout(self._seconds):
                return await child.wait()
        except BaseException as error:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
            if isinstance(error, TimeoutError):
                raise OutcomeUnknown(
                    f"{self.name} did not end within {self._seconds:.0f} seconds and was stopped.",
                    _LOOK,
                ) from None
            raise


_LOOK = "Look in the IdP which secret it holds before you go on."


@asynccontextmanager
async def _listening() -> AsyncIterator[tuple[int, bytearray]]:
    """The writing end of a pipe for the child's output, and a buffer with the output so far.

    It is our own pipe: asyncio's would wait for all processes that the child leaves behind.
    """
    heard, reader = bytearray(), asyncio.StreamReader()
    ear, voice = os.pipe()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ear, "rb", buffering=0)
    )
    listening = asyncio.create_task(_listen(reader, heard))
    try:
        yield voice, heard
        await asyncio.wait({listening}, timeout=_LAST_WORDS)
    finally:
        listening.cancel()
        transport.close()


async def _listen(stream: asyncio.StreamReader, heard: bytearray) -> None:
    """Keep the beginning of the output; read the rest as well, so that the pipe never fills up."""
    while some := await stream.read(8192):
        heard += some[: MOST_OUTPUT - len(heard)]


@contextmanager
def filled_pipe(secret: SecretStr) -> Iterator[int]:
    """The reading end of a pipe that holds the secret and then ends. Raises `UsageError`."""
    value = secret.get_secret_value().encode()
    if not 0 < len(value) <= _MOST_SECRET:
        raise UsageError("What should be installed is no token.", "Make a new token.")
    pipe, source = os.pipe()
    try:
        with os.fdopen(source, "wb", buffering=0) as stream:
            stream.write(value)
        yield pipe
    finally:
        os.close(pipe)


def unread(pipe: int) -> int:
    """Bytes in a pipe that nothing has read."""
    answer = fcntl.ioctl(pipe, termios.FIONREAD, b"\0\0\0\0")
    return int(struct.unpack("i", answer)[0])
