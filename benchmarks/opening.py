"""From the start of the process to kept rows on a terminal: of a million as of a thousand."""

import os
import sys
from pathlib import Path
from unittest import mock

from benchmarks.measure import Subject, interleaved
from benchmarks.pty_start import SIZE, listed
from benchmarks.report import Report, ms
from benchmarks.start import environ_of
from scim_tui.config.profiles import load_profiles
from scim_tui.core.index.file import kept_at

_APP = [sys.executable, "-m", "scim_tui", "--profile", "env"]
_NOBODY = "http://127.0.0.1:9/t/scim/v2"
"""Where no server is: what is shown was kept."""
_DIRECTORY = "4"


def openings(report: Report, files: dict[int, Path], rounds: int) -> None:
    """The directory opened by its key, in turns."""
    small, large = files
    subjects = {f"{size:,}": Subject(_Opening(file)) for size, file in files.items()}
    found = interleaved(subjects, rounds)
    report.title(
        "A kept directory opened on a terminal",
        f"Process start, the key for the directory, ten rows on a {SIZE[0]}x{SIZE[1]} pty.",
    )
    rows = [[name, ms(samples.median), ms(max(samples.all))] for name, samples in found.items()]
    report.table(["users", "median", "most"], rows)
    ratio = found[f"{large:,}"].over(found[f"{small:,}"])
    report.at_most(f"rows of {large:,} kept users on a screen over {small:,}", ratio, 1.3)


class _Opening:
    """A home of its own for each file, which is linked to where the profile keeps its list."""

    def __init__(self, file: Path) -> None:
        home = file.parent / f"{file.stem}-home"
        more = {"SCIM_TUI_ENDPOINT": _NOBODY, "SCIM_TUI_TOKEN": "none"}
        self._environ = environ_of(home) | more
        with mock.patch.dict(os.environ, self._environ, clear=True):
            kept = kept_at(load_profiles().choose("env"))
        assert kept is not None
        kept.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        kept.unlink(missing_ok=True)
        os.link(file, kept)

    def __call__(self) -> float:
        return listed(_APP, self._environ, _DIRECTORY, "corp.example")
