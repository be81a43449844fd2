"""`scim-tui mapping check`: what would arrive if a mapping ran on these people."""

import argparse
import sys
from typing import TYPE_CHECKING

from scim_tui.cli.args import command, nouns
from scim_tui.cli.exits import Exit
from scim_tui.cli.output import line, print_fields, print_json, print_table, say

if TYPE_CHECKING:
    from scim_tui.cli.args import Commands
    from scim_tui.core.mapping import MappingPreview, Totals

HEADS = ("line", "who", "why", "what to do")
SHOWN = 20
"""Failures that are printed unless told otherwise."""


def add(commands: "Commands") -> None:
    """Add the commands."""
    mapping = nouns(command(
        commands, "mapping", "attribute mapping: check it before the IdP does", None,
        example="scim-tui mapping check --people people.csv --mapping preset:identity-center",
    ))  # fmt: skip
    check = command(
        mapping, "check", "check what a mapping makes of a file of people; sends nothing", _check,
        example="scim-tui mapping check --people people.csv --mapping preset:okta\n"
        "scim-tui mapping check --people users.json --mapping rules.toml --report refused.csv",
    )  # fmt: skip
    check.add_argument("--people", metavar="FILE", required=True, help="CSV, JSON or JSON lines")
    check.add_argument("--mapping", metavar="FILE|preset:NAME", default="preset:identity-center",
                       help="rules in TOML, or preset:identity-center, :okta, :entra")  # fmt: skip
    check.add_argument("--report", metavar="FILE", help="write every finding: .json or .csv")
    check.add_argument("--max-failures", metavar="N", type=_number,
                       help=f"print at most N failures ({SHOWN}; with --json all)")  # fmt: skip


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of failures")
    return int(text)


def _check(args: argparse.Namespace) -> int:
    import asyncio

    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    from scim_tui.core.mapping import MappingPreview

    preview = MappingPreview()
    await preview.load_mapping(args.mapping)
    await preview.load_people(args.people)
    totals = await preview.run(_progress)
    if args.report:
        await preview.report(args.report)
    show = _show_json if args.json else _show_table
    show(preview, totals, args.max_failures)
    return Exit.NO if totals.refused else Exit.DONE


def _progress(totals: "Totals") -> None:
    if sys.stderr.isatty() and totals.of > 10_000 and not totals.complete:
        sys.stderr.write(f"\r{totals.people:,} of {totals.of:,} checked")
    elif sys.stderr.isatty() and totals.of > 10_000:
        sys.stderr.write("\r\x1b[K")


def _show_json(preview: "MappingPreview", totals: "Totals", most: int | None) -> None:
    from scim_tui.mapping.report import as_object

    shown = list(preview.entries(preview.failures()[:most]))
    print_json({**totals.as_object(), "failures": [as_object(entry) for entry in shown]})


def _show_table(preview: "MappingPreview", totals: "Totals", most: int | None) -> None:
    most = SHOWN if most is None else most
    shown = list(preview.entries(preview.failures()[:most]))
    rows = [
        (str(entry.line), entry.label, finding.message, finding.fix)
        for entry in shown
        for finding in entry.findings
    ]
    if rows:
        print_table(HEADS, rows, right="line")
        line()
    print_fields([
        ("People", f"{totals.people:,}"),
        ("Accepted", f"{totals.accepted:,}"),
        ("Refused", f"{totals.refused:,}"),
        *((f"  {code}", f"{count:,}") for code, count in totals.codes),
    ])  # fmt: skip
    if len(shown) < totals.refused:
        say(f"{totals.refused - len(shown):,} more are refused: see --max-failures and --report.")
    for rule in preview.unfed_rules():
        if rule.target.required:
            say(f"No column of the file feeds {rule.target.text} (line {rule.line} of the rules).")
