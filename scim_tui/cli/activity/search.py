"""`scim-tui activity --search` and `--group`: requests that match, also by person or cause."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_json, print_jsonl, print_table, say
from scim_tui.model.activity import GroupBy
from scim_tui.model.unknown_values import Absent

if TYPE_CHECKING:
    from datetime import datetime

    from scim_tui.core.activity.folding import FoldedEvent
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.activity import EventGroup

HEADS = ("time", "operation", "target", "status", "client", "why")
_ALL = 1_000_000


def search(args: argparse.Namespace) -> int:
    """Print what matches. Raises `UsageError`."""

    async def work(space: "Workspace") -> int:
        table = not (args.json or args.jsonl)
        found = space.activity.search(_text(args), folded=table)
        await found.until(args.limit or _ALL)
        rows = found.rows[: args.limit or None]
        if args.jsonl:
            print_jsonl(row.event.model_dump() for row in rows)
        elif args.json:
            events = [row.event.model_dump() for row in rows]
            print_json({"profile": space.profile.name, "search": found.text, "events": events})
        elif rows:
            print_table(HEADS, [_row(row) for row in rows], whole="time,status")
        else:
            say("No request matches.")
        return Exit.DONE

    return in_workspace(args, work)


def group(args: argparse.Namespace) -> int:
    """Print what matches, by person or by cause. Raises `UsageError`."""

    async def work(space: "Workspace") -> int:
        by = GroupBy(args.group)
        found = await space.activity.groups(_text(args), by, args.limit or _ALL)
        if args.jsonl:
            print_jsonl(each.model_dump() for each in found.groups)
        elif args.json:
            groups = [each.model_dump() for each in found.groups]
            whole = {"profile": space.profile.name, "by": by.value, "whole": found.whole}
            print_json({**whole, "groups": groups})
        else:
            _print_groups(found.groups, by, space.clock())
        if not found.whole:
            say("Only the newest requests were counted: narrow the search with since:24h.")
        return Exit.DONE

    return in_workspace(args, work)


def _text(args: argparse.Namespace) -> str:
    """The terms, and the options that say the same as a term."""
    more = ["outcome:refused"] if args.failures else []
    if args.since is not None:
        more.append(f"since:{args.since * 3600:.0f}s")
    return " ".join([args.search or "", *more]).strip()


def _row(row: "FoldedEvent") -> list[str]:
    from scim_tui.model.ages import stamp
    from scim_tui.model.plural import plural

    event, lookups = row.event, len(row.lookups)
    operation = event.operation
    if lookups and operation.startswith("Create"):
        operation += f" (+{plural(lookups, 'look-up')})"
    elif lookups:
        operation += f" x{lookups + 1}"
    named = event.about_one or not isinstance(event.target, Absent)
    target = str(event.target) if named else "-"
    return [stamp(event.at), operation, target, str(event.status), str(event.client), event.message]


def _print_groups(groups: "tuple[EventGroup, ...]", by: GroupBy, now: "datetime") -> None:
    from scim_tui.model.ages import age

    if not groups:
        say("No request matches.")
    elif by is GroupBy.PERSON:
        rows = [
            [str(each.key), f"{each.requests:,}", f"{each.refused:,}", age(each.newest, now)]
            for each in groups
        ]
        print_table(("person", "requests", "refused", "newest"), rows, right="requests,refused")
    else:
        rows = [
            [
                str(each.key),
                f"{each.requests:,}",
                str(each.people),
                age(each.newest, now),
                each.message,
            ]
            for each in groups
        ]
        heads = ("cause", "requests", "people", "newest", "message")
        print_table(heads, rows, right="requests,people", whole="newest")
