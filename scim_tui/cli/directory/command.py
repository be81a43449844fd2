"""`scim-tui users` and `scim-tui groups`: their commands, and one resource shown whole."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, in_workspace, nouns
from scim_tui.cli.base.exits import Exit, exit_code
from scim_tui.cli.base.output import complain, flatten, line, print_fields, print_json
from scim_tui.cli.directory import diff as directory_diff
from scim_tui.cli.directory import findings as directory_findings
from scim_tui.cli.directory import leavers as directory_leavers
from scim_tui.cli.directory import list as directory_list
from scim_tui.model.errors import ScimTuiError

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.directory import Kind, Record, Row


def add(commands: "Commands") -> None:
    """Add the commands."""
    _add_users(commands)
    _add_groups(commands)


def _add_users(commands: "Commands") -> None:
    users = nouns(
        command(
            commands,
            "users",
            "people in the directory: list, show, diff, findings, leavers",
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
    directory_leavers.add(users)


def _add_groups(commands: "Commands") -> None:
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

        directory = space.directory
        record = await directory.record(Kind.USERS, await directory.find(Kind.USERS, args.who))
        groups = await _related(space, Kind.USERS, record.id)
        _print_record(args, record, "groups", groups)
        return _exit_of(groups)

    return in_workspace(args, work)


def _show_group(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        from scim_tui.model.directory import Kind

        directory = space.directory
        record = await directory.record(Kind.GROUPS, await directory.find(Kind.GROUPS, args.who))
        members = await _related(space, Kind.GROUPS, record.id) if args.members else _Related()
        _print_record(args, record, "members" if args.members else "", members)
        return _exit_of(members)

    return in_workspace(args, work)


class _Related:
    """The members of a group or the groups of a user, as far as they were received."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.left_out: dict[str, int] = {}
        self.error: ScimTuiError | None = None


async def _related(space: "Workspace", kind: "Kind", resource_id: str) -> _Related:
    """List them; an error is kept with the rows before it, since the resource itself was found."""
    found = _Related()
    try:
        async for page in space.directory.related(kind, resource_id):
            found.rows += page.rows
            found.left_out |= page.left_out or {}
    except ScimTuiError as error:
        found.error = error
    return found


def _exit_of(found: _Related) -> int:
    from scim_tui.model.errors import NotFound, Unsupported

    match found.error:
        case None | Unsupported():
            return Exit.DONE
        case NotFound():
            # The resource itself was found; what it belongs to was refused.
            return Exit.REFUSED
    return exit_code(found.error)


def _print_record(args: argparse.Namespace, record: "Record", name: str, related: _Related) -> None:
    from scim_tui.scim.references import say_left_out

    if args.json:
        print_json(_as_object(record, name, related))
        return
    print_fields(flatten(dict(record.attributes)))
    if record.beside:
        line()
        print_fields(flatten(dict(record.beside)))
    if not name:
        return
    line()
    if related.error is not None and not related.rows:
        line(f"{name}: unknown. {related.error.message}")
        return
    line(f"{name}: {len(related.rows)}{'' if related.error is None else ' or more'}")
    if related.rows:
        print_fields((f"  {row.display_name or '-'}", row.id) for row in related.rows)
    if related.left_out:
        line(f"  {say_left_out(related.left_out)}")
    if related.error is not None:
        complain(related.error)


def _as_object(record: "Record", name: str, related: _Related) -> dict[str, object]:
    found: dict[str, object] = {"resource": dict(record.attributes)}
    if record.beside:
        found["beside"] = dict(record.beside)
    if not name:
        return found
    unknown = related.error is not None and not related.rows
    found[name] = None if unknown else [row._asdict() for row in related.rows]
    found[f"{name}_known"] = not unknown
    if related.left_out:
        found[f"{name}_left_out"] = related.left_out
    if related.error is not None:
        found[f"{name}_error"] = related.error.message
    return found
