"""`scim-tui access findings`: what is dangerous or untidy about access."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.access.load import crawl, say_limits
from scim_tui.cli.base.args import command, in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.load import Loading, add_deadline
from scim_tui.cli.base.output import line, print_json, print_jsonl, print_table, say

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.access.api import AccessFinding
    from scim_tui.core.workspace import Workspace

SHOWN = 20
"""Cases of a finding that are printed without `--show`."""


def add(nouns: "Commands") -> None:
    """Add the command."""
    parser = command(
        nouns,
        "findings",
        "what is dangerous or untidy about access; exit 1 where something is",
        _run,
        lists=True,
        example="scim-tui access findings\nscim-tui access findings --refresh --json",
    )
    parser.add_argument("--refresh", action="store_true", help="crawl before")
    parser.add_argument(
        "--show", metavar="N", type=int, default=SHOWN, help=f"cases of each finding ({SHOWN})"
    )
    add_deadline(parser)


def _run(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        load = Loading(space, args.deadline)
        if args.refresh:
            await crawl(space, load)
        found = await space.access.findings()
        _print(args, space, found)
        await say_limits(space)
        return load.end(Exit.NO if any(map(_is_wrong, found)) else Exit.DONE)

    return in_workspace(args, work)


def _is_wrong(finding: "AccessFinding") -> bool:
    return finding.problem and isinstance(finding.count, int) and finding.count > 0


def _print(args: argparse.Namespace, space: "Workspace", found: "list[AccessFinding]") -> None:
    data = [_object(each) for each in found]
    if args.jsonl:
        print_jsonl(data)
    elif args.json:
        print_json({"profile": space.profile.name, "findings": data})
    else:
        rows = [[_count(each), each.title, each.code, each.fix] for each in found]
        print_table(("count", "finding", "code", "what to do"), rows, right="count")
        cases = [
            [each.code, row.name or "unknown", row.id, row.detail]
            for each in found
            for row in each.rows[: args.show]
        ]
        if cases:
            line()
            print_table(("code", "name", "id", "where"), cases)
        for each in found:
            if len(each.rows) > args.show:
                say(f"{len(each.rows) - args.show:,} more of {each.code}: --show, or --json")


def _count(finding: "AccessFinding") -> str:
    return f"{finding.count:,}" if isinstance(finding.count, int) else finding.count.value


def _object(finding: "AccessFinding") -> dict[str, object]:
    return {
        "code": finding.code,
        "title": finding.title,
        "count": finding.count,
        "problem": finding.problem,
        "what_to_do": finding.fix,
        "cases": [
            {"name": row.name or None, "id": row.id, "where": row.detail or None}
            for row in finding.rows
        ],
    }
