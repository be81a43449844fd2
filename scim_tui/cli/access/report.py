"""`scim-tui access report`: all access as a file."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.access.load import crawl, say_limits
from scim_tui.cli.base.args import command, in_workspace, path
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.load import Loading, add_deadline
from scim_tui.cli.base.output import print_json, say

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.workspace import Workspace


def add(nouns: "Commands") -> None:
    """Add the command."""
    parser = command(
        nouns,
        "report",
        "write all access to a file",
        _run,
        example="scim-tui access report --out access.html\n"
        "scim-tui access report --out people.csv --people --refresh",
    )
    parser.add_argument(
        "--out", metavar="FILE", type=path, required=True, help=".html, .csv or .json"
    )
    parser.add_argument(
        "--people", action="store_true", help="a row for each person, not for each assignment"
    )
    parser.add_argument("--refresh", action="store_true", help="crawl before")
    add_deadline(parser)


def _run(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        load = Loading(space, args.deadline)
        if args.refresh:
            await crawl(space, load)
        rows = await space.access.report(args.out, people=args.people)
        if args.json:
            print_json({"profile": space.profile.name, "file": str(args.out), "rows": rows})
        else:
            say(f"Wrote {rows:,} rows to {args.out}.")
        await say_limits(space)
        return load.end(Exit.DONE)

    return in_workspace(args, work)
