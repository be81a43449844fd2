"""mlflow-oidc-auth, a product with SCIM and an API for its tokens; large: only when asked for."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.providers.mlflow import MlflowProvider
from tests.contract.strangers import PEERS, alone, cached
from tests.contract.worlds import Peer, World, free_port, peer_world

WANTED = "SCIM_TUI_PEERS"
"""Set to "all", this also runs what takes minutes to install (make peers)."""
PINS = ("mlflow-oidc-auth==11.0.2",)
INSTALL_SECONDS, START_SECONDS = 900.0, 300.0
ADMIN = "admin@example.com"
_OLDEST = (3, 12)


@dataclass(frozen=True)
class Running:
    """Where it listens, and who may administer it."""

    root: str
    key: str
    """Name and password of an administrator, with a colon between."""

    @property
    def endpoint(self) -> str:
        return f"{self.root}/scim/v2"

    def new_token(self) -> str:
        """The secret of a new SCIM token."""
        name, _, password = self.key.partition(":")
        made = httpx.post(
            f"{self.root}/api/2.0/mlflow/scim/tokens",
            json={"name": os.urandom(4).hex()},
            auth=(name, password),
            timeout=30,
        )
        assert made.status_code == 201, made.text
        return str(made.json()["token"])


@contextmanager
def running_mlflow(folder: Path) -> Iterator[Running]:
    """The server on loopback, until the block ends; skips with the reason where it cannot be."""
    if os.environ.get(WANTED) != "all":
        pytest.skip(f"mlflow-oidc-auth takes minutes to install: {WANTED}=all, or make peers")
    python = installed()
    environment = {
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "SECRET_KEY": "only-for-tests-on-this-machine-00",
        "OIDC_USERS_DB_URI": f"sqlite:///{folder}/users.db",
        "OIDC_DISCOVERY_URL": "",
        "OIDC_CLIENT_ID": "x",
        "OIDC_CLIENT_SECRET": "y",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }
    made = subprocess.run(
        [python, PEERS / "mlflow_admin.py", ADMIN],
        cwd=folder,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        timeout=START_SECONDS,
    )
    key = json.loads(made.stdout.splitlines()[-1])["key"]
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                python,
                "-m",
                "mlflow",
                "server",
                "--app-name",
                "oidc-auth",
                "--workers",
                "1",
                "--backend-store-uri",
                f"sqlite:///{folder}/mlflow.db",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
            ],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _await(f"http://127.0.0.1:{port}/scim/v2/Users", process)
            yield Running(f"http://127.0.0.1:{port}", key)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


@asynccontextmanager
async def mlflow_world(peer: Peer, running: Running) -> AsyncIterator[World]:
    """Its own provider, over a directory that other tests share."""
    async with peer_world(peer) as scim:
        key = SecretStr(running.key)
        provider = MlflowProvider(peer.endpoint, key, scim.provider)
        stranger, dead = scim.stranger, MlflowProvider(peer.endpoint, key, scim.dead)
        yield replace(scim, provider=provider, stranger=stranger, dead=dead)
        await provider.aclose()
        await dead.aclose()


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        try:
            if httpx.get(url, timeout=5).status_code == 401:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError("the server did not start")


def installed() -> Path:
    """The Python of its own environment; only one process installs, once for all runs."""
    folder = cached("mlflow-oidc-auth", PINS)
    with alone(folder):
        if not (folder / "done").exists():
            _install(folder)
    return folder / "v" / "bin" / "python"


def _install(folder: Path) -> None:
    python = next(filter(_new_enough, _pythons()), None)
    if python is None:
        pytest.skip("mlflow-oidc-auth needs Python 3.12 or newer, and none was found")
    try:
        subprocess.run([python, "-m", "venv", "--clear", folder / "v"], check=True, timeout=120)
        subprocess.run(
            [folder / "v/bin/python", "-m", "pip", "install", "-q", *PINS],
            check=True,
            capture_output=True,
            timeout=INSTALL_SECONDS,
        )
    except subprocess.SubprocessError as error:
        pytest.skip(f"mlflow-oidc-auth cannot be installed: {type(error).__name__}")
    (folder / "done").touch()


def _pythons() -> Iterator[str]:
    """This one, those on the PATH, those of pyenv."""
    yield sys.executable
    for minor in (12, 13, 14):
        if found := shutil.which(f"python3.{minor}"):
            yield found
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(root.glob("versions/3.1[2-9]*/bin/python")))


def _new_enough(python: str) -> bool:
    asked = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return asked.returncode == 0 and tuple(map(int, asked.stdout.split())) >= _OLDEST
