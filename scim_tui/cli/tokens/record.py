"""`scim-tui tokens record`: note a token that the provider does not list, for `tokens check`."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_fields, print_json, say

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.workspace import Workspace

_NOTE = """
A provider that is reached by SCIM alone lists no tokens. What is recorded here is kept in
tokens.json in the profile's data folder (ids and dates, never a secret), and is shown as typed in.
A token that a rotation made is known without it. Of Identity Center the end is computed from
--created: a year.
"""


def add(verbs: "Commands") -> None:
    """Add the command below `tokens`."""
    record = command(
        verbs,
        "record",
        "record when a token ends that cannot be listed",
        _record,
        example="scim-tui tokens record 6c1fd3a0 --created 2026-11-23 --expires 2027-11-23\n"
        "scim-tui tokens record 6c1fd3a0 --forget",
    )
    record.epilog = f"{record.epilog}\n{_NOTE}"
    record.add_argument("id", metavar="ID", help="as the console lists it, never the secret")
    record.add_argument("--created", metavar="DAY", default="", help="2026-11-23")
    record.add_argument("--expires", metavar="DAY", default="", help="2027-11-23, or never")
    record.add_argument("--forget", action="store_true", help="take it out again")


def _record(args: argparse.Namespace) -> int:
    from scim_tui.model.ages import day
    from scim_tui.model.errors import UsageError
    from scim_tui.model.rotation.token_notes import read_day
    from scim_tui.model.unknown_values import UNKNOWN

    created, expires = read_day(args.created), read_day(args.expires)
    if args.forget and (args.created or args.expires):
        raise UsageError("What is forgotten has no dates.", "Leave out one of the two.")

    async def work(space: "Workspace") -> int:
        if args.forget:
            await space.ledger.forget(args.id)
            if args.json:
                print_json({"profile": space.profile.name, "id": args.id, "forgotten": True})
            else:
                say(f"What was typed in of {args.id} is forgotten.")
            return Exit.DONE
        found = await space.ledger.record(args.id, created, expires)
        if args.json:
            data = found.model_dump(include={"id", "created_at", "expires_at"})
            known = found.expires_at is not UNKNOWN
            data |= {"expires_known": known, "source": found.source}
            print_json({"profile": space.profile.name, **data})
            return Exit.DONE
        print_fields(
            [
                ("Token", found.id),
                ("Created", day(found.created_at)),
                ("Expires", day(found.expires_at)),
                ("Known", found.source),
            ]
        )
        return Exit.DONE

    return in_workspace(args, work)
