"""`scim-tui users leavers`: people who left, and what they still have."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.access.load import crawl
from scim_tui.cli.base.args import command, in_workspace, path
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.load import Loading, add_deadline
from scim_tui.cli.base.output import print_json, print_jsonl, print_table, say
from scim_tui.cli.mapping.files import add_encoding
from scim_tui.model.errors import ScimTuiError, UsageError

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.leavers.api import IdpState, Leaver, Leavers
    from scim_tui.core.workspace import Workspace
    from scim_tui.providers.port import SignIns

_HEADS = ("who", "id", "why", "groups", "access", "proved", "open")
_WORDS = {True: "yes", False: "no", None: "unknown"}


def add(nouns: "Commands") -> None:
    """Add the command."""
    parser = command(
        nouns,
        "leavers",
        "people who left and still have groups or access; exit 1 where there are any",
        _run,
        lists=True,
        example="scim-tui users leavers\n"
        "scim-tui users leavers --people people.csv --mapping preset:okta --plan leavers.sh",
    )
    parser.add_argument(
        "--people", metavar="FILE", default="", help="export of the IdP: who is gone from it"
    )
    parser.add_argument(
        "--mapping",
        metavar="FILE|preset:NAME",
        default="preset:identity-center",
        help="rules that find those people in the directory",
    )
    parser.add_argument(
        "--scope", metavar="FILE|COLUMN", help="who is assigned: a file, or a column of the people"
    )
    add_encoding(parser)
    parser.add_argument(
        "--plan", metavar="FILE", type=path, help="write commands of the AWS CLI, to be reviewed"
    )
    parser.add_argument(
        "--cloudtrail", action="store_true", help="read who signed in lately, which takes a minute"
    )
    parser.add_argument(
        "--cached", action="store_true", help="list nothing now: only what was kept before"
    )
    add_deadline(parser)


def _run(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        load = Loading(space, args.deadline)
        if not args.cached:
            await _load(space, load)
        idp = await _idp(args, space) if args.people else None
        sign_ins = await _sign_ins(space) if args.cloudtrail else None
        found = await space.leavers.find(idp, source=args.people, sign_ins=sign_ins)
        _print(args, space, found)
        if args.plan:
            count = await space.leavers.plan(args.plan, found, space.profile.aws)
            say(f"Wrote {count:,} commands to {args.plan}. None was run: review them first.")
        return load.end(Exit.NO if found.people else Exit.DONE)

    return in_workspace(args, work)


async def _load(space: "Workspace", load: Loading) -> None:
    """List what leavers can have; without access, users and memberships alone."""
    from scim_tui.model.directory import Kind

    if space.access.capability:
        await crawl(space, load)
        return
    say(f"Access is not known: {space.access.capability.reason}")
    for kind in Kind:
        await load.load(kind)
    await load.load_memberships()


async def _idp(args: argparse.Namespace, space: "Workspace") -> "dict[str, IdpState]":
    """What the IdP's export says about each user. Raises `UsageError` for a file of no one."""
    from scim_tui.core.mapping.api import MappingPreview
    from scim_tui.model.directory import Kind

    preview = MappingPreview(space.provider)
    await preview.load_mapping(args.mapping)
    people = await preview.load_people(args.people, scope=args.scope, encoding=args.encoding)
    if not people.count:
        raise UsageError(
            f"{args.people} has no people, so every user would count as gone.",
            "Export the people again.",
        )
    await preview.run()
    await preview.compare(view=await space.directory.view(Kind.USERS))
    for note in preview.notes():
        say(note)
    return await preview.idp_states()


async def _sign_ins(space: "Workspace") -> "SignIns | None":
    """Who signed in; None with a reason on stderr where that is not known."""
    try:
        found = await space.leavers.sign_ins()
    except ScimTuiError as error:
        say(f"Who signed in is not known: {error.sentence}")
        return None
    if found is None:
        say("Who signed in is not known: this directory has no log of it.")
    return found


def _print(args: argparse.Namespace, space: "Workspace", found: "Leavers") -> None:
    data = [_object(each) for each in found.people]
    if args.jsonl:
        print_jsonl(data)
    elif args.json:
        print_json(
            {
                "profile": space.profile.name,
                "access_as_of": found.access_as_of,
                "memberships_as_of": found.members_as_of,
                "idp_export": found.idp or None,
                "leavers": data,
                "no_api_ends": list(found.notes),
            }
        )
    elif found.people:
        print_table(_HEADS, map(_cells, found.people), right="groups,access")
    else:
        say("No one who left has groups or access any more, by what is known.")
    if found.people and not (args.json or args.jsonl):
        for note in found.notes:
            say(note)


def _cells(leaver: "Leaver") -> list[str]:
    levels = leaver.evidence.levels()
    grants = {(each.account_id, each.set_id) for each in leaver.access}
    grants |= {(each.account_id, each.set_id) for each in leaver.dangling}
    return [
        leaver.user_name or "unknown",
        leaver.user_id,
        leaver.reason,
        f"{len(leaver.groups):,}" if leaver.evidence.no_group is not None else "unknown",
        f"{len(grants):,}" if leaver.evidence.no_direct is not None else "unknown",
        ", ".join(name for name, known in levels if known) or "nothing",
        ", ".join(f"{name}: {_WORDS[known]}" for name, known in levels if not known),
    ]


def _object(leaver: "Leaver") -> dict[str, object]:
    from scim_tui.cli.access.list import assignment_object, holding_object

    proof = leaver.evidence
    return {
        "user_id": leaver.user_id,
        "user_name": leaver.user_name or None,
        "reason": leaver.reason,
        "evidence": {
            "idp_disabled": proof.idp_disabled,
            "directory_disabled": proof.directory_disabled,
            "no_group": proof.no_group,
            "no_direct_assignment": proof.no_direct,
            "no_dangling_assignment": proof.no_dangling,
            "silent_in_cloudtrail_since": proof.silent_since,
            "last_sign_in": proof.last_sign_in,
        },
        "groups": [{"id": each.id, "name": each.name} for each in leaver.groups]
        if proof.no_group is not None
        else None,
        "access": [holding_object(each) for each in leaver.access]
        if proof.no_direct is not None
        else None,
        "dangling": [assignment_object(each) for each in leaver.dangling],
    }
