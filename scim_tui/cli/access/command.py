"""`scim-tui access`: crawl who has which permission set where, and list it."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.access import findings as access_findings
from scim_tui.cli.access import list as access_list
from scim_tui.cli.access import report as access_report
from scim_tui.cli.access.load import crawl
from scim_tui.cli.base.args import command, in_workspace, nouns
from scim_tui.cli.base.load import Loading, add_deadline
from scim_tui.cli.base.output import print_fields, print_json

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.access.api import Ages
    from scim_tui.core.workspace import Workspace


def add(commands: "Commands") -> None:
    """Add the commands."""
    access = nouns(
        command(
            commands,
            "access",
            "AWS accounts and permission sets: crawl, list, report, findings",
            None,
            example="scim-tui access crawl\nscim-tui access list --user ana@corp.example",
        )
    )
    parser = command(
        access,
        "crawl",
        "read users, groups, members and all assignments, and keep them",
        _crawl,
        example="scim-tui access crawl\nscim-tui access crawl --only-assignments --deadline 10m",
    )
    parser.add_argument(
        "--only-assignments",
        action="store_true",
        help="leave users, groups and members as they were listed before",
    )
    add_deadline(parser)
    access_list.add(access)
    access_report.add(access)
    access_findings.add(access)


def _crawl(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        from scim_tui.cli.base.exits import Exit

        load = Loading(space, args.deadline)
        await crawl(space, load, only_assignments=args.only_assignments)
        rows, ages = await space.access.assignments(), await space.access.ages()
        counts = {
            "assignments": len(rows),
            "accounts": len({row.account_id for row in rows}),
            "permission_sets": len({row.set_id for row in rows}),
        }
        if args.json:
            print_json({"profile": space.profile.name, **counts, **as_object(ages)})
        else:
            print_fields((name.replace("_", " "), f"{count:,}") for name, count in counts.items())
        return load.end(Exit.DONE)

    return in_workspace(args, work)


def as_object(ages: "Ages") -> dict[str, object]:
    """How old what is known is, for JSON."""
    return {
        "as_of": ages.assignments,
        "memberships_as_of": ages.memberships,
        "users_as_of": ages.users,
    }
