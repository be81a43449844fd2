"""`scim-tui audit`: what operators did, and whether that record is complete."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import chosen_profile, command
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import line, print_json, print_jsonl, print_table, say

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.base.audit import AuditTrail
    from scim_tui.model.activity import AuditEntry

HEADS = ("#", "time", "who", "profile", "action", "target", "result", "via", "detail")


def add(commands: "Commands") -> None:
    """Add the command."""
    parser = command(
        commands,
        "audit",
        "what operators did; audit verify checks the chain",
        _run,
        lists=True,
        example="scim-tui audit\nscim-tui audit verify && echo intact",
    )
    parser.add_argument(
        "verb",
        nargs="?",
        choices=("list", "verify"),
        default="list",
        help="list (as without it), or verify the chain",
    )
    parser.add_argument("--limit", metavar="N", type=int, default=200, help="at most N (200)")


def _run(args: argparse.Namespace) -> int:
    from scim_tui.wiring import audit_trail

    trail = audit_trail(chosen_profile(args), via="cli")
    if args.verb == "verify":
        return _verify(args, trail)
    return _list(args, trail)


def _list(args: argparse.Namespace, trail: "AuditTrail") -> int:
    import asyncio

    entries = asyncio.run(trail.entries(args.limit))
    data = [entry.model_dump() for entry in entries]
    if args.jsonl:
        print_jsonl(data)
    elif args.json:
        print_json({"path": str(trail.path), "entries": data})
    elif entries:
        print_table(
            HEADS, [_row(entry) for entry in entries], right="#", whole="time,action,target"
        )
    else:
        say(f"Nothing was changed from here yet: {trail.path} has no entries.")
    verdict = asyncio.run(trail.verify())
    if not verdict.ok:
        say(f"The chain is broken: {verdict.reason}. See: scim-tui audit verify")
    return Exit.DONE if verdict.ok else Exit.NO


def _verify(args: argparse.Namespace, trail: "AuditTrail") -> int:
    import asyncio

    verdict = asyncio.run(trail.verify())
    if args.json or args.jsonl:
        from dataclasses import asdict

        print_json({"path": str(trail.path), **asdict(verdict)})
    elif verdict.ok:
        from scim_tui.model.plural import plural

        note = f"; {verdict.reason}" if verdict.reason else ""
        line(f"{trail.path}: chain intact, {plural(verdict.count, 'entry', 'entries')}{note}")
    else:
        line(f"{trail.path}: chain broken, {verdict.reason}")
    return Exit.DONE if verdict.ok else Exit.NO


def _row(entry: "AuditEntry") -> list[str]:
    from scim_tui.model.ages import stamp

    return [
        str(entry.seq),
        stamp(entry.at),
        entry.actor,
        entry.profile,
        entry.action,
        entry.target,
        entry.phase.value,
        entry.via,
        entry.detail,
    ]
