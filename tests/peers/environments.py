"""Programs from PyPI that nobody here wrote, each in an environment of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.strangers import alone, cached
from tests.patience import DEADLINE

WANTED = "SCIM_TUI_PEERS"
"""Set to "all", this also runs what is not quick (make peers)."""
INSTALL_SECONDS = 300.0


def only_when_asked_for(name: str) -> None:
    """Skip what takes too long for each run."""
    if os.environ.get(WANTED) != "all":
        pytest.skip(f"{name} is not quick: {WANTED}=all, or make peers")


def installed(name: str, *pins: str) -> Path:
    """The Python of the environment; skips with the reason where it cannot be made."""
    folder = cached(name, pins)
    with alone(folder):
        if not (folder / "done").exists():
            _install(name, folder, pins)
    return folder / "v" / "bin" / "python"


def _install(name: str, folder: Path, pins: tuple[str, ...]) -> None:
    pip: list[str | Path] = [
        folder / "v/bin/python",
        "-m",
        "pip",
        "install",
        "-q",
        "--retries",
        "0",
        *pins,
    ]
    try:
        subprocess.run(
            [sys.executable, "-m", "venv", "--clear", folder / "v"], check=True, timeout=120
        )
        subprocess.run(pip, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except subprocess.SubprocessError as error:
        pytest.skip(f"{name} cannot be installed: {type(error).__name__}")
    (folder / "done").touch()


@contextmanager
def running(
    command: list[str | Path],
    folder: Path,
    answers: Callable[[], bool],
    environment: dict[str, str] | None = None,
) -> Iterator["subprocess.Popen[bytes]"]:
    """A server, from when it answers until the block ends."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), **(environment or {})},
            stdout=log,
            stderr=log,
        )
        try:
            end = time.monotonic() + DEADLINE
            while not answers():
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < end, (folder / "log").read_text()
                time.sleep(0.05)
            yield process
        finally:
            process.kill()
            process.wait(DEADLINE)
