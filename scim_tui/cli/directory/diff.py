"""`scim-tui users diff` and `groups diff`: what was added, removed, disabled or changed."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.access.loss import (
    add_limit,
    limit_code,
    losses_object,
    losses_of,
    print_losses,
)
from scim_tui.cli.base.args import command, in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.load import Loading, add_deadline
from scim_tui.cli.base.output import print_json, print_jsonl, print_table, say
from scim_tui.cli.directory.list import kind_of

if TYPE_CHECKING:
    from datetime import datetime

    from scim_tui.cli.base.args import Commands
    from scim_tui.core.access.api import Losses
    from scim_tui.core.directory.api import RowChange
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.unknown_values import Moment

HEADS = ("seen", "what", "name", "field", "before", "after", "id")


def add(nouns: "Commands", kind: str) -> None:
    """Add the command below its noun."""
    parser = command(
        nouns,
        "diff",
        f"what changed among the {kind} between listings",
        _run,
        lists=True,
        example=f"scim-tui {kind} diff --since 2026-11-01\nscim-tui {kind} diff --since 7d --json",
    )
    parser.set_defaults(kind=kind)
    parser.add_argument("--since", metavar="TIME", required=True, help="2026-11-01, or 7d ago")
    parser.add_argument("--until", metavar="TIME", default="", help="such as 2026-11-30; else now")
    parser.add_argument(
        "--cached", action="store_true", help="do not list now: only what was seen before"
    )
    if kind == "users":
        add_limit(parser)
    add_deadline(parser)


def _run(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        from scim_tui.cli.base.dates import moment
        from scim_tui.core.access.loss import seen_changes

        since = moment(args.since, space.clock())
        until = moment(args.until, space.clock()) if args.until else None
        kind, load = kind_of(args), Loading(space, args.deadline)
        if not args.cached:
            await load.load(kind)
        changes = await space.directory.changes(kind, since, until)
        compared = await space.directory.compared_since(kind)
        limit = getattr(args, "max_access_lost", None)
        losses = await losses_of(space, seen_changes(changes), limit)
        _print(args, space, changes, compared, losses)
        _say_reach(args.kind, since, compared)
        return load.end(limit_code(losses, limit, Exit.DONE))

    return in_workspace(args, work)


def _say_reach(kind: str, since: "datetime", compared: "Moment") -> None:
    """Print since when changes are known, so that an empty output is not read as "no change"."""
    from datetime import datetime

    from scim_tui.model.ages import stamp

    if not isinstance(compared, datetime):
        say(f"There is nothing to compare with yet: list the {kind} once more later.")
    elif since < compared:
        say(f"The first listing ended at {stamp(compared)}; what changed before is not known.")


def _print(
    args: argparse.Namespace,
    space: "Workspace",
    changes: "list[RowChange]",
    compared: "Moment",
    losses: "Losses | None",
) -> None:
    from collections import Counter
    from datetime import datetime

    if args.jsonl:
        print_jsonl(map(_object, changes))
    elif args.json:
        found = list(map(_object, changes))
        lost = {"access_lost": losses_object(losses)} if args.kind == "users" else {}
        whole = {"compared_since": compared, "changes": found, **lost}
        print_json({"profile": space.profile.name, **whole})
    elif changes:
        print_table(HEADS, map(_cells, changes), whole="seen")
    elif isinstance(compared, datetime):
        say("No listing of that time saw a change against the one before.")
    totals = Counter(change.what.value for change in changes)
    if changes:
        say(", ".join(f"{count:,} {what}" for what, count in sorted(totals.items())) + ".")
    if losses is not None and losses.people and not (args.json or args.jsonl):
        print_losses(losses)


def _object(change: "RowChange") -> dict[str, object]:
    from dataclasses import asdict

    return {**asdict(change), "kind": change.kind.lower()}


def _cells(change: "RowChange") -> list[str]:
    from scim_tui.model.ages import stamp

    return [
        stamp(change.at),
        change.what.value,
        change.name,
        change.field,
        change.before,
        change.after,
        change.id,
    ]
