"""`scim-tui doctor`: checks of this machine, the profile, the connection and the terminal."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import chosen_profile, command

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands


def add(commands: "Commands") -> None:
    """Add the command."""
    parser = command(
        commands,
        "doctor",
        "check this machine, the connection and the terminal",
        _run,
        example="scim-tui doctor --profile prod\n"
        "scim-tui doctor --iam-policy members activity > policy.json",
    )
    parser.add_argument(
        "--iam-policy",
        metavar="FEATURE",
        nargs="*",
        default=None,
        help="print the IAM policy that an identity-center profile needs, for all or some features",
    )


def _run(args: argparse.Namespace) -> int:
    if args.iam_policy is not None:
        from scim_tui.cli.doctor.iam_policy import print_policy

        return print_policy(args)
    import asyncio

    from scim_tui.cli.base.findings import print_findings
    from scim_tui.core.doctor.examine import examine
    from scim_tui.wiring import connectors

    found = examine(lambda: chosen_profile(args), connectors())
    return asyncio.run(print_findings(found, as_json=args.json))
