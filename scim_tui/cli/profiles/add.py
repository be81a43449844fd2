"""`scim-tui profiles add`: prompt for a connection, test it, and write it to the config file."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_json, say
from scim_tui.config.keys import KEYS, Key, Span
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from scim_tui.cli.base.args import Commands
    from scim_tui.config.profile_form import Field, Typed
    from scim_tui.config.profiles import Profile

_ASKED = ("provider", "endpoint", "admin_endpoint", "way", "place", "secret", "production")
"""The fields that are asked for; the others have their usual value."""


def add(verbs: "Commands") -> None:
    """Add the command."""
    parser = command(
        verbs,
        "add",
        "add a profile to the config file, once its connection works",
        _run,
        example="scim-tui profiles add prod\n"
        "scim-tui profiles add prod --provider scim --endpoint https://scim.example.com/v2"
        " --token-file ~/prod.token --production\n"
        "pass show scim | scim-tui profiles add prod --provider scim"
        " --endpoint https://scim.example.com/v2 --token-file ~/new.token --new-secret",
    )
    parser.add_argument("name", metavar="NAME", help="name of the new profile")
    for key, about in KEYS.items():
        if key != "read_only":  # --read-only and --read-write are options of every command
            _option(parser, key, about)
    parser.add_argument(
        "--new-secret",
        action="store_true",
        help="read the secret, hidden or from stdin, and put it there",
    )
    parser.add_argument(
        "--default",
        default=None,
        action=argparse.BooleanOptionalAction,
        help="open it when no profile is named (the first profile: yes; else it is asked)",
    )
    parser.add_argument("--no-test", action="store_true", help="write it down untried")


def _option(parser: argparse.ArgumentParser, key: str, about: Key) -> None:
    flag = f"--{key.replace('_', '-')}"
    if about.kind is bool:
        parser.add_argument(
            flag,
            dest=f"key_{key}",
            default=None,
            action=argparse.BooleanOptionalAction,
            help=about.meaning,
        )
    else:
        kinds: dict[type, tuple[Callable[[str], str | float], str]] = {
            float: (float, "SECONDS"),
            Span: (_span, "SPAN"),
        }
        kind, word = kinds.get(about.kind, (str, "TEXT"))
        parser.add_argument(flag, dest=f"key_{key}", type=kind, metavar=word, help=about.meaning)


def _span(text: str) -> str:
    """A span as it is written down; the unit is not guessed."""
    from scim_tui.config.spans import WRITE, read_span

    if read_span(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no span. {WRITE}")
    return text


def _run(args: argparse.Namespace) -> int:
    import asyncio

    from scim_tui.config import profile_form as drafts
    from scim_tui.config.add_profile import add_profile, proposed

    typed: Typed = {}
    if not (values := _given(args)):
        typed = asyncio.run(_ask(args.name))
        values = drafts.values(typed)
    proposed(args.name, values)
    secret = asyncio.run(_new_secret(typed)) if args.new_secret or "secret" in typed else None
    profile = proposed(args.name, values, secret)
    if not args.no_test and not _works(profile, quiet=args.json):
        say("Nothing was written: the connection does not work. --no-test writes it anyhow.")
        return Exit.NO
    default, why = asyncio.run(_as_default(args))
    path = add_profile(args.name, values, secret, default=default)
    if args.json:
        print_json({"name": args.name, "config": str(path), "default": default})
    say(f"{path} has the profile {args.name}.")
    say(f"  {why}")
    say(f"  Open it with: {_opens(args.name)}")
    return Exit.DONE


async def _as_default(args: argparse.Namespace) -> tuple[bool, str]:
    """Whether the new profile becomes the default, and a sentence about it."""
    from scim_tui.cli.base.prompt import ask, at_terminal
    from scim_tui.config.default import ONLY, default_in_file

    now, wanted = default_in_file(), args.default
    if wanted is None and now is None:
        return True, ONLY.format(name=args.name)
    now = now or "local"
    if wanted is None and at_terminal() and not args.json:
        answer = await ask(f"Make {args.name} the default instead of {now}? yes (Enter: no):")
        wanted = answer.lower() in {"y", "yes"}
    if wanted:
        return True, f"It is the default now, instead of {now}."
    return False, f"The default is {now}, as before; --default makes a new profile the default."


def _opens(name: str) -> str:
    """The first profile is the default."""
    from scim_tui.config.profiles import load_profiles

    default = load_profiles().default == name
    return "scim-tui" if default else f"scim-tui --profile {name}"


async def _new_secret(typed: "Typed") -> "SecretStr":
    """The secret from a person, without an echo, or from a pipe."""
    import sys

    from pydantic import SecretStr

    from scim_tui.cli.base.prompt import ask_secret, at_terminal

    if "secret" in typed:
        return SecretStr(typed["secret"])
    if at_terminal():
        return await ask_secret("The secret (it is not shown):")
    return SecretStr(sys.stdin.read(65_536).strip())


def _works(profile: "Profile", *, quiet: bool) -> bool:
    import asyncio

    from scim_tui.cli.base.findings import print_findings
    from scim_tui.core.doctor.connection import look
    from scim_tui.wiring import connectors

    return (
        asyncio.run(print_findings(look(profile, connectors()), as_json=False, quiet=quiet))
        == Exit.DONE
    )


def _given(args: argparse.Namespace) -> "dict[str, str | bool | float]":
    options = {key: getattr(args, f"key_{key}", None) for key in KEYS}
    if args.read_only or args.read_write:
        options["read_only"] = bool(args.read_only)
    return {key: value for key, value in options.items() if value is not None}


async def _ask(name: str) -> "Typed":
    """Prompt for the required fields. Raises `UsageError` without a terminal."""
    from scim_tui.cli.base.prompt import at_terminal
    from scim_tui.config.profile_form import fields

    if not at_terminal():
        raise UsageError(
            "There is no terminal to ask at.", "Name the keys: see profiles add --help."
        )
    typed = {"name": name}
    for wanted in _ASKED:
        field = next((each for each in fields(typed) if each.id == wanted), None)
        while field is not None:
            typed[wanted] = await _answer(field)
            field = field if _says_what_is_wrong(typed, field) else None
    return typed


async def _answer(field: "Field") -> str:
    from scim_tui.cli.base.prompt import ask, ask_secret

    say(f"  {field.meaning}")
    if field.hidden:
        return (await ask_secret(f"{field.label}:")).get_secret_value()
    example = f" ({', '.join(field.choices)})" if field.choices else ""
    return await ask(f"{field.label}{example}:")


def _says_what_is_wrong(typed: "Typed", field: "Field") -> bool:
    from scim_tui.config.field_errors import remark

    if field.choices and typed[field.id] not in {"", *field.choices}:
        say(f"  {typed[field.id]!r} is none of them.")
        return True
    found = remark(typed, field)
    if found is not None:
        say(f"  {found.words}")
    return found is not None and found.stops
