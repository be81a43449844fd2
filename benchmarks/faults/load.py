"""Rotations one after the other while the IdP pushes: is a request ever refused because of one?"""

import tempfile
import time
from pathlib import Path

from benchmarks.faults.processes import Mortal, Outcome, Yard


def run(rotations: int) -> Outcome:
    """So many rotations without a fault, under 20 requests a second."""
    began, outcome = time.monotonic(), Outcome()
    with tempfile.TemporaryDirectory(prefix="scim-tui-load-") as name:
        yard = Yard(Path(name))
        for number in range(rotations):
            wrong, _ = yard.rotate(f"run-{number}", lambda _: Mortal())
            outcome.count(f"rotation {number}", wrong)
        outcome.seconds = time.monotonic() - began
        outcome.pushed, outcome.restarts = yard.close()
    return outcome
