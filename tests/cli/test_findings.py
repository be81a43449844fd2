"""What `doctor` says about a terminal it is shown."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scim_tui.cli import findings
from scim_tui.cli.findings import Finding

SETTINGS = ("TERM", "COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "SSH_CONNECTION",
            "SSH_TTY", "TMUX", "STY")  # fmt: skip


@pytest.fixture(autouse=True)
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 by 24 without any setting."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")


def seen(monkeypatch: pytest.MonkeyPatch, **settings: str) -> dict[str, Finding]:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return {each.name: each for each in findings.terminal()}


def test_a_good_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    found = seen(monkeypatch, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
    marks = {name: each.mark for name, each in found.items() if name != "Clipboard"}
    assert set(marks.values()) == {"[ok]"}
    assert found["Size"].evidence == "80x24"
    assert found["Colour"].evidence == "16 million"


@pytest.mark.parametrize(
    ("settings", "name", "mark", "evidence"),
    [
        ({"TERM": "dumb"}, "Terminal", "[!!]", "dumb"),
        ({}, "Terminal", "[!!]", "not set"),
        ({"NO_COLOR": "1"}, "Colour", "[ok]", "NO_COLOR"),
        ({"TERM": "tmux-256color"}, "Colour", "[ok]", "256"),
        ({"COLUMNS": "50"}, "Size", "[!!]", "50x24"),
        ({"LC_ALL": "C", "LANG": "C.UTF-8"}, "Letters", "[ ?]", "LC_ALL is C"),
        ({"SSH_TTY": "/dev/pts/1"}, "Link", "[ ?]", "without tmux"),
        ({"SSH_TTY": "/dev/pts/1", "TMUX": "x"}, "Link", "[ok]", "inside tmux"),
        ({"STY": "x"}, "Clipboard", "[ ?]", "GNU screen"),
        ({}, "Clipboard", "[ ?]", "OSC 52"),
    ],
)
def test_what_could_be_better(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], name: str, mark: str, evidence: str
) -> None:
    monkeypatch.setenv("PATH", "")
    found = seen(monkeypatch, **settings)[name]
    assert (found.mark, evidence in found.evidence) == (mark, True), found
    assert found.fix or mark == "[ok]"


@pytest.mark.parametrize(
    ("setting", "mark"), [("external", "[ok]"), ("on", "[ok]"), ("off", "[!!]"), (None, "[ ?]")]
)
def test_tmux_is_asked(
    monkeypatch: pytest.MonkeyPatch, place: Path, setting: str | None, mark: str
) -> None:
    if setting is not None:
        tmux = place / "tmux"
        tmux.write_text(f"#!/bin/sh\necho {setting}\n")
        tmux.chmod(0o755)
    monkeypatch.setenv("PATH", str(place))
    assert seen(monkeypatch, TMUX="x")["Clipboard"].mark == mark


def test_a_pipe_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    found = seen(monkeypatch)
    assert {found["Terminal"].mark, found["Size"].mark} == {"[--]"}


def test_files_and_folders(place: Path) -> None:
    assert findings.data_folder(place / "none").mark == "[--]"
    assert findings.config(place / "none.toml").mark == "[--]"
    private = place / "private"
    private.mkdir(mode=0o700)
    assert findings.data_folder(private).mark == "[ok]"
    config = place / "c.toml"
    config.touch(0o644)
    assert findings.config(config).mark == "[ok]"
    assert findings.config(config / "below").mark == "[!!]"
    assert findings.data_folder(config / "below").mark == "[!!]"


def test_a_config_that_is_named_has_to_exist(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(place / "none.toml"))
    found = findings.config(place / "none.toml")
    assert found.mark == "[!!]"
    assert "not needed" not in found.evidence


def test_doctor_runs_in_a_real_process(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scim_tui", "doctor"],
        capture_output=True, text=True, check=False, env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
