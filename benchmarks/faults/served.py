"""The service as a process of its own that dies and comes back, and an IdP that pushes to it."""

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from scim_tui.config.paths import write_atomic
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotAllowed, ScimTuiError
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import ClientOptions

AGENT = "Fault-IdP/1.0"
START_SECONDS = 20.0


class Service:
    """`scim-tui serve` on a port that it keeps over its deaths."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, _free_port()
        self.restarts = -1
        self.key = ""
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "scim_tui",
            "serve",
            "--data",
            str(self._folder),
            "--enable",
            "--port",
            str(self.port),
            "--ready-json",
            "--limits",
            "off",
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        ready = json.loads(_line(self.process))
        self.key = ready["admin_key"] or self.key
        self.admin, self.scim = str(ready["admin_endpoint"]), str(ready["scim_endpoint"])
        self.restarts += 1

    def revive(self) -> None:
        """Start it again if it died."""
        if self.process.poll() is not None:
            self.start()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(START_SECONDS)


@dataclass
class Pushing:
    """What the IdP has done so far; it is written to a file, and read from there."""

    sent: int = 0
    accepted: int = 0
    refused: int = 0
    unanswered: int = 0
    seconds: float = 0.0
    others: list[str] = field(default_factory=list)


class Idp:
    """Pushes at a steady rate with the secret that lies in its file."""

    def __init__(self, folder: Path, endpoint: str, rate: float) -> None:
        self.folder, self._endpoint, self._rate = folder, endpoint, rate
        self.secret_file, self._told = folder / "installed", folder / "pushed.json"
        self._stop = folder / "stop"
        self._pid = 0

    def install(self, secret: SecretStr) -> None:
        """As an administrator does: from the next request on it is used."""
        write_atomic(self.secret_file, secret.get_secret_value())

    def start(self) -> None:
        """Push in a process of its own."""
        self._stop.unlink(missing_ok=True)
        self._pid = os.fork()
        if self._pid == 0:
            code = 1
            try:
                asyncio.run(self._push())
                code = 0
            finally:
                os._exit(code)

    def stop(self) -> Pushing:
        """What it has done."""
        self._stop.touch()
        _, status = os.waitpid(self._pid, 0)
        if status != 0:
            raise AssertionError("the IdP died")
        return Pushing(**json.loads(self._told.read_text()))

    async def _push(self) -> None:
        done, text, client = Pushing(), "", None
        user = ""
        began = time.monotonic()
        while not self._stop.exists():
            await asyncio.sleep(max(began + done.sent / self._rate - time.monotonic(), 0))
            now = self.secret_file.read_text()
            if now != text or client is None:
                text, client = (
                    now,
                    ScimClient(self._endpoint, SecretStr(now), options=ClientOptions(agent=AGENT)),
                )
            user = user or await _person(client)
            await _request(client, user, done)
        done.seconds = time.monotonic() - began
        self._told.write_text(json.dumps(vars(done)))


async def _person(client: ScimClient) -> str:
    async for page in client.users('userName eq "ada@example.com"'):
        if page.rows:
            return page.rows[0].id
    made = await client.create(
        Kind.USERS,
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "ada@example.com",
            "displayName": "Ada",
            "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "emails": [{"value": "ada@example.com", "type": "work", "primary": True}],
        },
    )
    return str(made["id"])


async def _request(client: ScimClient, user: str, done: Pushing) -> None:
    """Every other request is a write."""
    done.sent += 1
    change = [{"op": "replace", "path": "displayName", "value": f"Ada {done.sent}"}]
    try:
        if done.sent % 2:
            await client.patch(Kind.USERS, user, change)
        else:
            await client.get(Kind.USERS, user)
        done.accepted += 1
    except NotAllowed:
        done.refused += 1
    except ScimTuiError as error:
        done.unanswered += 1
        done.others = [*done.others, type(error).__name__][-5:]


def kill(pid: int) -> None:
    """SIGKILL, also for one that is dead already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _line(process: "subprocess.Popen[bytes]") -> bytes:
    if process.stdout is None:
        raise AssertionError
    readable, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    if not readable:
        raise AssertionError("the service did not start")
    return process.stdout.readline()
