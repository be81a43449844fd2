"""Every command with a standard stream closed: quiet, and with the exit code that it has anyway."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scim_tui.cli.main import build_parser
from tests.cli.conftest import Command

CLOSED = {"stdin": (0,), "stdout": (1,), "stderr": (2,), "all": (0, 1, 2), "both": (1, 2)}
GIVEN = {
    "users show": ["ada.lovelace@example.com"],
    "users diff": ["--since", "7d"],
    "groups show": ["Finance Berlin", "--members"],
    "groups diff": ["--since", "7d"],
    "audit": ["list"],
    "profiles test": [],
    "profiles discovery": [],
    "mapping check": ["--people", "people.json"],
    "mapping new": ["--from", "people.json"],
    "mapping push": ["--people", "people.json", "--person", "ana@corp.example"],
    "tokens create": ["--secret-to", "file:secret"],
    "tokens rotate": ["--secret-to", "file:secret", "--no-input"],
    "serve": ["--port", "0", "--until-stdin-closes"],
}
"""What a command needs to get further than to its usage."""
RUN = """
import os, pathlib, sys
from scim_tui import wiring
from scim_tui.cli.main import run
from scim_tui.core.workspace import assemble
from tests.fakes.memory import MemoryProvider

async def opened(profile, *, via, read_only=False):
    provider = MemoryProvider.sample(users=3, groups=2)
    trail = wiring.audit_trail(profile, via=via, clock=provider.clock)
    return assemble(profile, provider, trail, read_only=read_only, clock=provider.clock)

wiring.open_workspace = opened
for number, argv in enumerate(json.load(open("commands.json"))):
    if child := os.fork():
        print(json.dumps(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])), flush=True)
        continue
    pathlib.Path("secret").unlink(missing_ok=True)
    for at, name in enumerate(("stdin", "stdout", "stderr")):
        if at in CLOSED:
            os.close(at)
            setattr(sys, name, None)
        else:
            how = os.O_RDONLY if at == 0 else os.O_WRONLY | os.O_CREAT
            file = os.open(os.devnull if at == 0 else f"{number}.{name}", how)
            os.dup2(file, at)
            os.close(file)
    code = run(argv)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
"""


def leaves(parser: argparse.ArgumentParser, words: str = "") -> Iterator[list[str]]:
    """Every command line that runs something."""
    deeper = [
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    ]
    if not deeper or not words:
        yield [*words.split(), *GIVEN.get(words, _positionals(parser))]
    for action in deeper:
        for name, below in action.choices.items():
            yield from leaves(below, f"{words} {name}".strip())


def _positionals(parser: argparse.ArgumentParser) -> list[str]:
    return [
        "x"
        for action in parser._actions
        if not action.option_strings and not isinstance(action, argparse._SubParsersAction)
    ]


def commands() -> list[list[str]]:
    plain = [argv for argv in leaves(build_parser()) if argv[:1] != ["demo"] or len(argv) > 1]
    return [*plain, ["demo"], ["--help"], ["--version"], ["users", "list", "--json"], ["bogus"]]


def run_all(folder: Path, closed: tuple[int, ...]) -> list[tuple[list[str], int, str, str]]:
    """Each command with its exit code and what it wrote, with these streams closed."""
    folder.mkdir()
    person = {"userName": "ana@corp.example", "displayName": "Ana Lee", "familyName": "Lee"}
    person |= {"givenName": "Ana", "email": "ana@corp.example", "externalId": "1"}
    (folder / "people.json").write_text(json.dumps([person]))
    (folder / "commands.json").write_text(json.dumps(commands()))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "SCIM_TUI_DATA_DIR": str(folder / "data"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import json\nCLOSED = {closed!r}\n{RUN}"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    codes = [int(line) for line in done.stdout.splitlines()]

    def wrote(number: int, name: str) -> str:
        file = folder / f"{number}.{name}"
        return file.read_text() if file.exists() else ""

    return [
        (argv, code, wrote(n, "stdout"), wrote(n, "stderr"))
        for n, (argv, code) in enumerate(zip(commands(), codes, strict=True))
    ]


@pytest.fixture(scope="module")
def open_streams(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[list[str], int, str, str]]:
    return run_all(tmp_path_factory.mktemp("open") / "run", ())


def test_the_commands_do_something(
    open_streams: list[tuple[list[str], int, str, str]],
) -> None:
    assert len(open_streams) > 35
    ended = {" ".join(argv): code for argv, code, _, _ in open_streams}
    assert [name for name, code in ended.items() if code == 70] == []
    assert sum(code == 0 for code in ended.values()) > 20, ended


@pytest.mark.parametrize("which", CLOSED)
def test_a_closed_stream_changes_nothing_else(
    which: str, open_streams: list[tuple[list[str], int, str, str]], tmp_path: Path
) -> None:
    found = run_all(tmp_path / "run", CLOSED[which])
    for (argv, code, out, err), (_, usual, usual_out, usual_err) in zip(
        found, open_streams, strict=True
    ):
        assert code == usual, (argv, err)
        assert "Traceback" not in err
        assert "made a mistake" not in err
        if 1 not in CLOSED[which]:
            assert len(out.splitlines()) == len(usual_out.splitlines()), argv
        if 2 not in CLOSED[which]:
            assert len(err.splitlines()) == len(usual_err.splitlines()), argv


@pytest.mark.parametrize("closing", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_a_shell_closes_them_too(place: Path, closing: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m scim_tui profiles list {closing}'],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (">&- " not in f"{closing} " or closing == "2>&-")


def test_words_that_cannot_be_written_end_no_command(command: Command, place: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scim_tui", "audit", "list"],
            stdout=subprocess.PIPE,
            stderr=full,
            check=False,
        )
    assert done.returncode == 0


def test_a_version_that_cannot_be_written_is_an_error(place: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scim_tui", "--version"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, "No space left" in done.stderr) == (1, True)
