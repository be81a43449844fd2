"""`scim-tui tokens`: list, create, delete; `check` and `rotate` have files of their own."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, in_workspace, nouns, secret_option
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_fields, print_json, print_jsonl, print_table, say
from scim_tui.cli.rotation import command as rotate
from scim_tui.cli.tokens import check
from scim_tui.cli.tokens import record as recording
from scim_tui.cli.tokens import suspend as suspending

if TYPE_CHECKING:
    from datetime import datetime

    from scim_tui.cli.base.args import Commands
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.provisioning import AccessToken

HEADS = ("id", "state", "created", "expires", "left", "last used", "requests", "client")


def add(commands: "Commands") -> None:
    """Add the commands."""
    noun = command(
        commands,
        "tokens",
        "access tokens: list, create, delete, rotate, check",
        None,
        example="scim-tui tokens list",
    )
    verbs = nouns(noun)
    command(
        verbs,
        "list",
        "list the access tokens, oldest first",
        _list,
        lists=True,
        example="scim-tui tokens list --json",
    )
    create = command(
        verbs,
        "create",
        "make an access token, valid for one year",
        _create,
        example="scim-tui tokens create --secret-to file:~/okta-token\n"
        "scim-tui tokens create --secret-to 'command:pass insert -m okta' --json",
    )
    secret_option(create, "where the secret goes, which exists only once")
    delete = command(
        verbs,
        "delete",
        "delete an access token at once",
        _delete,
        example="scim-tui tokens delete 3f2a --confirm DELETE",
    )
    delete.add_argument("id", metavar="ID", help="as tokens list shows it")
    delete.add_argument("--confirm", metavar="DELETE", default="", help="the word DELETE")
    rotate.add(verbs)
    check.add(verbs)
    recording.add(verbs)
    suspending.add(verbs)


def _list(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        noted = await space.ledger.list()
        # The ledger stands in for a list that the provider does not give.
        tokens = tuple(n.token for n in noted) if noted else await space.tokens.list()
        from scim_tui.cli.tokens.token_data import token_data

        now = space.clock()
        data = [token_data(each, now) for each in tokens]
        if args.jsonl:
            print_jsonl(data)
        elif args.json:
            sources = {"sources": {n.id: n.source for n in noted}} if noted else {}
            print_json({"profile": space.profile.name, "tokens": data, **sources})
        elif tokens:
            print_table(HEADS, [_row(each, now) for each in tokens], right="left,requests")
            for each in noted:
                say(f"{each.id}: {each.source}; the provider lists none.")
        else:
            say("There is no token, so no IdP can push here.")
            say("  Make one: scim-tui tokens create --secret-to file:PATH")
        return Exit.DONE

    return in_workspace(args, work)


def _create(args: argparse.Namespace) -> int:
    from scim_tui.cli.base import secret_to as delivery
    from scim_tui.model.ages import stamp

    way = delivery.parse(args.secret_to)

    async def work(space: "Workspace") -> int:
        await way.check(space)
        made = await space.tokens.create()
        shown = await delivery.hand_over(space, made, way, as_json=args.json)
        if args.json:
            with_secret = made if way.kind == "stdout" else None
            await delivery.print_or_discard(space, with_secret, shown)
        elif way.kind != "stdout":
            print_fields(
                [
                    ("Token", shown["id"]),
                    ("Created", stamp(made.token.created_at)),
                    ("Expires", stamp(made.token.expires_at)),
                ]
            )
        return Exit.DONE

    return in_workspace(args, work)


def _delete(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        await space.tokens.delete(args.id, args.confirm)
        if args.json:
            print_json({"profile": space.profile.name, "id": args.id, "deleted": True})
        else:
            say(f"Token {args.id} is deleted. Requests with it are refused from now on.")
        return Exit.DONE

    return in_workspace(args, work)


def _row(token: "AccessToken", now: "datetime") -> list[str]:
    from scim_tui.model.ages import day
    from scim_tui.model.expiry import band, days_left
    from scim_tui.model.token_use import last_use
    from scim_tui.model.unknown_values import NEVER

    left = days_left(token.expires_at, now)
    days = f"{left}d" if isinstance(left, int) else left.value
    return [
        token.id,
        token.state(now).value,
        day(token.created_at),
        day(token.expires_at),
        f"{days} {band(token.expires_at, now).value}",
        last_use(token, now),
        str(token.requests),
        "none" if token.last_client is NEVER else str(token.last_client),
    ]
