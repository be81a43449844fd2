"""`scim-tui doctor`: what would work here, what would not, and what to do about it."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from scim_tui.cli.args import chosen_profile, command
from scim_tui.cli.exits import Exit
from scim_tui.cli.output import print_json
from scim_tui.model.errors import ScimTuiError

if TYPE_CHECKING:
    from scim_tui.cli.args import Commands
    from scim_tui.cli.findings import Finding


def add(commands: "Commands") -> None:
    """Add the command."""
    command(
        commands, "doctor", "check this machine, the connection and the terminal", _run,
        example="scim-tui doctor --profile prod",
    )  # fmt: skip


def _run(args: argparse.Namespace) -> int:
    from scim_tui.cli.findings import BAD, print_findings

    found = list(_everything(args))
    if args.json:
        print_json({"findings": [asdict(each) for each in found]})
    else:
        print_findings(found)
    return Exit.NO if any(each.mark == BAD for each in found) else Exit.DONE


def _everything(args: argparse.Namespace) -> "Iterator[Finding]":
    import asyncio

    from scim_tui.cli import findings
    from scim_tui.cli.connection import look
    from scim_tui.config.paths import config_file

    yield from findings.machine()
    yield findings.config(config_file())
    try:
        profile = chosen_profile(args)
    except ScimTuiError as error:
        yield findings.Finding("Profile", findings.BAD, error.message, error.hint)
    else:
        yield findings.data_folder(profile.data_dir)
        yield from asyncio.run(look(profile))
    yield from findings.terminal()
