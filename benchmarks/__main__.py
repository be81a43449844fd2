"""Run the benchmarks: `python -m benchmarks [--only NAME ...] [--quick]`."""

import argparse
import sys
from collections.abc import Callable

from benchmarks.machine import machine_line

GROUPS: dict[str, Callable[[bool], None]] = {}


def main(arguments: list[str] | None = None) -> int:
    """Print the tables asked for, and the machine they were made on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=sorted(GROUPS), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="few repeats and small stores")
    chosen = parser.parse_args(arguments)
    print(machine_line())
    for name, run in GROUPS.items():
        if chosen.only is None or name in chosen.only:
            run(chosen.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
