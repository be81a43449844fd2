"""Tables of what scim-tui costs beside its peers and beside the floor, made in one run."""

import argparse
import sys
import time
from importlib import import_module

from benchmarks.machine import machine_line
from benchmarks.report import Report

GROUPS = ("service", "start", "client", "directory", "access", "mapping", "events")


def main(arguments: list[str] | None = None) -> int:
    """Print the tables asked for, and the machine they were made on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        choices=GROUPS,
        metavar="NAME",
        help=f"one of {', '.join(GROUPS)}; again for more",
    )
    parser.add_argument("--users", type=int, default=0, metavar="N", help="users of the directory")
    parser.add_argument("--quick", action="store_true", help="few repeats, small stores")
    chosen = parser.parse_args(arguments)
    report, started = Report(), time.monotonic()
    print(machine_line())
    print("Ratios are medians over rounds taken in turns; on a busy machine they vary by a fifth.")
    for name in chosen.only or GROUPS:
        more = {"size": chosen.users} if name == "directory" and chosen.users else {}
        import_module(f"benchmarks.{name}").run(report, quick=chosen.quick, **more)
    report.summary()
    print(f"\n{time.monotonic() - started:.0f} s; {machine_line()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
