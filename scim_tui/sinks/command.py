"""A command that gets each message as JSON on its standard input. No shell."""

import asyncio
import os
import signal
from contextlib import suppress

from scim_tui.config.secrets import child_environment
from scim_tui.model.alert import Alert
from scim_tui.model.errors import ScimTuiError
from scim_tui.sinks.port import SECONDS


class CommandSink:
    """Runs a command for each message; exit code 0 means that it was taken."""

    def __init__(self, name: str, words: list[str], *, seconds: float = SECONDS) -> None:
        self.name = name
        self._words = words
        self._seconds = seconds

    async def send(self, alert: Alert) -> None:
        """Run the command once."""
        try:
            child = await asyncio.create_subprocess_exec(
                *self._words,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env=child_environment(),
                start_new_session=True,
            )
        except OSError as error:
            raise ScimTuiError(f"{self._words[0]} cannot be started: {error.strerror}.") from error
        try:
            async with asyncio.timeout(self._seconds):
                await child.communicate(alert.model_dump_json().encode() + b"\n")
        except TimeoutError as error:
            raise ScimTuiError(f"{self._words[0]} did not end in {self._seconds:g} s.") from error
        finally:
            if child.returncode is None:
                # Its own children, too: it leads a process group.
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                await child.wait()
        if child.returncode:
            raise ScimTuiError(f"{self._words[0]} ended with {child.returncode}.")
