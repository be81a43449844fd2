import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.terminal.pty_kit import LARGE, SMALL, App, Terminal, plain_environ

Launch = Callable[..., App]


@pytest.fixture(params=[SMALL, LARGE], ids=["80x24", "120x40"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    size: tuple[int, int] = request.param
    return size


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Starts the app over a directory in memory; whatever happens, it is ended again."""
    started: list[App] = []
    with ExitStack() as cleanup:

        def start(
            *options: str,
            size: tuple[int, int] = SMALL,
            environ: dict[str, str] | None = None,
            ignore_hangup: bool = False,
            settled: bool = True,
        ) -> App:
            ours, theirs = os.pipe()
            os.set_inheritable(ours, True)
            command = [
                sys.executable,
                "-m",
                "tests.terminal.driver_app",
                "--folder",
                str(tmp_path),
                "--control",
                str(ours),
                *options,
            ]
            terminal = Terminal.start(
                command,
                size=size,
                environ=plain_environ(**(environ or {})),
                ignore_hangup=ignore_hangup,
                inherited=(ours,),
            )
            os.close(ours)
            cleanup.callback(os.close, theirs)
            cleanup.callback(terminal.stop)
            app = App(terminal, theirs, tmp_path)
            if settled:
                app.is_open()
            started.append(app)
            return app

        yield start
    for app in started:
        assert app.faults_expected or not list(app.folder.glob("crash-*.txt"))
