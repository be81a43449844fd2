"""From the start of the process to the first frame on a pty, and to the end of `--help`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Samples, Subject, interleaved
from benchmarks.pty_start import SIZE, VISIBLE, painted
from benchmarks.report import Report, ms, times

_PYTHON = sys.executable
_APP = [_PYTHON, "-m", "scim_tui"]
_HELP_MS = 150.0


def run(report: Report, *, quick: bool) -> None:
    """Start both in turns."""
    rounds = 3 if quick else 9
    report.title(
        f"Start, {rounds} rounds in turns",
        f"First frame: {VISIBLE} visible characters on a {SIZE[0]}x{SIZE[1]} pty.",
        "Whole frame: the last line is there too. Minimal: a Textual App with one Static.",
    )
    with tempfile.TemporaryDirectory(prefix="scim-bench-") as folder:
        frames = _frames(Path(folder), rounds)
        helps = _helps(Path(folder), rounds)
    minimal = frames["minimal"]
    rows = [
        [name, ms(samples.median), times(samples.over(minimal))] for name, samples in frames.items()
    ]
    report.table(["to the first frame", "median", "of minimal"], rows)
    report.at_most("first frame against the minimal app", frames["scim-tui"].over(minimal), 1.5)
    rows = [[name, ms(samples.median)] for name, samples in helps.items()]
    report.table(["whole process", "median"], rows)
    report.at_most("scim-tui --help", helps["scim-tui --help"].median * 1000, _HELP_MS, " ms")


def _frames(folder: Path, rounds: int) -> dict[str, Samples]:
    environ = environ_of(folder)
    commands = {"minimal": [_PYTHON, "-m", "benchmarks.minimal"], "scim-tui": _APP}
    samples = {name: Samples() for name in (*commands, "scim-tui, whole frame")}
    for number in range(-1, rounds):
        for name in list(commands)[:: -1 if number % 2 else 1]:
            found = painted(commands[name], environ, whole=name == "scim-tui")
            if number < 0:
                continue  # files are read from the disk and compiled once
            samples[name].rounds.append([found.first])
            if name == "scim-tui":
                samples["scim-tui, whole frame"].rounds.append([found.whole])
    return samples


def _helps(folder: Path, rounds: int) -> dict[str, Samples]:
    environ = environ_of(folder)
    commands = {
        "python -c pass": [_PYTHON, "-c", "pass"],
        "scim-tui --help": [*_APP, "--help"],
        "scim-tui tokens create --help": [*_APP, "tokens", "create", "--help"],
    }

    def subject(command: list[str]) -> Subject:
        return Subject(
            lambda: subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)
        )

    return interleaved({name: subject(command) for name, command in commands.items()}, rounds)


def environ_of(folder: Path) -> dict[str, str]:
    """A good terminal, and nothing of the person who runs this."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "SCIM_TUI_DATA_DIR": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
