"""`scim-tui tokens suspend` and `reinstate`: refuse a token for a while, then accept it again."""

import argparse
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_json, say

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.provisioning import AccessToken

_NOTE = """
Only where the provider can do that: the embedded service can, Identity Center cannot. A suspended
token still takes up its slot. Use it to see who still needs a token before it is deleted.
"""


def add(verbs: "Commands") -> None:
    """Add the commands below `tokens`."""
    suspend = command(
        verbs,
        "suspend",
        "refuse a token until it is reinstated",
        _suspend,
        example="scim-tui tokens suspend tok-3f2a --confirm SUSPEND",
    )
    suspend.epilog = f"{suspend.epilog}\n{_NOTE}"
    suspend.add_argument("id", metavar="ID", help="as tokens list shows it")
    suspend.add_argument("--confirm", metavar="SUSPEND", default="", help="the word SUSPEND")
    reinstate = command(
        verbs,
        "reinstate",
        "let a suspended token in again",
        _reinstate,
        example="scim-tui tokens reinstate tok-3f2a",
    )
    reinstate.add_argument("id", metavar="ID", help="as tokens list shows it")


def _suspend(args: argparse.Namespace) -> int:
    return _switch(
        args,
        lambda space: space.tokens.suspend(args.id, args.confirm),
        "is suspended. Requests with it are refused until it is reinstated.",
    )


def _reinstate(args: argparse.Namespace) -> int:
    return _switch(args, lambda space: space.tokens.reinstate(args.id), "is let in again.")


def _switch(
    args: argparse.Namespace, call: "Callable[[Workspace], Awaitable[AccessToken]]", words: str
) -> int:
    async def work(space: "Workspace") -> int:
        found = await call(space)
        if args.json:
            state = found.state(space.clock()).value
            print_json({"profile": space.profile.name, "id": args.id, "state": state})
        else:
            say(f"Token {args.id} {words}")
        return Exit.DONE

    return in_workspace(args, work)
