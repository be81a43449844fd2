"""`scim-tui access list`: the access of a person, a group, an account or a permission set."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scim_tui.cli.access.load import crawl, say_limits
from scim_tui.cli.base.args import command, in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.load import Loading, add_deadline
from scim_tui.cli.base.output import print_json, print_jsonl, print_table, say

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.access.api import AssignmentRow, Holding
    from scim_tui.core.workspace import Workspace

WHAT = ("user", "group", "account", "set")
_YES_NO = {True: "yes", False: "no", None: "unknown"}
HOLDING_HEADS = ("account", "account id", "permission set", "through", "admin", "since")
ASSIGNED_HEADS = ("account", "account id", "permission set", "who", "people", "admin", "since")
PEOPLE_HEADS = ("user", "active", *HOLDING_HEADS)


def add(nouns: "Commands") -> None:
    """Add the command."""
    parser = command(
        nouns,
        "list",
        "list who has which permission set in which account",
        _run,
        lists=True,
        example="scim-tui access list --user ana@corp.example\n"
        "scim-tui access list --account Production --people\n"
        "scim-tui access list --set AdministratorAccess --json",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--user", metavar="NAME", help="one person: id or userName")
    which.add_argument("--group", metavar="NAME", help="one group: id or displayName")
    which.add_argument("--account", metavar="NAME", help="one account: id or name")
    which.add_argument("--set", metavar="NAME", help="one permission set: ARN or name")
    parser.add_argument(
        "--people", action="store_true", help="list each person, not each assignment"
    )
    parser.add_argument("--refresh", action="store_true", help="crawl before")
    add_deadline(parser)


def _run(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        load = Loading(space, args.deadline)
        if args.refresh:
            await crawl(space, load)
        which = {what: getattr(args, what) for what in WHAT if getattr(args, what)}
        ids = {what: await space.access.find(what, name) for what, name in which.items()}
        if "user" in ids:
            await _print_person(args, space, ids["user"])
        elif args.people:
            await _print_people(args, space, ids)
        else:
            await _print_assignments(args, space, ids)
        await say_limits(space)
        return load.end(Exit.DONE)

    return in_workspace(args, work)


async def _print_person(args: argparse.Namespace, space: "Workspace", user_id: str) -> None:
    found = await space.access.of_user(user_id)
    ages = await space.access.ages()
    data = [holding_object(each) for each in found]
    if args.jsonl:
        print_jsonl(data)
    elif args.json:
        whole = {"id": user_id, "through_groups_known": ages.through_groups, "access": data}
        print_json({"profile": space.profile.name, "as_of": ages.assignments, **whole})
    elif found:
        print_table(HOLDING_HEADS, map(_holding_cells, found))
    elif ages.through_groups:
        say("No access to any account.")
    else:
        say("No access by an assignment of their own.")


async def _print_people(args: argparse.Namespace, space: "Workspace", ids: dict[str, str]) -> None:
    found = await space.access.people(
        account=ids.get("account", ""), pset=ids.get("set", ""), group=ids.get("group", "")
    )
    _print(
        args,
        space,
        [holding_object(each) for each in found],
        PEOPLE_HEADS,
        [[each.user_name, _YES_NO[each.active], *_holding_cells(each)] for each in found],
    )


async def _print_assignments(
    args: argparse.Namespace, space: "Workspace", ids: dict[str, str]
) -> None:
    found = await space.access.assignments(
        account=ids.get("account", ""), pset=ids.get("set", ""), principal=ids.get("group", "")
    )
    data = [assignment_object(each) for each in found]
    _print(args, space, data, ASSIGNED_HEADS, list(map(_assignment_cells, found)))


def _print(
    args: argparse.Namespace,
    space: "Workspace",
    data: list[dict[str, object]],
    heads: Sequence[str],
    cells: list[list[str]],
) -> None:
    if args.jsonl:
        print_jsonl(data)
    elif args.json:
        print_json({"profile": space.profile.name, "access": data})
    elif cells:
        print_table(heads, cells, right="people")
    else:
        say("No assignments.")


def holding_object(holding: "Holding") -> dict[str, object]:
    """One way of access, for JSON."""
    return {
        "user_id": holding.user_id,
        "user_name": holding.user_name,
        "active": holding.active,
        "account_id": holding.account_id,
        "account_name": holding.account_name or None,
        "permission_set": holding.set_id,
        "permission_set_name": holding.set_name or None,
        "admin": holding.admin,
        "direct": holding.direct,
        "group_id": holding.group_id or None,
        "group_name": holding.group_name or None,
        "since": holding.since,
    }


def assignment_object(row: "AssignmentRow") -> dict[str, object]:
    """One assignment, for JSON."""
    return {
        "account_id": row.account_id,
        "account_name": row.account_name or None,
        "permission_set": row.set_id,
        "permission_set_name": row.set_name or None,
        "admin": row.admin,
        "principal_kind": row.kind,
        "principal_id": row.principal_id,
        "principal_name": row.principal_name or None,
        "standing": row.standing,
        "active": row.active,
        "people": row.people,
        "since": row.since,
    }


def _holding_cells(holding: "Holding") -> list[str]:
    from scim_tui.model.ages import day

    return [
        holding.account_name or "unknown",
        holding.account_id,
        holding.set_name or holding.set_id,
        holding.group_name or holding.group_id or "direct",
        _YES_NO[holding.admin],
        day(holding.since),
    ]


def _assignment_cells(row: "AssignmentRow") -> list[str]:
    from scim_tui.model.ages import day

    name = row.principal_name or row.principal_id
    who = f"{row.kind} {name}" + ("" if row.standing == "listed" else f" ({row.standing})")
    return [
        row.account_name or "unknown",
        row.account_id,
        row.set_name or row.set_id,
        who,
        f"{row.people:,}" if isinstance(row.people, int) else row.people.value,
        _YES_NO[row.admin],
        day(row.since),
    ]
