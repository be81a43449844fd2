"""A secret that nothing reads: its token is taken back or named, and the exit code says so."""

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import pytest

from scim_tui.cli.base import secret_to as delivery
from scim_tui.cli.rotation import watch as rotation_watch
from tests.cli.conftest import Command
from tests.cli.rotation.rotate_kit import NEW, OLD, Lab
from tests.fakes.memory import MemoryProvider

FORMS = [(), ("--json",)]
CREATE = ("tokens", "create", "--secret-to", "stdout")


@pytest.fixture
def pipe() -> Iterator[tuple[FileIO, FileIO]]:
    """The two ends of a pipe; a test may close either."""
    ends = tuple(map(FileIO, os.pipe(), ("r", "w")))
    with ends[0], ends[1]:
        yield ends[0], ends[1]


def start(*argv: str, stdout: int | FileIO) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "scim_tui", *argv],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*argv: str) -> str:
    child = start(*argv, stdout=subprocess.PIPE)
    return child.communicate()[0]


def tokens() -> list[str]:
    return [token["id"] for token in json.loads(run("tokens", "list", "--json"))["tokens"]]


@pytest.fixture
def service(place: Path) -> None:
    """The embedded service, with provisioning on and no token."""
    run("provisioning", "enable")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("closing", [">&-", ">/dev/null"])
@pytest.mark.usefixtures("service")
def test_a_closed_stdout_makes_no_token(form: tuple[str, ...], closing: str) -> None:
    line = f'"{sys.executable}" -m scim_tui {" ".join((*CREATE, *form))} {closing}'
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "stdout is closed" in done.stderr
    assert "made a mistake" not in done.stderr
    assert tokens() == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.usefixtures("service")
def test_a_reader_that_left_before(form: tuple[str, ...], pipe: tuple[FileIO, FileIO]) -> None:
    child = start(*CREATE, *form, stdout=pipe[1])
    pipe[0].close()
    pipe[1].close()
    _, words = child.communicate()
    assert child.returncode == 1
    assert "was deleted again" in words
    assert tokens() == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.usefixtures("service")
def test_a_reader_that_leaves_without_reading(
    form: tuple[str, ...], pipe: tuple[FileIO, FileIO]
) -> None:
    child = start(*CREATE, *form, stdout=pipe[1])
    pipe[1].close()
    select.select([pipe[0]], [], [])  # The secret stands in the pipe.
    pipe[0].close()
    _, words = child.communicate()
    assert child.returncode == 1
    assert "was deleted again" in words
    assert tokens() == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.usefixtures("service")
def test_a_reader_that_takes_its_time(form: tuple[str, ...], pipe: tuple[FileIO, FileIO]) -> None:
    child = start(*CREATE, *form, stdout=pipe[1])
    pipe[1].close()
    select.select([pipe[0]], [], [])
    assert child.poll() is None
    assert pipe[0].readall()
    assert child.communicate() is not None
    assert child.returncode == 0
    assert len(tokens()) == 1


def test_a_reader_that_never_reads_leaves_a_token_that_is_named(
    command: Command,
    provider: MemoryProvider,
    monkeypatch: pytest.MonkeyPatch,
    pipe: tuple[FileIO, FileIO],
) -> None:
    provider.access_tokens = []
    monkeypatch.setattr(delivery, "COMMAND_SECONDS", 0.05)
    with os.fdopen(os.dup(pipe[1].fileno()), "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        shown = command(*CREATE)
        monkeypatch.undo()
    assert shown.code == 1
    assert "token token-0001 exists" in shown.err
    assert "tokens delete token-0001 --confirm DELETE" in shown.err
    assert len(provider.access_tokens) == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_command_that_reads_nothing_has_nothing(
    command: Command, provider: MemoryProvider, form: tuple[str, ...]
) -> None:
    provider.access_tokens = []
    shown = command("tokens", "create", "--secret-to", "command:true", *form)
    assert shown.code == 1
    assert "did not read the secret" in shown.err
    assert "was deleted again" in shown.err
    assert provider.access_tokens == []


def test_the_first_token_of_all_is_taken_back_too(
    command: Command, provider: MemoryProvider
) -> None:
    provider.access_tokens = []
    command("provisioning", "disable", "--confirm", "DISABLE")
    shown = command("provisioning", "enable", "--secret-to", "command:true", "--json")
    assert shown.code == 1
    assert "was deleted again" in shown.err
    assert provider.access_tokens == []


def test_any_accident_takes_the_token_back(
    command: Command, provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> str:
        raise ZeroDivisionError

    provider.access_tokens = []
    monkeypatch.setattr(delivery.SecretTarget, "send", broken)
    shown = command("tokens", "create", "--secret-to", "command:cat")
    assert shown.code == 70
    assert provider.access_tokens == []


@pytest.fixture
def lab(
    provider: MemoryProvider, command: Command, place: Path, monkeypatch: pytest.MonkeyPatch
) -> Lab:
    made = Lab(provider, command, place)
    monkeypatch.setattr(rotation_watch, "sleep", made.pause)
    made.begin()
    return made


def test_a_rotation_names_the_token_that_a_command_did_not_read(lab: Lab) -> None:
    shown = lab.rotate("--secret-to", "command:true", "--no-input")
    assert (shown.code, lab.ids) == (1, [OLD, NEW])
    assert "did not read the secret" in shown.err
    assert NEW in shown.err


def test_a_rotation_makes_no_token_for_a_closed_stdout(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open(os.devnull, "w", encoding="utf-8") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        shown = lab.rotate("--secret-to", "stdout", "--no-input")
    assert (shown.code, lab.ids) == (1, [OLD])
    assert "stdout is closed" in shown.err


def test_a_rotation_names_the_token_whose_secret_stays_in_the_pipe(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, pipe: tuple[FileIO, FileIO]
) -> None:
    def leave() -> None:
        select.select([pipe[0]], [], [])
        pipe[0].close()

    reader = threading.Thread(target=leave)
    reader.start()
    with os.fdopen(os.dup(pipe[1].fileno()), "w") as stdout:
        pipe[1].close()
        monkeypatch.setattr(sys, "stdout", stdout)
        shown = lab.rotate("--secret-to", "stdout", "--no-input")
        monkeypatch.undo()
    reader.join()
    assert (shown.code, lab.ids) == (1, [OLD, NEW])
    assert "The secret was not read" in shown.err
    assert NEW in shown.err


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_token_is_named_before_anything_is_printed(
    command: Command, provider: MemoryProvider, form: list[str]
) -> None:
    provider.access_tokens = []
    shown = command("tokens", "create", "--secret-to", "command:cat", *form)
    token_id = shown.json["id"] if form else shown.out.split()[1]
    assert f"Token {token_id}: The secret went to the input of cat." in shown.err
