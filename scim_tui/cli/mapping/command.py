"""`scim-tui mapping`: check a mapping on a file of people, send one person, propose a mapping."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.access.loss import (
    add_limit,
    limit_code,
    losses_object,
    losses_of,
    print_losses,
)
from scim_tui.cli.base.args import command, in_workspace, nouns
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import line, print_fields, print_json, print_table, say
from scim_tui.cli.mapping.files import add_encoding, say_notes
from scim_tui.cli.mapping.groups import show_groups
from scim_tui.cli.mapping.live import add_graph_token, live
from scim_tui.cli.mapping.new import add_new
from scim_tui.cli.mapping.progress_line import ProgressLine
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.access.api import Losses
    from scim_tui.core.mapping.api import MappingPreview, Totals
    from scim_tui.core.workspace import Workspace

HEADS = ("line", "who", "why", "what to do")
DIRECTORY = "directory"
"""The word that takes the users of the directory as the people."""
SHOWN = 20
"""Failures that are printed without `--show`."""


def add(commands: "Commands") -> None:
    """Add the commands."""
    mapping = nouns(
        command(
            commands,
            "mapping",
            "attribute mapping: check it before the IdP does",
            None,
            example="scim-tui mapping check --people people.csv --mapping preset:identity-center",
        )
    )
    _add_check(mapping)
    _add_push(mapping)
    add_new(mapping)


def _add_check(mapping: "Commands") -> None:
    check = command(
        mapping,
        "check",
        "check what a mapping makes of a file of people; sends nothing",
        _check,
        example="scim-tui mapping check --people people.csv --mapping preset:okta\n"
        "scim-tui mapping check --people users.json --mapping rules.toml --report refused.csv\n"
        "scim-tui mapping check --people users.json --groups groups.json --against directory",
    )
    _add_inputs(check)
    check.add_argument(
        "--against", choices=["directory"], help="compare with the users and groups of the profile"
    )
    check.add_argument(
        "--groups", metavar="FILE", help="groups with their members: CSV, JSON, JSON lines or LDIF"
    )
    check.add_argument("--report", metavar="FILE", help="write every finding: .html, .csv or .json")
    check.add_argument(
        "--max-failures",
        metavar="N",
        type=_number,
        default=0,
        help="exit 0 although up to N would be refused (0)",
    )
    add_limit(check)
    check.add_argument(
        "--show",
        metavar="N",
        type=_number,
        help=f"print at most N refused ({SHOWN}; with --json all)",
    )


def _add_push(mapping: "Commands") -> None:
    push = command(
        mapping,
        "push",
        "send one person for real: create or change exactly this user",
        _push,
        example="scim-tui mapping push --people people.csv --person ada@corp.example\n"
        "scim-tui mapping push --people people.csv --person ada@corp.example --yes",
    )
    _add_inputs(push)
    push.add_argument(
        "--person",
        metavar="NAME",
        required=True,
        help="userName, address or externalId that the mapping makes",
    )
    push.add_argument("--yes", action="store_true", help="send it; without, it is only shown")


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    """Add the options for people, mapping and assignment."""
    parser.add_argument(
        "--people",
        metavar=f"FILE|{DIRECTORY}",
        required=True,
        help="CSV, JSON, JSON lines or LDIF; or those who are in the directory of the profile now",
    )
    parser.add_argument(
        "--mapping",
        metavar="FILE|preset:NAME|entra:APP",
        default="preset:identity-center",
        help="TOML, JSON of Entra ID or Okta, a preset, or Entra ID live: "
        "entra:SERVICE-PRINCIPAL-ID/JOB-ID, or entra: for the AWS app",
    )
    add_graph_token(parser)
    add_encoding(parser)
    parser.add_argument(
        "--scope", metavar="FILE|COLUMN", help="who is assigned: a file, or a column of the people"
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of failures")
    return int(text)


def _check(args: argparse.Namespace) -> int:
    import asyncio

    if args.max_access_lost is not None and not args.against:
        raise UsageError("--max-access-lost needs a comparison.", "Add --against directory.")
    if args.against or args.people == DIRECTORY:
        return in_workspace(args, lambda space: _run(args, space))
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace, space: "Workspace | None" = None) -> int:
    from scim_tui.core.mapping.api import MappingPreview

    preview = MappingPreview(space.provider if space else None, live=live(args))
    await preview.load_mapping(args.mapping)
    progress = ProgressLine()
    if args.people == DIRECTORY:
        await preview.load_directory(progress.report)
    else:
        encoding = args.encoding
        await preview.load_people(
            args.people, scope=args.scope, encoding=encoding, progress=progress.report
        )
    await preview.load_groups(args.groups, progress.report, encoding=args.encoding)
    totals = await preview.run(progress.report_totals)
    losses = None
    if args.against and space is not None:
        totals = await preview.compare(progress.report)
        changes = await preview.access_changes()
        losses = await losses_of(space, changes, args.max_access_lost)
    progress.clear()
    if args.report:
        await preview.report(args.report)
    show = _show_json if args.json else _show_table
    show(preview, totals, args.show, losses)
    refused = totals.refused + preview.groups.totals().refused
    code = Exit.NO if refused > args.max_failures else Exit.DONE
    return limit_code(losses, args.max_access_lost, code)


def _push(args: argparse.Namespace) -> int:
    from scim_tui.cli.mapping.push import push

    return in_workspace(args, lambda space: push(args, space))


def _show_json(
    preview: "MappingPreview", totals: "Totals", most: int | None, losses: "Losses | None"
) -> None:
    from scim_tui.mapping.report.rows import as_object, group_as_object

    shown = list(preview.entries(preview.selection.failures()[:most]))
    print_json(
        {
            **totals.as_object(),
            "notes": list(preview.notes()),
            "groups": [group_as_object(group) for group in preview.groups.entries()],
            "access_lost": losses_object(losses),
            "failures": [as_object(entry) for entry in shown],
        }
    )


def _show_table(
    preview: "MappingPreview", totals: "Totals", most: int | None, losses: "Losses | None"
) -> None:
    say_notes(preview)
    most = SHOWN if most is None else most
    shown = list(preview.entries(preview.selection.failures()[:most]))
    rows = [
        (str(entry.line), entry.label, finding.message, finding.fix)
        for entry in shown
        for finding in entry.findings
    ]
    if rows:
        print_table(HEADS, rows, right="line")
        line()
    print_fields(_totals(totals))
    show_groups(preview, most)
    if len(shown) < totals.refused:
        say(f"{totals.refused - len(shown):,} more are refused: see --show and --report.")
    _say_missing_columns(preview)
    print_losses(losses)


def _say_missing_columns(preview: "MappingPreview") -> None:
    """Print the columns that rules use and the file lacks, on stderr."""
    for missing in preview.missing_columns():
        if missing.rule.says_active:
            continue  # One of the notes says so.
        if missing.near and missing.rule.source and len(missing.rule.source.fields) == 1:
            say(missing.message)
        elif missing.rule.target.required:
            say(
                f"No column of the file feeds {missing.rule.target.text} "
                f"(line {missing.rule.line} of the rules)."
            )


def _totals(totals: "Totals") -> list[tuple[str, str]]:
    fields = [
        ("People", f"{totals.people:,}"),
        ("Accepted", f"{totals.accepted:,}"),
        ("Refused", f"{totals.refused:,}"),
        ("Not assigned", str(totals.unassigned)),
        *((f"  {code}", f"{count:,}") for code, count in totals.codes),
    ]
    if totals.groups:
        refused = sum(1 for group in totals.groups if group.problem)
        fields.append(("Groups", f"{len(totals.groups):,}, {refused:,} refused"))
    if totals.compared:
        fields += [(kind.capitalize(), f"{count:,}") for kind, count in totals.changes if count]
    if totals.compared:
        fields.append(("Requests", f"{totals.reads} reads, {totals.writes} writes"))
        fields.append(("Time to push", f"{totals.push_seconds} s at the allowed rate"))
    return fields
