"""`scim-tui activity --people`, the list of a help desk, and `--ticket`, a text for one person."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_json, print_jsonl, print_table, print_text, say
from scim_tui.model.errors import NotFound
from scim_tui.model.unknown_values import Absent

if TYPE_CHECKING:
    from datetime import datetime

    from scim_tui.core.activity.refused_person import RefusedPeople, RefusedPerson
    from scim_tui.core.workspace import Workspace

DAY = 24.0
HEADS = ("person", "why", "tries", "newest", "fix")
_KEYS = {"holder": "o", "mapping": "m", "idp": None}
"""The key of the screens that leads to the fix."""


def list_people(args: argparse.Namespace) -> int:
    """Print the people who are refused."""

    async def work(space: "Workspace") -> int:
        found = await space.activity.refused_people(args.since or DAY)
        people = found.people[: args.limit or None]
        if args.jsonl:
            print_jsonl(_data(each) for each in people)
        elif args.json:
            print_json(
                {
                    "profile": space.profile.name,
                    "since": found.since,
                    "whole": found.whole,
                    "people": [_data(each) for each in people],
                }
            )
        else:
            _print(found, people, space.clock())
        return Exit.DONE

    return in_workspace(args, work)


def show_ticket(args: argparse.Namespace) -> int:
    """Print the text for a ticket about one person. Raises `NotFound`."""

    async def work(space: "Workspace") -> int:
        from scim_tui.core.activity.ticket import ticket_text

        found = await space.activity.refused_people(args.since or DAY)
        wanted = args.ticket.casefold()
        for each in found.people:
            if wanted in (str(each.user_name).casefold(), str(each.user_id).casefold()):
                print_text([ticket_text(each, space.provider.title)])
                return Exit.DONE
        raise NotFound(
            f"{args.ticket!r} was not refused in that time, or was accepted since.",
            "Look at the list, also further back: scim-tui activity --people --since 7d",
            status=404,
        )

    return in_workspace(args, work)


def _print(found: "RefusedPeople", people: "tuple[RefusedPerson, ...]", now: "datetime") -> None:
    from scim_tui.model.ages import age

    if not found.whole:
        say("There are more requests than were read: some may be missing, or accepted since.")
    if not people:
        say("No person is refused." if found.whole else "No refused person was found.")
        return
    rows = [
        [each.person, each.why_whole, str(each.tries), age(each.newest, now), each.fix.words]
        for each in people
    ]
    print_table(HEADS, rows, right="tries", whole="newest")


def _data(person: "RefusedPerson") -> dict[str, object]:
    holder = person.holder
    return {
        "user_name": person.user_name,
        "user_id": person.user_id,
        "operation": person.operation,
        "status": person.status,
        "rule": person.rule or None,
        "why": person.why_whole,
        "tries": person.tries,
        "first": person.first,
        "newest": person.newest,
        "holder": None
        if isinstance(holder, Absent)
        else {**holder.model_dump(), "by_hand": holder.by_hand},
        "value_taken": person.holder is not Absent.NEVER,
        "fix": {**person.fix.model_dump(), "key": _KEYS[person.fix.kind]},
        "request_id": person.request_id or None,
    }
