"""`scim-tui users list` and `groups list`: matching rows, printed or written to a file."""

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, in_workspace
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.load import Loading, add_deadline
from scim_tui.cli.base.output import print_json, print_jsonl, print_table, print_text, say
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.core.directory.api import LoadState, View
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.directory import Kind, Row

HEADS = {
    "users": ("user_name", "display_name", "email", "active", "changed", "id"),
    "groups": ("display_name", "external_id", "changed", "id"),
}
EXAMPLES = {
    "users": "scim-tui users list --filter 'userName eq \"ana@corp.example\"'\n"
    "scim-tui users list --search 'ana -contractor missing:email' --jsonl\n"
    "scim-tui users list --search active:no --out leavers.csv",
    "groups": "scim-tui groups list --search 'platform' --csv --columns display_name,id",
}


def add(nouns: "Commands", kind: str) -> None:
    """Add the command below its noun."""
    parser = command(
        nouns, "list", f"list {kind}", _run, lists=True, csv=True, example=EXAMPLES[kind]
    )
    parser.set_defaults(kind=kind)
    parser.add_argument(
        "--filter", metavar="EXPR", default="", help="SCIM filter, asked of the server"
    )
    parser.add_argument(
        "--search", metavar="TEXT", default="", help="words in any order; -word, field:word"
    )
    parser.add_argument("--sort", metavar="FIELD", default="", help="such as changed")
    parser.add_argument("--reverse", action="store_true", help="sort the other way round")
    parser.add_argument("--columns", metavar="A,B", default="", help="only these fields")
    parser.add_argument(
        "--cached", action="store_true", help="only what was listed before; sends no request"
    )
    parser.add_argument(
        "--out", metavar="FILE", default="", help="to a new file: .csv, .json or .jsonl"
    )
    add_deadline(parser)


def kind_of(args: argparse.Namespace) -> "Kind":
    """What the command is about."""
    from scim_tui.model.directory import Kind

    return Kind.USERS if args.kind == "users" else Kind.GROUPS


def _run(args: argparse.Namespace) -> int:
    if args.cached and args.filter:
        raise UsageError("--cached asks no server, so it has no --filter.", "Use --search.")

    async def work(space: "Workspace") -> int:
        from scim_tui.core.directory.export import chosen_fields

        kind, load = kind_of(args), Loading(space, args.deadline)
        fields = chosen_fields(kind, [name for name in args.columns.split(",") if name])
        if args.jsonl and not (args.search or args.sort or args.reverse or args.out or args.cached):
            async for page in load.pages(kind, args.filter):
                print_jsonl(_objects(page.rows, fields))
            return Exit.DONE
        view = await _found(args, space, kind, load)
        if args.out:
            await _write(args, view, fields)
        else:
            _print(args, space, view, fields)
        if not (len(view) or args.json or args.jsonl or args.csv or args.out):
            say(_nothing(args, load))
        return load.end(Exit.DONE)

    return in_workspace(args, work)


async def _found(
    args: argparse.Namespace, space: "Workspace", kind: "Kind", load: Loading
) -> "View":
    directory = space.directory
    if args.cached:
        await directory.open()
        _say_age(directory.state(kind), args.kind)
    else:
        await load.load(kind, args.filter)
    return await directory.view(kind, args.search, f"-{args.sort}" if args.reverse else args.sort)


def _say_age(state: "LoadState", kind: str) -> None:
    from scim_tui.model.unknown_values import Absent

    if isinstance(state.as_of, Absent):
        raise UsageError(f"No {kind} were listed before.", "Leave out --cached to list them.")
    say(f"As of {state.as_of:%Y-%m-%d %H:%M:%SZ}.")


async def _write(args: argparse.Namespace, view: "View", fields: tuple[str, ...]) -> None:
    from scim_tui.core.directory.export import export

    written = await export(view, args.out, fields=fields)
    say(f"{args.out} has {written:,} {args.kind}.")


def _print(
    args: argparse.Namespace, space: "Workspace", view: "View", fields: tuple[str, ...]
) -> None:
    from scim_tui.core.directory.export import Format, texts, view_rows

    if args.csv:
        print_text(texts(Format.CSV, view.kind, view_rows(view), fields))
    elif args.jsonl:
        print_jsonl(_objects(_rows(view), fields))
    elif args.json:
        data = list(_objects(_rows(view), fields))
        print_json({"profile": space.profile.name, args.kind: data})
    elif len(view):
        heads = fields if args.columns else HEADS[args.kind]
        print_table(
            [name.replace("_", " ") for name in heads],
            ([_cell(getattr(row, name)) for name in heads] for row in _rows(view)),
        )


def _nothing(args: argparse.Namespace, load: Loading) -> str:
    """Print why no row is shown; if rows are missing, some may match."""
    if not (args.search or args.filter):
        return f"There are no {args.kind}."
    return f"No {args.kind} match{'' if load.whole else ' among those that came'}."


def _rows(view: "View") -> "Iterator[Row]":
    from scim_tui.core.directory.export import view_rows

    for stretch in view_rows(view):
        yield from stretch


def _objects(rows: "Iterable[Row]", fields: tuple[str, ...]) -> Iterator[dict[str, object]]:
    from scim_tui.core.directory.export import json_object

    return (json_object(row, fields) for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    return "unknown" if value is None else "yes" if value else "no"
