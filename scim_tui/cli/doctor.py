"""`scim-tui doctor`: what would work here, what would not, and what to do about it."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from scim_tui.cli.args import chosen_profile, command
from scim_tui.cli.exits import Exit
from scim_tui.cli.output import line, print_json
from scim_tui.model.errors import ScimTuiError

if TYPE_CHECKING:
    from scim_tui.cli.args import Commands
    from scim_tui.cli.findings import Finding
    from scim_tui.config.profiles import Profile
    from scim_tui.core.marks import Signal

_ASKED = ("Endpoint probe", "Token expiry", "Auth failures 24h", "Refused objects", "Audit trail")


def add(commands: "Commands") -> None:
    """Add the command."""
    command(
        commands, "doctor", "check this machine, the connection and the terminal", _run,
        example="scim-tui doctor --profile prod",
    )  # fmt: skip


def _run(args: argparse.Namespace) -> int:
    from scim_tui.cli.findings import BAD

    found = list(_everything(args))
    if args.json:
        print_json({"findings": [asdict(each) for each in found]})
    else:
        _print(found)
    return Exit.NO if any(each.mark == BAD for each in found) else Exit.DONE


def _everything(args: argparse.Namespace) -> "Iterator[Finding]":
    import asyncio

    from scim_tui.cli import findings
    from scim_tui.config.paths import config_file

    yield from findings.machine()
    yield findings.config(config_file())
    try:
        profile = chosen_profile(args)
    except ScimTuiError as error:
        yield findings.Finding("Profile", findings.BAD, error.message, error.hint)
    else:
        yield findings.data_folder(profile.data_dir)
        yield from asyncio.run(_connection(profile))
    yield from findings.terminal()


async def _connection(profile: "Profile") -> "list[Finding]":
    """Open the profile read-only and look at it once."""
    from scim_tui.cli.findings import BAD, OK, Finding
    from scim_tui.wiring import open_workspace

    try:
        space = await open_workspace(profile, read_only=True, via="cli")
    except ScimTuiError as error:
        return [Finding("Profile", BAD, f"{profile.label}: {error.message}", error.hint)]
    try:
        snapshot = await space.health.take()
        state = f"{profile.label}: {space.provider.title}, provisioning {snapshot.status.state}"
        rows = [row for row in space.health.signals(snapshot) if row.name in _ASKED]
        return [Finding("Profile", OK, state), *map(_finding, rows)]
    except ScimTuiError as error:
        return [Finding("Profile", BAD, f"{profile.label}: {error.message}", error.hint)]
    finally:
        await space.aclose()


_FIXES = {
    "Endpoint probe": "Is the service running, and does the network let you through?",
    "Token expiry": "Make a new token, install it in the IdP, delete the old one.",
    "Auth failures 24h": "A wrong or deleted token is in use: scim-tui activity --failures",
    "Refused objects": "scim-tui activity --failures",
    "Audit trail": "Keep a copy of the file, then find out who changed it.",
}


def _finding(row: "Signal") -> "Finding":
    """A signal as a finding: a token that has to be replaced soon is not fine."""
    from scim_tui.cli.findings import BAD, Finding

    bad = row.mark in {BAD, "[EXP]", "[ 7]", "[30]"}
    fix = _FIXES.get(row.name, "") if bad else ""
    return Finding(row.name, BAD if bad else row.mark, row.detail, fix)


def _print(found: "Iterable[Finding]") -> None:
    from scim_tui.cli.output import cell_width
    from scim_tui.model.visible import reveal

    rows = list(found)
    widest = max(cell_width(row.name) for row in rows)
    for row in rows:
        line(f"{row.mark:<5} {row.name:<{widest}}  {reveal(row.evidence)}")
        if row.fix:
            line(f"{'':<{widest + 6}}  -> {reveal(row.fix)}")
