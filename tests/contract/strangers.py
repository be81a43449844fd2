"""Servers that nobody here wrote and that come from npm, installed once outside the repository."""

import fcntl
import hashlib
import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pytest

from tests.patience import DEADLINE

PEERS = Path(__file__).parent / "peers"
INSTALL_SECONDS, START_SECONDS = 300.0, DEADLINE


@dataclass(frozen=True)
class Stranger:
    """A server, the packages it is made of, and the small script that starts it."""

    name: str
    script: str
    packages: tuple[str, ...]


SCIMMY = Stranger(
    "scimmy-routers", "scimmy.mjs", ("express@4.22.3", "scimmy@1.3.5", "scimmy-routers@1.3.2")
)
BETTER_AUTH = Stranger(
    "Better Auth", "better_auth.mjs", ("better-auth@1.6.27", "@better-auth/scim@1.6.27")
)


@dataclass(frozen=True)
class Started:
    endpoint: str
    token: str


@contextmanager
def started(stranger: Stranger) -> Iterator[Started]:
    """The server on loopback, until the block ends; skips with the reason where it cannot be."""
    node = shutil.which("node")
    if node is None:
        pytest.skip(f"{stranger.name} needs node, which is not on the PATH")
    folder = installed(stranger)
    script = folder / stranger.script
    if script.read_bytes() != (PEERS / stranger.script).read_bytes():
        shutil.copy(PEERS / stranger.script, script)
    process = subprocess.Popen(
        [node, str(script)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "NODE_ENV": "production"},
    )
    try:
        told = first_line(process, START_SECONDS)
        yield Started(told["endpoint"], told.get("token", "secret"))
    finally:
        process.kill()
        process.communicate()


def first_line(process: "subprocess.Popen[bytes]", seconds: float) -> dict[str, str]:
    """The JSON that a server writes when it listens."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    line = process.stdout.readline() if ready else b""
    assert line, f"the server did not start: {process.args!r}"
    told = json.loads(line)
    assert isinstance(told, dict)
    return told


def installed(stranger: Stranger) -> Path:
    """The folder that holds its packages; only one process installs, once for all runs."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"{stranger.name} needs npm, which is not on the PATH")
    folder = cached("-".join(stranger.script.split(".")[:1]), stranger.packages)
    with alone(folder):
        if not (folder / "done").exists():
            _install(npm, folder, stranger)
    return folder


def cached(name: str, pins: tuple[str, ...]) -> Path:
    """A folder of its own for these versions, among the caches of the user."""
    mark = hashlib.sha256("\n".join(pins).encode()).hexdigest()[:8]
    folder = Path(platformdirs.user_cache_dir("scim-tui-peers")) / f"{name}-{mark}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        pytest.skip(f"{name} has no place to be installed: {folder}: {error.strerror}")
    return folder


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else installs there meanwhile."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(npm: str, folder: Path, stranger: Stranger) -> None:
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    shutil.copy(PEERS / stranger.script, folder)
    command = [
        npm,
        "install",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--ignore-scripts",
        "--legacy-peer-deps",
        "--fetch-retries=0",
        "--fetch-timeout=20000",
        *stranger.packages,
    ]
    try:
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_SECONDS
        )
    except subprocess.CalledProcessError as error:
        words = error.stderr.decode(errors="replace").strip().splitlines()[:1]
        pytest.skip(f"{stranger.name} cannot be installed by npm: {' '.join(words)}")
    except subprocess.TimeoutExpired:
        pytest.skip(f"{stranger.name} is not installed after {INSTALL_SECONDS:.0f} s")
    (folder / "done").touch()
