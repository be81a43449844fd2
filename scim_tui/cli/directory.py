"""`scim-tui users` and `scim-tui groups`: list and show."""

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scim_tui.cli.args import command, in_workspace, nouns
from scim_tui.cli.exits import Exit
from scim_tui.cli.output import (
    flatten,
    line,
    print_fields,
    print_json,
    print_jsonl,
    print_table,
    say,
)

if TYPE_CHECKING:
    from scim_tui.cli.args import Commands
    from scim_tui.core.directory import LoadState, View
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.directory import GroupRow, Kind, Row, UserRow

CHUNK = 500
USER_HEADS = ("user name", "display name", "email", "active", "changed", "id")
GROUP_HEADS = ("display name", "external id", "changed", "id")


def add(commands: "Commands") -> None:
    """Add the commands."""
    users = nouns(command(commands, "users", "people in the directory: list, show", None,
                          example="scim-tui users list --search 'ana active:no'"))  # fmt: skip
    listing = command(
        users, "list", "list users", _list, lists=True,
        example="scim-tui users list --filter 'userName eq \"ana@corp.example\"'\n"
        "scim-tui users list --search 'ana !contractor' --jsonl",
    )  # fmt: skip
    _list_options(listing, "users")
    show = command(users, "show", "show a user with all attributes and groups", _show_user,
                   example="scim-tui users show ana@corp.example")  # fmt: skip
    show.add_argument("who", metavar="ID-or-userName", help="the user")

    groups = nouns(command(commands, "groups", "groups in the directory: list, show", None,
                           example="scim-tui groups list"))  # fmt: skip
    listing = command(groups, "list", "list groups", _list, lists=True,
                      example="scim-tui groups list --json")  # fmt: skip
    _list_options(listing, "groups")
    show = command(groups, "show", "show a group", _show_group,
                   example="scim-tui groups show Engineering --members")  # fmt: skip
    show.add_argument("who", metavar="ID-or-name", help="the group")
    show.add_argument("--members", action="store_true", help="list the members, too")


def _list_options(parser: argparse.ArgumentParser, kind: str) -> None:
    parser.set_defaults(kind=kind)
    parser.add_argument(
        "--filter", metavar="EXPR", default="", help="SCIM filter, asked of the server"
    )
    parser.add_argument(
        "--search", metavar="TEXT", default="", help="words in any order; !word, field:word"
    )
    parser.add_argument("--sort", metavar="FIELD", default="", help="such as changed")
    parser.add_argument("--reverse", action="store_true", help="sort the other way round")


def _kind(args: argparse.Namespace) -> "Kind":
    from scim_tui.model.directory import Kind

    return Kind.USERS if args.kind == "users" else Kind.GROUPS


def _list(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        kind = _kind(args)
        if args.jsonl and not (args.search or args.sort or args.reverse):
            async for page in space.directory.pages(kind, args.filter):
                print_jsonl(row._asdict() for row in page.rows)
            return Exit.DONE
        state = await space.directory.load(kind, _progress, args.filter)
        if state.error:
            raise state.error
        order = f"-{args.sort}" if args.reverse else args.sort
        view = await space.directory.view(kind, args.search, order)
        _print_list(args, space, view)
        return Exit.DONE

    return in_workspace(args, work)


def _print_list(args: argparse.Namespace, space: "Workspace", view: "View") -> None:
    rows = _rows(view)
    if args.jsonl:
        print_jsonl(row._asdict() for row in rows)
    elif args.json:
        data = [row._asdict() for row in rows]
        print_json({"profile": space.profile.name, args.kind: data})
    elif len(view):
        users = args.kind == "users"
        print_table(USER_HEADS if users else GROUP_HEADS, [_cells(row) for row in rows])
    else:
        say(
            f"No {args.kind} match." if args.search or args.filter else f"There are no {args.kind}."
        )


def _rows(view: "View") -> "Iterable[Row]":
    for first in range(0, len(view), CHUNK):
        yield from view.rows(first, CHUNK)


def _cells(row: "Row") -> list[str]:
    from scim_tui.model.directory import UserRow

    if isinstance(row, UserRow):
        active = "unknown" if row.active is None else "yes" if row.active else "no"
        return [row.user_name, row.display_name, row.email, active, row.changed, row.id]
    return [row.display_name, row.external_id, row.changed, row.id]


def _progress(state: "LoadState") -> None:
    if sys.stderr.isatty() and state.loaded:
        end = "\r" if state.phase == "loading" else "\r\x1b[K"
        print(f"{state.loaded:,} read", end=end, file=sys.stderr, flush=True)  # noqa: T201


def _show_user(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        from scim_tui.model.directory import Kind

        directory = space.directory
        record = await directory.record(Kind.USERS, await directory.find(Kind.USERS, args.who))
        can = space.provider.capabilities.members
        groups = await directory.groups_of(record.id) if can else None
        _print_record(args, dict(record.attributes), "groups", groups, can.reason)
        return Exit.DONE

    return in_workspace(args, work)


def _show_group(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        from scim_tui.model.directory import Kind

        directory = space.directory
        record = await directory.record(Kind.GROUPS, await directory.find(Kind.GROUPS, args.who))
        members = await directory.members(record.id) if args.members else None
        name = "members" if args.members else ""
        _print_record(args, dict(record.attributes), name, members)
        return Exit.DONE

    return in_workspace(args, work)


def _print_record(
    args: argparse.Namespace,
    attributes: dict[str, Any],
    name: str,
    related: "list[UserRow] | list[GroupRow] | None",
    reason: str = "",
) -> None:
    rows = None if related is None else [row._asdict() for row in related]
    if args.json:
        more = {name: "unknown" if rows is None else rows} if name else {}
        print_json({"resource": attributes, **more})
        return
    print_fields(flatten(attributes))
    if not name:
        return
    line()
    if rows is None:
        line(f"{name}: unknown. {reason}")
        return
    line(f"{name}: {len(rows)}")
    if rows:
        print_fields((f"  {row['display_name'] or '-'}", row["id"]) for row in rows)
