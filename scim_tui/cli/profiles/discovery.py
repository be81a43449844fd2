"""`scim-tui profiles discovery`: what the server of a profile says it supports."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_json

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.workspace import Workspace


def add(verbs: "Commands") -> None:
    """Add the command below `profiles`."""
    parser = command(
        verbs,
        "discovery",
        "tell what a SCIM server says it can do",
        _discovery,
        example="scim-tui profiles discovery prod --json",
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="else the default one")


def _discovery(args: argparse.Namespace) -> int:
    from scim_tui.config.profiles import load_profiles

    async def work(space: "Workspace") -> int:
        from scim_tui.cli.base.findings import print_finding
        from scim_tui.core.doctor.discovery import asked, discovery_findings

        found = await asked(space)
        if args.json:
            print_json(found)
        else:
            for finding in discovery_findings(found, space.clock()):
                print_finding(finding)
        return Exit.DONE

    return in_workspace(args, work, load_profiles().choose(args.name or args.profile))
