"""`scim-tui demo`: the screens on a throw-away service, with an IdP that keeps pushing."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, open_screens, path
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.demo.plan import PEOPLE, SEED, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scim_tui.cli.base.args import Commands
    from scim_tui.config.profiles import Profile

_MOST_PEOPLE = 100_000


def add(commands: "Commands") -> None:
    """Add the command."""
    parser = command(
        commands,
        "demo",
        "open the screens on sample people and a simulated IdP",
        run,
        plain=True,
        example="scim-tui demo\nscim-tui demo --seed 3 --people 500",
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, default=SEED, help="other people, other events"
    )
    parser.add_argument(
        "--people", metavar="N", type=_people, default=PEOPLE, help=f"how many ({PEOPLE})"
    )
    parser.add_argument("--backend", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--data", metavar="DIR", type=path, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Open the screens, or run the service for them."""
    if args.backend:
        from scim_tui.cli.demo.backend import serve_demo

        serve_demo(args.data)
        return Exit.DONE
    return _open(args)


def _open(args: argparse.Namespace) -> int:
    import shutil
    import tempfile
    from pathlib import Path

    from scim_tui.cli.demo.folder import prepare
    from scim_tui.config.profiles import Profile

    folder = Path(tempfile.mkdtemp(prefix="scim-tui-demo-"))
    try:
        prepare(folder, Plan(args.seed, args.people))
        profile = Profile(name="demo", provider="demo", data_dir=folder)
        return open_screens(args, profile, (profile, *_others()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _others() -> "Sequence[Profile]":
    """The profiles to switch to; none if the config file cannot be read."""
    from scim_tui.config.profiles import load_profiles
    from scim_tui.model.errors import UsageError

    try:
        found = load_profiles().by_name
    except UsageError:
        return ()
    return [profile for name, profile in found.items() if name != "demo"]


def _people(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_PEOPLE:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_PEOPLE:,}")
    return int(text)
