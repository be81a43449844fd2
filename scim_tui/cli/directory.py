"""`scim-tui users` and `scim-tui groups`: their commands, and one resource shown whole."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli import directory_diff, directory_findings, directory_list
from scim_tui.cli.args import command, in_workspace, nouns
from scim_tui.cli.exits import Exit
from scim_tui.cli.output import (
    flatten,
    line,
    print_fields,
    print_json,
)

if TYPE_CHECKING:
    from scim_tui.cli.args import Commands
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.directory import GroupRow, Record, UserRow


def add(commands: "Commands") -> None:
    """Add the commands."""
    users = nouns(
        command(
            commands,
            "users",
            "people in the directory: list, show, diff, findings",
            None,
            example="scim-tui users list --search 'ana active:no'",
        )
    )
    directory_list.add(users, "users")
    show = command(
        users,
        "show",
        "show a user with all attributes and groups",
        _show_user,
        example="scim-tui users show ana@corp.example",
    )
    show.add_argument("who", metavar="ID-or-userName", help="the user")
    directory_diff.add(users, "users")
    directory_findings.add(users)

    groups = nouns(
        command(
            commands,
            "groups",
            "groups in the directory: list, show, diff",
            None,
            example="scim-tui groups list",
        )
    )
    directory_list.add(groups, "groups")
    show = command(
        groups,
        "show",
        "show a group",
        _show_group,
        example="scim-tui groups show Engineering --members",
    )
    show.add_argument("who", metavar="ID-or-name", help="the group")
    show.add_argument("--members", action="store_true", help="list the members, too")
    directory_diff.add(groups, "groups")


def _show_user(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        from scim_tui.model.directory import Kind
        from scim_tui.model.errors import Unsupported

        directory = space.directory
        record = await directory.record(Kind.USERS, await directory.find(Kind.USERS, args.who))
        try:
            groups, reason = await directory.groups_of(record.id), ""
        except Unsupported as error:
            groups, reason = None, error.message
        _print_record(args, record, "groups", groups, reason)
        return Exit.DONE

    return in_workspace(args, work)


def _show_group(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        from scim_tui.model.directory import Kind

        directory = space.directory
        record = await directory.record(Kind.GROUPS, await directory.find(Kind.GROUPS, args.who))
        members = await directory.members(record.id) if args.members else None
        name = "members" if args.members else ""
        _print_record(args, record, name, members)
        return Exit.DONE

    return in_workspace(args, work)


def _print_record(
    args: argparse.Namespace,
    record: "Record",
    name: str,
    related: "list[UserRow] | list[GroupRow] | None",
    reason: str = "",
) -> None:
    rows = None if related is None else [row._asdict() for row in related]
    if args.json:
        more = {name: rows, f"{name}_known": rows is not None} if name else {}
        beside = {"beside": dict(record.beside)} if record.beside else {}
        print_json({"resource": dict(record.attributes), **beside, **more})
        return
    print_fields(flatten(dict(record.attributes)))
    if record.beside:
        line()
        print_fields(flatten(dict(record.beside)))
    if not name:
        return
    line()
    if rows is None:
        line(f"{name}: unknown. {reason}")
        return
    line(f"{name}: {len(rows)}")
    if rows:
        print_fields((f"  {row['display_name'] or '-'}", row["id"]) for row in rows)
