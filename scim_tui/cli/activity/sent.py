"""`scim-tui activity --sent`: what a refused request carried, also as a curl command."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import as_json, line, print_fields, print_json, print_text, say

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.sent_request import SentRequest


def show_sent(args: argparse.Namespace) -> int:
    """Print it. Raises `NotFound`, `Unsupported`."""

    async def work(space: "Workspace") -> int:
        found = await space.activity.sent(args.sent)
        if args.curl:
            from scim_tui.core.activity.curl import curl_of

            status = await space.provisioning.status()
            print_text([curl_of(found, status.scim_endpoint)])
            _say_what_is_missing(found)
        elif args.json or args.jsonl:
            print_json({"profile": space.profile.name, "sent": found})
        else:
            _print(found)
        return Exit.DONE

    return in_workspace(args, work)


def _print(found: "SentRequest") -> None:
    from scim_tui.model.ages import stamp

    query = f"?{found.query}" if found.query else ""
    print_fields(
        [
            ("request", f"{found.method} {found.path}{query}"),
            ("request id", found.request_id),
            ("at", stamp(found.at)),
            ("size", f"{found.size:,} bytes" if found.size else "not known"),
        ]
    )
    if found.body is not None:
        line(as_json(found.body))
    _say_what_is_missing(found)


def _say_what_is_missing(found: "SentRequest") -> None:
    if found.note:
        say(found.note)
    if found.masked and found.body is not None:
        say("Letters and digits of names, addresses and phones are masked.")
