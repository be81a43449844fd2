"""The benchmarks still run; how fast things are is not for tests to say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.measure import Samples
from benchmarks.report import Report
from tests.patience import DEADLINE

ROOT = Path(__file__).parents[2]


def test_the_command_prints_a_table_and_the_machine() -> None:
    # Coverage would load modules of its own into the child.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", "client"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environ,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ScimClient" in done.stdout
    assert "cores" in done.stdout.splitlines()[0]


def test_a_ratio_is_taken_round_by_round() -> None:
    mine = Samples([[2.0, 2.0, 9.0], [20.0, 20.0, 90.0], [500.0] * 4])
    theirs = Samples([[1.0], [10.0], [100.0]])
    assert mine.over(theirs) == 2.0


def test_an_aim_that_is_missed_is_called_so(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.at_least("listing", 19.9, 20)
    report.at_most("first frame", 1.5, 1.5)
    report.summary()
    said = capsys.readouterr().out
    assert "MISSED  listing: 19.9x (aim >= 20x)" in said
    assert "met     first frame: 1.50x (aim <= 1.5x)" in said
    assert "1 met, 1 missed" in said
