"""`scim-tui activity`: what the IdP did."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_json, print_jsonl, print_table, say
from scim_tui.cli.base.span import hours
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.activity import Event

HEADS = ("time", "operation", "target", "status", "client", "why")
PAGE = 500


def add(commands: "Commands") -> None:
    """Add the command."""
    parser = command(
        commands,
        "activity",
        "what the IdP did, newest first",
        _run,
        lists=True,
        example="scim-tui activity --since 1h --failures\n"
        "scim-tui activity --search 'op:create rule:emails since:7d maria'\n"
        "scim-tui activity --failures --group cause\n"
        "scim-tui activity --people\n"
        "scim-tui activity --ticket ana@example.com\n"
        "scim-tui activity --sent 8c9fbb4e-0b52-4f4f-8d6c-2f6f3fdb0f5a --curl",
    )
    parser.add_argument(
        "--since", metavar="AGE", type=hours, default=None, help="such as 90s, 15m, 1h, 7d"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--failures", action="store_true", help="refused requests only")
    what.add_argument(
        "--people", action="store_true", help="refused people: why, and what to do (of 24h)"
    )
    what.add_argument(
        "--ticket", metavar="USERNAME", help="a text for a ticket about one refused person"
    )
    what.add_argument("--sent", metavar="REQUEST_ID", help="what a refused request carried")
    parser.add_argument(
        "--curl", action="store_true", help="with --sent: as a curl command, without the token"
    )
    parser.add_argument(
        "--search",
        metavar="TERMS",
        help="words, and outcome: op: who: rule: token: client: status: since: until:",
    )
    parser.add_argument("--group", choices=("person", "cause"), help="counted by person or cause")
    parser.add_argument(
        "--limit", metavar="N", type=_count, default=200, help="at most N (200); 0 is no limit"
    )


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return int(text)


def _run(args: argparse.Namespace) -> int:
    about_one = args.people or args.ticket is not None or args.sent is not None
    if about_one and (args.search is not None or args.group):
        raise UsageError(
            "--search and --group are about requests.", "Leave out --people, --ticket and --sent."
        )
    if args.people or args.ticket is not None:
        from scim_tui.cli.activity import people

        return people.show_ticket(args) if args.ticket is not None else people.list_people(args)
    if args.sent is not None:
        from scim_tui.cli.activity.sent import show_sent

        return show_sent(args)
    if args.curl:
        raise UsageError("--curl is about one request.", "Name it with --sent REQUEST_ID.")
    if args.group or args.search is not None:
        from scim_tui.cli.activity import search

        return search.group(args) if args.group else search.search(args)
    return _list(args)


def _list(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        events = await _collect(space, args)
        data = [event.model_dump() for event in events]
        if args.jsonl:
            print_jsonl(data)
        elif args.json:
            print_json({"profile": space.profile.name, "events": data})
        elif events:
            print_table(HEADS, [_row(event) for event in events], whole="time,status")
        else:
            say("No refused requests." if args.failures else "No requests.")
        return Exit.DONE

    return in_workspace(args, work)


async def _collect(space: "Workspace", args: argparse.Namespace) -> "list[Event]":
    events: list[Event] = []
    before = None
    while not args.limit or len(events) < args.limit:
        size = min(PAGE, args.limit - len(events)) if args.limit else PAGE
        page = await space.activity.recent(size, args.failures, before, args.since)
        events += page.events
        if len(page.events) < size:
            break
        before = page.events[-1].id
    # Requests that are counted as one event have its first id and its newest time.
    return sorted(events, key=lambda event: event.at, reverse=True)


def _row(event: "Event") -> list[str]:
    from scim_tui.model.ages import stamp

    return [
        stamp(event.at),
        event.operation,
        str(event.target) if event.about_one else "-",
        str(event.status),
        str(event.client),
        event.message,
    ]
