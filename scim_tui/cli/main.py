"""The command line: finds the command, and turns every outcome into an exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scim_tui import __version__
from scim_tui.cli import audit, serve
from scim_tui.cli.access import command as access
from scim_tui.cli.activity import command as activity
from scim_tui.cli.base.args import HelpFormatter, chosen_profile, common, examples, open_screens
from scim_tui.cli.base.exits import Exit, exit_code
from scim_tui.cli.base.output import complain, say
from scim_tui.cli.base.streams import open_streams, silence
from scim_tui.cli.demo import command as demo
from scim_tui.cli.directory import cache
from scim_tui.cli.directory import command as directory
from scim_tui.cli.doctor import command as doctor
from scim_tui.cli.fleet import command as fleet
from scim_tui.cli.mapping import command as mapping
from scim_tui.cli.profiles import command as profiles
from scim_tui.cli.status import command as status
from scim_tui.cli.tokens import command as tokens
from scim_tui.cli.tokens import provisioning
from scim_tui.cli.watch import command as watch
from scim_tui.model.errors import ScimTuiError

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

    from scim_tui.cli.base.args import Screens


def run(argv: Sequence[str], screens: "Screens | None" = None) -> int:
    """Run one command line and give its exit code; `screens` opens the screens on a profile."""
    open_streams()
    try:
        code = _dispatch(argv, screens)
        sys.stdout.flush()
        return code
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else Exit.USAGE
    except (Exception, KeyboardInterrupt) as error:
        code = _explain(error)
        if code == Exit.BUG and os.environ.get("SCIM_TUI_DEBUG"):
            raise
        return code


def _explain(error: BaseException) -> int:
    """Print what ended the command, and return its exit code."""
    match error:
        case ScimTuiError():
            complain(error)
            return exit_code(error)
        case KeyboardInterrupt():
            say("Interrupted.")
            return Exit.INTERRUPTED
        case BrokenPipeError():
            silence(sys.stdout)
            return Exit.DONE
        case OSError():
            silence(sys.stdout)
            where = f" ({error.filename})" if error.filename else ""
            say(f"The system refused: {error.strerror or type(error).__name__}{where}.")
            return Exit.NO
    say(f"scim-tui made a mistake: {type(error).__name__}{_place(error)}.")
    say("  Set SCIM_TUI_DEBUG=1 to see where, and please report it.")
    return Exit.BUG


class _Parser(argparse.ArgumentParser):
    """Unlike argparse, raises `OSError` when help or version cannot be written."""

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        """Write to `file`, else to stdout; there an `OSError` is raised and not swallowed."""
        if file is sys.stderr:
            super()._print_message(message, file)
        else:
            (file or sys.stdout).write(message)


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = _Parser(
        prog="scim-tui",
        description="Watch and operate SCIM provisioning. Without a command: the screens.",
        epilog=examples(
            "scim-tui                    open the screens\n"
            "scim-tui demo               open them on sample people\n"
            "scim-tui tokens list --json"
        ),
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"scim-tui {__version__}")
    parser.add_argument("--lean", action="store_true", help="fewest bytes, for slow links")
    common(parser, top=True)
    parser.set_defaults(run=_screens)
    commands = parser.add_subparsers(metavar="COMMAND")
    nouns = (
        status,
        fleet,
        provisioning,
        tokens,
        directory,
        access,
        mapping,
        activity,
        audit,
        profiles,
        cache,
    )
    for part in (*nouns, doctor, serve, watch, demo):
        part.add(commands)
    return parser


def _dispatch(argv: Sequence[str], screens: "Screens | None") -> int:
    parser = build_parser()
    parser.set_defaults(screens=screens, asked=parser)
    try:
        args, strange = parser.parse_known_args(argv)
        if strange:
            # The parser of the command that was meant: its usage is the one that helps.
            args.asked.error(f"unrecognized arguments: {' '.join(strange)}")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else Exit.USAGE
    return int(args.run(args))


def _screens(args: argparse.Namespace) -> int:
    from scim_tui.config.profiles import load_profiles

    everything = tuple(load_profiles().by_name.values())
    return open_screens(args, chosen_profile(args), everything)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f" in {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
