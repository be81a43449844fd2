"""The files of a mapping on the command line: their encoding, and the notes about them."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.output import say

if TYPE_CHECKING:
    from scim_tui.core.mapping.api import MappingPreview


def add_encoding(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the encoding of files that are not UTF-8."""
    parser.add_argument(
        "--encoding",
        metavar="NAME",
        default="",
        help="encoding of files that are not UTF-8, such as windows-1252, shift_jis or mac-roman; "
        "without, it is guessed, and that is said",
    )


def say_notes(preview: "MappingPreview") -> None:
    """Print the notes about the files on stderr."""
    for note in preview.notes():
        say(note)
