"""The command itself, and `fleet calendar`."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command
from scim_tui.cli.base.output import line, print_json, print_jsonl, print_table, say
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scim_tui.cli.base.args import Commands
    from scim_tui.config.profiles import Profile
    from scim_tui.core.fleet.row import FleetRow

_NOTE = """
codes: that of the worst profile: healthy 0, degraded 1, failing 2, unknown 3; off is 0 where the
profile says expect = "off", else 1. Failing is worse than unknown.
"""
_WORST_FIRST = (2, 3, 1, 0)


def add(commands: "Commands") -> None:
    """Add the command."""
    parser = command(
        commands,
        "fleet",
        "every profile with its verdict; fleet calendar gives the ends of all tokens",
        _run,
        lists=True,
        example="scim-tui fleet\nscim-tui fleet --format prometheus > scim.prom\n"
        "scim-tui fleet calendar > tokens.ics",
    )
    parser.epilog = f"{parser.epilog}\n{_NOTE}"
    parser.add_argument(
        "verb",
        nargs="?",
        choices=("list", "calendar"),
        default="list",
        help="list (as without it), or the ends of all tokens as iCalendar",
    )
    parser.add_argument(
        "--format", choices=("table", "prometheus"), default="table", help="the form (table)"
    )
    parser.add_argument(
        "--seconds",
        metavar="N",
        type=float,
        default=15.0,
        help="the longest that one profile is waited for (15)",
    )


def _run(args: argparse.Namespace) -> int:
    from scim_tui.config.profiles import load_profiles
    from scim_tui.wiring import in_use

    if args.seconds <= 0:
        raise UsageError("--seconds must be more than 0.")
    found = load_profiles()
    if args.profile:
        profiles: Sequence[Profile] = (found.choose(args.profile),)
    else:
        profiles = in_use(tuple(found.by_name.values()))
    rows = _look(profiles, args.seconds)
    if args.verb == "calendar":
        return _calendar(rows)
    return _print(args, rows)


def _look(profiles: "Sequence[Profile]", seconds: float) -> "list[FleetRow]":
    """The rows in the order of the profiles."""
    import asyncio

    from scim_tui.core.fleet.look import look
    from scim_tui.core.workspace import Workspace
    from scim_tui.wiring import open_workspace

    async def opened(profile: "Profile") -> Workspace:
        return await open_workspace(profile, via="cli", read_only=True)

    async def everything() -> "dict[str, FleetRow]":
        return {row.profile: row async for row in look(profiles, opened, seconds=seconds)}

    found = asyncio.run(everything())
    return [found[profile.name] for profile in profiles]


def _calendar(rows: "list[FleetRow]") -> int:
    import sys

    from scim_tui.core.fleet.calendar import calendar
    from scim_tui.model.clock import utc_now

    blind = [row.profile for row in rows if row.snapshot is None or row.snapshot.error]
    for name in blind:
        say(f"{name} did not answer: its tokens are not in the calendar.")
    sys.stdout.write(calendar(rows, utc_now()))
    return 3 if blind else 0


def _print(args: argparse.Namespace, rows: "list[FleetRow]") -> int:
    from scim_tui.cli.fleet import forms

    reports = forms.reports(rows)
    code = min((each.code for each in reports), key=_WORST_FIRST.index, default=0)
    if args.format == "prometheus":
        from scim_tui.cli.status.forms import prometheus

        line(prometheus(reports))
        return 0
    if args.jsonl:
        print_jsonl([forms.data(row) for row in rows])
    elif args.json:
        print_json({"profiles": [forms.data(row) for row in rows], "code": code})
    else:
        print_table(
            forms.HEADS, [forms.cells(row) for row in rows], right="refused", whole="profile"
        )
    return code
