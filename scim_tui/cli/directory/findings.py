"""`scim-tui users findings`: what is wrong in the whole directory, counted."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.load import Loading, add_deadline
from scim_tui.cli.base.output import print_json, print_jsonl, print_table, say

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.directory.api import FindingCount
    from scim_tui.core.workspace import Workspace

MOST_SHOWN = 20
"""How many of the users that the tenant did not make are printed."""


def add(nouns: "Commands") -> None:
    """Add the command."""
    parser = command(
        nouns,
        "findings",
        "what is wrong in the whole directory, with the search for it",
        _run,
        lists=True,
        example="scim-tui users findings\nscim-tui users findings --members --json",
    )
    parser.add_argument(
        "--members", action="store_true", help="list memberships, too: empty groups, users in none"
    )
    add_deadline(parser)


def _run(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        from scim_tui.model.directory import Kind

        load = Loading(space, args.deadline)
        for kind in Kind:
            await load.load(kind)
        if args.members:
            await load.load_memberships()
        await _origins(space)
        found = list((await space.directory.findings(partly=not load.whole)).values())
        _print(args, space, found)
        return load.end(Exit.NO if any(_known(each) for each in found) else Exit.DONE)

    return in_workspace(args, work)


async def _origins(space: "Workspace") -> None:
    """List the users that the tenant did not create; print why if that cannot be known."""
    from scim_tui.model.errors import ScimTuiError

    try:
        strays = await space.directory.load_strays()
    except ScimTuiError as error:
        say(f"Who was made by hand is not known: {error.message}")
        return
    for each in strays[:MOST_SHOWN]:
        by = f", by {each.by}" if each.by else ""
        say(f"{each.kind.lower()[:-1]} {each.name}: {each.origin}{by}")
    if len(strays) > MOST_SHOWN:
        say(f"and {len(strays) - MOST_SHOWN:,} more: --search origin:hand or origin:other")


def _known(finding: "FindingCount") -> bool:
    return isinstance(finding.count, int) and finding.count > 0


def _print(args: argparse.Namespace, space: "Workspace", found: "list[FindingCount]") -> None:
    data = [_object(each) for each in found]
    if args.jsonl:
        print_jsonl(data)
    elif args.json:
        page = space.provider.capabilities.reconciling or None
        print_json({"profile": space.profile.name, "findings": data, "reconciling": page})
    else:
        rows = [[each.amount, each.title, each.code, _how(each)] for each in found]
        print_table(("count", "finding", "code", "list them"), rows, right="count")
        if not args.members:
            say("Who is in which group was not listed: --members counts that, too.")
        if page := space.provider.capabilities.reconciling:
            say(f"The product's own way to compare it with the IdP: {page}")


def _how(finding: "FindingCount") -> str:
    return f"{finding.kind.lower()} list --search {finding.query!r}"


def _object(finding: "FindingCount") -> dict[str, object]:
    count = finding.count if isinstance(finding.count, int) else None
    return {
        "code": finding.code,
        "kind": finding.kind.lower(),
        "title": finding.title,
        "count": count,
        "query": finding.query,
    }
