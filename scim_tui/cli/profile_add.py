"""`scim-tui profiles add`: a connection is asked for, tried, and only then written down."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.args import command
from scim_tui.cli.exits import Exit
from scim_tui.cli.output import print_json, say
from scim_tui.config.keys import IN_FILE, KEYS, SECRET_KEYS, Key
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from scim_tui.cli.args import Commands
    from scim_tui.config.profiles import Profile

    Values = dict[str, str | bool]

_URL = {"scim": ("endpoint", "SCIM endpoint (https://...):"),
        "service": ("admin_endpoint", "Admin endpoint (https://.../admin/v1):")}  # fmt: skip
_SECRET = {"scim": "token", "service": "admin_key"}


def add(verbs: "Commands") -> None:
    """Add the command."""
    parser = command(
        verbs, "add", "add a profile to the config file, once its connection works", _run,
        example="scim-tui profiles add prod\n"
        "scim-tui profiles add prod --provider scim --endpoint https://scim.example.com/v2"
        " --token-file ~/prod.token --production",
    )  # fmt: skip
    parser.add_argument("name", metavar="NAME", help="name of the new profile")
    for key, about in KEYS.items():
        if key != "read_only":  # --read-only and --read-write are options of every command
            _option(parser, key, about)
    parser.add_argument("--no-test", action="store_true", help="write it down untried")


def _option(parser: argparse.ArgumentParser, key: str, about: Key) -> None:
    flag = f"--{key.replace('_', '-')}"
    if about.kind is bool:
        parser.add_argument(flag, dest=f"key_{key}", default=None,
                            action=argparse.BooleanOptionalAction, help=about.meaning)  # fmt: skip
    else:
        parser.add_argument(flag, dest=f"key_{key}", metavar="TEXT", help=about.meaning)


def _run(args: argparse.Namespace) -> int:
    from scim_tui.config.adding import add_profile, proposed

    values = _given(args)
    if not values:
        import asyncio

        asyncio.run(_ask(values))
    profile = proposed(args.name, values)
    if not args.no_test and not _works(profile):
        say("Nothing was written: the connection does not work. --no-test writes it anyhow.")
        return Exit.NO
    path = add_profile(args.name, values)
    if args.json:
        print_json({"name": args.name, "config": str(path)})
    say(f"{path} has the profile {args.name}.")
    say(f"  Open it with: scim-tui --profile {args.name}")
    return Exit.DONE


def _works(profile: "Profile") -> bool:
    import asyncio

    from scim_tui.cli.findings import tell
    from scim_tui.core.doctor.connection import look
    from scim_tui.wiring import ways

    return asyncio.run(tell(look(profile, ways()), as_json=False)) == Exit.DONE


def _given(args: argparse.Namespace) -> "Values":
    options = {key: getattr(args, f"key_{key}", None) for key in KEYS}
    if args.read_only or args.read_write:
        options["read_only"] = bool(args.read_only)
    return {key: value for key, value in options.items() if value is not None}


async def _ask(values: "Values") -> None:
    """Ask a person for what is needed. Raises `UsageError` when there is nobody."""
    from scim_tui.cli.asking import ask, at_terminal

    if not at_terminal():
        raise UsageError("Nobody can be asked here.", "Name the keys: see profiles add --help.")
    provider = await ask(f"Provider ({', '.join(IN_FILE)}):")
    values["provider"] = provider
    if provider in _URL:
        key, question = _URL[provider]
        values[key] = await ask(question)
        what = _SECRET[provider]
        ways = [name.removeprefix(f"{what}_") for name in SECRET_KEYS if name.startswith(what)]
        way = await ask(f"Where is the secret ({', '.join(ways)}):")
        if way not in ways:
            raise UsageError(f"{way!r} is no place for a secret.", f"One of {', '.join(ways)}.")
        values[f"{what}_{way}"] = await ask("Path, variable, command or keyring name:")
    if (await ask("Is it production (y/N):")).lower() in {"y", "yes"}:
        values["production"] = True
