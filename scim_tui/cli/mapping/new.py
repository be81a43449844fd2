"""`scim-tui mapping new`: propose a mapping from columns, a preset or an export of an IdP."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import line, say
from scim_tui.cli.mapping.files import add_encoding
from scim_tui.cli.mapping.live import add_graph_token, live
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from scim_tui.cli.base.args import Commands


def add_new(mapping: "Commands") -> None:
    """Add the command."""
    new = command(
        mapping,
        "new",
        "propose a mapping in TOML; sends nothing",
        _new,
        example="scim-tui mapping new --from people.csv > rules.toml\n"
        "scim-tui mapping new --from preset:okta --output rules.toml\n"
        "scim-tui mapping new --from-idp schema.json --output rules.toml\n"
        "scim-tui mapping new --from-idp entra: --output rules.toml",
    )
    source = new.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--from",
        dest="people",
        metavar="FILE|preset:NAME",
        help="people whose columns are looked at, or a preset to copy",
    )
    source.add_argument(
        "--from-idp",
        metavar="FILE|entra:APP",
        help="schema JSON of Entra ID, mapping JSON of Okta, or Entra ID live: "
        "entra:SERVICE-PRINCIPAL-ID/JOB-ID, or entra: for the AWS app",
    )
    add_encoding(new)
    add_graph_token(new)
    new.add_argument("--output", metavar="FILE", help="write it there; without, it is printed")


def _new(args: argparse.Namespace) -> int:
    text = _of_idp(args) if args.from_idp else _of_people(args.people, args.encoding)
    if args.output:
        from scim_tui.model.typed_path import at_home

        _write(at_home(args.output), text)
    else:
        line(text.removesuffix("\n"))
    return Exit.DONE


def _of_people(name: str, encoding: str) -> str:
    from pathlib import Path

    from scim_tui.mapping.authoring.propose import propose
    from scim_tui.mapping.presets import PREFIX, preset_text
    from scim_tui.mapping.read.people import open_people

    if name.startswith(PREFIX):
        return preset_text(name.removeprefix(PREFIX))
    source = open_people(Path(name), encoding=encoding)
    for note in source.notes:
        say(note)
    columns = [column for column in source.columns if column not in source.remarks.unclear]
    return propose(columns, [person.source for person in source.sample], source.name)


def _of_idp(args: argparse.Namespace) -> str:
    import asyncio

    from scim_tui.core.mapping.api import MappingPreview
    from scim_tui.mapping.authoring.write import toml_of

    rules = asyncio.run(MappingPreview(live=live(args)).load_mapping(args.from_idp))
    return toml_of(rules)


def _write(path: "Path", text: str) -> None:
    from scim_tui.config.paths import write_atomic

    if path.exists():
        raise UsageError(f"{path} exists already.", "Name another file, or remove that one.")
    try:
        write_atomic(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", "Name another.") from error
    say(f"Written to {path}: read each line before you use it.")
