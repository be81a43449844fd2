"""A service in a process of its own, which ends when its stdin closes."""

import asyncio
import json
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from scim_tui.config.secrets import child_environment
from scim_tui.model.errors import ScimTuiError, Unreachable
from scim_tui.model.escaping import reveal

READY_SECONDS = 20.0
STOP_SECONDS = 5.0
_LAST_WORDS = 20


@dataclass(slots=True)
class Child:
    """A service in a process of its own, which ends when its stdin closes."""

    process: asyncio.subprocess.Process
    facts: dict[str, Any] = field(default_factory=dict)
    words: deque[bytes] = field(default_factory=lambda: deque(maxlen=_LAST_WORDS))
    listeners: list["asyncio.Task[None]"] = field(default_factory=list)

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.returncode is None

    def listen(self, stream: asyncio.StreamReader | None) -> None:
        """Read its output, so that its pipe never fills up."""
        self.listeners.append(asyncio.create_task(self._drain(stream)))

    async def stop(self) -> None:
        """Close its stdin and wait; kill it if it does not end, or if waiting is cancelled."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.process.wait()
        except BaseException as error:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
            if not isinstance(error, TimeoutError):
                raise
        await asyncio.gather(*self.listeners, return_exceptions=True)

    async def complaint(self) -> str:
        """The last line of its output, safe for a terminal."""
        await asyncio.gather(*self.listeners, return_exceptions=True)
        lines = [line.decode("utf-8", "replace").strip() for line in self.words]
        return reveal(" ".join(line for line in lines if line)[-500:])

    async def _drain(self, stream: asyncio.StreamReader | None) -> None:
        while stream and (line := await _line(stream)):
            self.words.append(line)


async def start(command: list[str]) -> Child:
    """Start a service and wait for its line of JSON. Raises `Unreachable`, `ScimTuiError`."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=child_environment(),
        start_new_session=True,
    )
    child = Child(process)
    child.listen(process.stderr)
    try:
        async with asyncio.timeout(READY_SECONDS):
            child.facts = await _ready(process)
    except TimeoutError:
        await child.stop()
        raise Unreachable(
            f"The service did not start within {READY_SECONDS:.0f} seconds.",
            await child.complaint() or "Try it by hand: scim-tui serve",
        ) from None
    except ValueError:
        await child.stop()
        raise ScimTuiError(
            "The service did not start.", await child.complaint() or "Try: scim-tui serve"
        ) from None
    except BaseException:
        await child.stop()
        raise
    child.listen(process.stdout)
    return child


async def _ready(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """The one line of JSON that a service prints when it listens. Raises `ValueError`."""
    if process.stdout is None:
        raise ValueError
    facts = json.loads(await process.stdout.readline())
    if not isinstance(facts, dict) or "admin_endpoint" not in facts:
        raise ValueError
    return facts


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:
        return b"(a long line)"
