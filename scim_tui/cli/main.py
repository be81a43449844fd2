"""The command line: which command, and how every way of ending becomes an exit code."""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence

from scim_tui import __version__
from scim_tui.cli import activity, audit, directory, doctor, profiles, provisioning, tokens
from scim_tui.cli.args import chosen_profile, common, examples, wanted_mode
from scim_tui.cli.exits import Exit, exit_code
from scim_tui.cli.output import complain, say
from scim_tui.model.errors import ScimTuiError, UsageError


def run(argv: Sequence[str]) -> int:
    """Run one command line and give its exit code."""
    _readable_streams()
    try:
        code = _dispatch(argv)
        sys.stdout.flush()
        return code
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else Exit.USAGE
    except ScimTuiError as error:
        complain(error)
        return exit_code(error)
    except KeyboardInterrupt:
        say("Interrupted.")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return Exit.DONE
    except Exception as error:
        say(f"scim-tui made a mistake: {type(error).__name__}{_place(error)}.")
        say("  Set SCIM_TUI_DEBUG=1 to see where, and please report it.")
        if os.environ.get("SCIM_TUI_DEBUG"):
            raise
        return Exit.BUG


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="scim-tui",
        description="Watch and operate SCIM provisioning. Without a command: the screens.",
        epilog=examples(
            "scim-tui                    open the screens\n"
            "scim-tui demo               open them on sample people\n"
            "scim-tui tokens list --json"
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"scim-tui {__version__}")
    parser.add_argument("--lean", action="store_true", help="fewest bytes, for slow links")
    common(parser, top=True)
    parser.set_defaults(run=_screens)
    commands = parser.add_subparsers(metavar="COMMAND")
    for part in (provisioning, tokens, directory, activity, audit, profiles, doctor):
        part.add(commands)
    _add_services(commands)
    return parser


def _add_services(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    import importlib

    for name in ("mapping", "serve", "demo"):
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(f"scim_tui.cli.{name}").add(commands)


def _dispatch(argv: Sequence[str]) -> int:
    args = build_parser().parse_args(argv)
    return int(args.run(args))


def _screens(args: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The screens need a terminal for input and output.",
            "Name a command, as in: scim-tui provisioning status (see scim-tui --help).",
        )
    profile = chosen_profile(args)
    from scim_tui.tui.app import run_app

    return run_app(profile, read_only=wanted_mode(args, profile), lean=args.lean)


def _readable_streams() -> None:
    """A name that the terminal cannot write must not end a listing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _silence_stdout() -> None:
    """The reader has gone: what is still in the buffer goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f" in {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
