"""Shared by the parsers of all commands. Imports nothing slow, as `--help` uses it."""

import argparse
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from scim_tui.config.profiles import Profile
    from scim_tui.core.workspace import Workspace

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

    class Screens(Protocol):
        """A function that opens the screens, passed in: the command line must not import them."""

        def __call__(
            self, profile: Profile, *, read_only: bool, lean: bool, profiles: Sequence[Profile]
        ) -> int:
            """Give the exit code."""
            ...

    Work = Callable[[Workspace], Awaitable[int]]

WAYS = "keyring, file:PATH, command:CMD or stdout"
"""Where the secret of a new token can go."""
Run = Callable[[argparse.Namespace], int]


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """argparse's formatter without the import of `shutil` and its compression modules."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """The width of the terminal, as `shutil.get_terminal_size` gives it."""
    try:
        wanted = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        wanted = 0
    try:
        return wanted if wanted > 0 else os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


def common(
    parser: argparse.ArgumentParser, *, top: bool = False, lists: bool = False, csv: bool = False
) -> None:
    """Options that every command takes, before or after its name."""
    absent = None if top else argparse.SUPPRESS
    false = False if top else argparse.SUPPRESS
    parser.add_argument("--profile", metavar="NAME", default=absent, help="connection to use")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--read-only", action="store_true", default=false, help="refuse every change")
    mode.add_argument(
        "--read-write",
        action="store_true",
        default=false,
        help="allow changes where the profile is read-only",
    )
    if top:
        return
    form = parser.add_mutually_exclusive_group() if lists else parser
    form.add_argument("--json", action="store_true", help="print JSON")
    if lists:
        form.add_argument("--jsonl", action="store_true", help="print one JSON object a line")
    if csv:
        form.add_argument("--csv", action="store_true", help="print CSV, with no formula in it")


def command(
    commands: "Commands",
    name: str,
    text: str,
    run: Run | None,
    *,
    example: str,
    lists: bool = False,
    csv: bool = False,
    plain: bool = False,
) -> argparse.ArgumentParser:
    """A command with its one-line help and an example; `plain` leaves out the common options."""
    parser = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=examples(example),
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(asked=parser)
    if run:
        parser.set_defaults(run=run)
        if not plain:
            common(parser, lists=lists, csv=csv)
    return parser


def nouns(parser: argparse.ArgumentParser) -> "Commands":
    """The commands below a noun, one of which has to be named."""
    return parser.add_subparsers(metavar="COMMAND", required=True, dest="verb")


def secret_option(parser: argparse.ArgumentParser, text: str) -> None:
    """Add `--secret-to`."""
    parser.add_argument("--secret-to", metavar="WAY", default="", help=f"{text}: {WAYS}")


def path(text: str) -> "Path":
    """A path as an option names it."""
    from pathlib import Path

    return Path(text)


def examples(text: str) -> str:
    """The examples at the end of a help page."""
    lines = "\n".join(f"  {line}" for line in text.split("\n"))
    return f"{'examples' if chr(10) in text else 'example'}:\n{lines}"


def chosen_profile(args: argparse.Namespace) -> "Profile":
    """The profile of the command line, else of the environment, else the default one.

    `--read-write` and `--read-only` win over what the profile says.
    """
    from scim_tui.config.profiles import load_profiles

    return in_mode(load_profiles().choose(args.profile), args)


def in_mode(profile: "Profile", args: argparse.Namespace) -> "Profile":
    """The profile as `--read-only` or `--read-write` opens it."""
    from dataclasses import replace

    if args.read_only:
        return replace(profile, read_only=True)
    if args.read_write and profile.read_only:
        return replace(profile, read_only=False, write_asked=True)
    return profile


def open_screens(
    args: argparse.Namespace, profile: "Profile", profiles: "Sequence[Profile]" = ()
) -> int:
    """Open the screens on a profile, from which `profiles` can be switched to.

    Raises `UsageError` without a terminal.
    """
    screens: Screens | None = args.screens
    if screens is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The screens need a terminal for input and output.",
            "Name a command, as in: scim-tui provisioning status (see scim-tui --help).",
        )
    return screens(profile, read_only=bool(args.read_only), lean=args.lean, profiles=profiles)


def in_workspace(args: argparse.Namespace, work: "Work", profile: "Profile | None" = None) -> int:
    """Open the profile, do the work, close it; return the exit code of the work.

    Without a profile the one that the options name is opened.
    """
    import asyncio

    async def go() -> int:
        from scim_tui.wiring import open_workspace

        workspace = await open_workspace(profile or chosen_profile(args), via="cli")
        try:
            return await work(workspace)
        finally:
            await workspace.aclose()

    return asyncio.run(go())
