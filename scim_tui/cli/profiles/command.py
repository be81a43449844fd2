"""`scim-tui profiles`: list, add and test connections."""

import argparse
from typing import TYPE_CHECKING, Any

from scim_tui.cli.base.args import command, in_mode, nouns
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_json, print_jsonl, print_table
from scim_tui.cli.profiles import add as profile_add
from scim_tui.cli.profiles import discovery as profile_discovery

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.config.profiles import Profile

HEADS = ("", "name", "provider", "environment", "access", "endpoint", "from")


def add(commands: "Commands") -> None:
    """Add the commands."""
    verbs = nouns(
        command(
            commands,
            "profiles",
            "the connections that are configured",
            None,
            example="scim-tui profiles list",
        )
    )
    command(
        verbs,
        "list",
        "list the profiles; * marks the one used by default",
        _list,
        lists=True,
        example="scim-tui profiles list --json",
    )
    test = command(
        verbs,
        "test",
        "open a profile and ask it once",
        _test,
        example="scim-tui profiles test prod",
    )
    test.add_argument("name", metavar="NAME", nargs="?", help="else the default one")
    command(
        verbs,
        "schema",
        "print the JSON Schema of the config file",
        _schema,
        example="scim-tui profiles schema > scim-tui.schema.json",
    )
    profile_discovery.add(verbs)
    profile_add.add(verbs)


def _schema(_: argparse.Namespace) -> int:
    from scim_tui.config.schema import schema

    print_json(schema())
    return Exit.DONE


def _test(args: argparse.Namespace) -> int:
    import asyncio

    from scim_tui.cli.base.findings import print_findings
    from scim_tui.config.profiles import load_profiles
    from scim_tui.core.doctor.connection import look
    from scim_tui.wiring import connectors

    profile = in_mode(load_profiles().choose(args.name or args.profile), args)
    found = look(profile, connectors())
    return asyncio.run(print_findings(found, as_json=args.json))


def _list(args: argparse.Namespace) -> int:
    from scim_tui.config.profiles import load_profiles

    profiles = load_profiles()
    default = args.profile or profiles.default
    data = [_data(in_mode(each, args), default) for each in profiles.by_name.values()]
    if args.jsonl:
        print_jsonl(data)
    elif args.json:
        print_json({"profiles": data})
    else:
        print_table(HEADS, [_row(each) for each in data])
    return Exit.DONE


def _data(profile: "Profile", default: str) -> dict[str, Any]:
    return {
        "name": profile.name,
        "default": profile.name == default,
        "provider": profile.provider,
        "environment": profile.environment,
        "production": profile.production,
        "read_only": profile.read_only,
        "access": profile.access,
        "endpoint": profile.endpoint or profile.admin_endpoint,
        "data_dir": str(profile.data_dir),
        "token": None if profile.token is None else str(profile.token),
        "admin_key": None if profile.admin_key is None else str(profile.admin_key),
        "idp": None if profile.idp is None else str(profile.idp),
        "from": profile.origin,
    }


def _row(data: dict[str, Any]) -> list[str]:
    return [
        "*" if data["default"] else "",
        data["name"],
        data["provider"],
        data["environment"],
        data["access"],
        data["endpoint"] or data["data_dir"],
        data["from"],
    ]
