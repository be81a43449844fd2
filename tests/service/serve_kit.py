"""`scim-tui serve` in a process of its own, for tests that need a real one."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.patience import DEADLINE
from tests.service.scim.scim_kit import Json


@dataclass
class Served:
    """A process that listens, and what it told."""

    process: subprocess.Popen[bytes]
    ready: Json

    def admin(self, key: str | None = None) -> httpx.Client:
        """A client of the admin API."""
        key = key or self.ready["admin_key"]
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.Client(
            base_url=self.ready["admin_endpoint"], headers=headers, timeout=DEADLINE
        )

    def scim(self, secret: str) -> httpx.Client:
        """A client of the SCIM side, as an IdP."""
        headers = {"Authorization": f"Bearer {secret}", "User-Agent": "test-idp/1"}
        endpoint = self.ready["scim_endpoint"]
        return httpx.Client(base_url=endpoint, headers=headers, timeout=DEADLINE)

    def stop(self, signal_number: int) -> int:
        """Send a signal and give the exit code."""
        self.process.send_signal(signal_number)
        return self.process.wait(DEADLINE)


def serve_command(folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "scim_tui", "serve", "--data", str(folder), *options]


def run_serve(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A serve that is expected to end by itself."""
    return subprocess.run(
        serve_command(folder, *options),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


@contextmanager
def started(folder: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A serve with pipes on all sides, killed at the end if it still runs."""
    process = subprocess.Popen(
        serve_command(folder, "--port", "0", *options),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def served(folder: Path, *options: str) -> Iterator[Served]:
    """A serve that listens."""
    with started(folder, "--ready-json", *options) as process:
        yield Served(process, json.loads(first_line(process)))


def first_line(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], DEADLINE)
    assert readable, "nothing was printed in time"
    return process.stdout.readline().decode()


def rest_of(process: subprocess.Popen[bytes]) -> tuple[str, str]:
    """What an ended process still had to say on stdout and stderr."""
    assert process.stdout is not None
    assert process.stderr is not None
    return process.stdout.read().decode(), process.stderr.read().decode()
