"""`scim-tui cache`: show and delete the rows of a directory that are kept on disk."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, in_workspace, nouns
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_fields, print_json, say

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.directory.api import CacheInfo
    from scim_tui.core.workspace import Workspace


def add(commands: "Commands") -> None:
    """Add the commands."""
    verbs = nouns(
        command(
            commands,
            "cache",
            "the rows kept of a directory: info, clear",
            None,
            example="scim-tui cache info",
        )
    )
    command(
        verbs,
        "info",
        "show what is kept, where and how old it is",
        _info,
        example="scim-tui cache info --profile prod",
    )
    command(
        verbs,
        "clear",
        "forget the rows and what was seen to change",
        _clear,
        example="scim-tui cache clear --profile prod",
    )


def _info(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        await space.directory.open()
        data = _data(space.directory.cache_info())
        if args.json:
            print_json({"profile": space.profile.name, **data})
        else:
            print_fields((name.replace("_", " "), _word(value)) for name, value in data.items())
        return Exit.DONE

    return in_workspace(args, work)


def _clear(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        await space.directory.open()
        before = space.directory.cache_info()
        await space.directory.clear()
        if args.json:
            print_json({"profile": space.profile.name, "cleared": _data(before)})
        else:
            from scim_tui.model.plural import plural

            say(f"Forgot {plural(before.users, 'user')} and {plural(before.groups, 'group')}.")
        return Exit.DONE

    return in_workspace(args, work)


def _data(info: "CacheInfo") -> dict[str, object]:
    return {
        "path": None if info.path is None else str(info.path),
        "bytes": info.bytes,
        "users": info.users,
        "groups": info.groups,
        "as_of": info.as_of,
        "told": info.notice,
    }


def _word(value: object) -> str:
    from datetime import datetime

    from scim_tui.model.ages import stamp

    if isinstance(value, datetime):
        return stamp(value)
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) else str(value) or "-"
