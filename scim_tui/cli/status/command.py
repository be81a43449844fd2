"""The command itself: options, exit codes, and looking again and again."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command
from scim_tui.cli.base.output import line, print_json, say
from scim_tui.model.errors import ScimTuiError, UsageError

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.cli.status.report import StatusReport
    from scim_tui.config.profiles import Profile
    from scim_tui.core.workspace import Workspace

FORMATS = ("text", "nagios", "prometheus", "json")
SECONDS = 30.0
"""The longest that one look takes: a monitoring system must not wait for it."""
LEAST_EVERY = 5

_NOTE = """
codes, those of the monitoring plugins: healthy 0, degraded 1, failing 2, unknown 3. Off is 0 where
the profile says expect = "off", else 1. --format prometheus ends with 0 when it printed something.

--short prints what the newest look found, without asking the network: for a prompt or a tmux line.
"""


def add(commands: "Commands") -> None:
    """Add the command."""
    parser = command(
        commands,
        "status",
        "whether provisioning works, and if not, why and what to do",
        _status,
        example="scim-tui status\nscim-tui status --format nagios --profile prod\n"
        "scim-tui status --short\nscim-tui status --watch 60",
    )
    parser.epilog = f"{parser.epilog}\n{_NOTE}"
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--format", choices=FORMATS, help="the form of the output (text)")
    form.add_argument("--short", action="store_true", help="one short line of what is kept")
    parser.add_argument("--all", action="store_true", help="the readings that are fine, too")
    parser.add_argument(
        "--watch",
        metavar="SECONDS",
        type=int,
        nargs="?",
        const=60,
        help="look again and again, and print each change (every 60 s)",
    )


def _status(args: argparse.Namespace) -> int:
    from scim_tui.cli.base.args import chosen_profile
    from scim_tui.cli.status.report import failed

    if args.short and (args.json or args.watch is not None):
        raise UsageError("--short prints one line of what is kept.", "Leave out the other option.")
    if args.watch is not None and args.watch < LEAST_EVERY:
        raise UsageError(f"--watch {args.watch} is too often.", f"Use {LEAST_EVERY} or more.")
    try:
        profile = chosen_profile(args)
        if args.short:
            return _short(profile)
    except ScimTuiError as error:
        # Not the code of a usage error: 2 would say that provisioning fails.
        if error.hint:
            say(error.hint)
        if args.short:
            line(f"? {error.message}")
            return 3
        return _print(args, failed("-", error))
    if args.watch is not None:
        return _watch(args, profile)
    return _print(args, _look(profile))


def _short(profile: "Profile") -> int:
    from scim_tui.cli.status.short import short_line
    from scim_tui.config.chosen import Chosen

    words, code = short_line(Chosen(profile.name, str(profile.data_dir), profile.expect_off))
    line(words)
    return code


def _look(profile: "Profile") -> "StatusReport":
    import asyncio

    from scim_tui.cli.status.report import StatusReport, failed

    async def once() -> "StatusReport":
        from scim_tui.core.judging import Judging
        from scim_tui.wiring import open_workspace

        async with asyncio.timeout(SECONDS):
            space = await open_workspace(profile, via="cli")
            try:
                found = await Judging(space).verdict()
            finally:
                await space.aclose()
        return StatusReport(profile.name, found, expect_off=profile.expect_off)

    try:
        return asyncio.run(once())
    except ScimTuiError as error:
        return failed(profile.name, error)
    except TimeoutError:
        from scim_tui.model.errors import Unreachable

        return failed(profile.name, Unreachable(f"No answer within {SECONDS:.0f} s."))


def _watch(args: argparse.Namespace, profile: "Profile") -> int:
    """Print the status when it changes, until interrupted; the code is that of the newest."""
    import asyncio

    from scim_tui.cli.status.report import StatusReport
    from scim_tui.core.judging import Judging
    from scim_tui.wiring import open_workspace

    newest: list[StatusReport] = []

    async def keep_looking(space: "Workspace") -> None:
        judging = Judging(space)
        while True:
            found = await judging.verdict()
            report = StatusReport(profile.name, found, expect_off=profile.expect_off)
            if not newest or report.differs(newest[-1]):
                _print(args, report)
            newest[:] = [report]
            await asyncio.sleep(args.watch)

    async def watch() -> None:
        space = await open_workspace(profile, via="cli")
        try:
            await keep_looking(space)
        finally:
            await space.aclose()

    try:
        asyncio.run(watch())
    except KeyboardInterrupt:
        return newest[-1].code if newest else 3
    raise AssertionError("the loop ends by an interrupt only")


def _print(args: argparse.Namespace, report: "StatusReport") -> int:
    from scim_tui.cli.status import forms

    match args.format or ("json" if args.json else "text"):
        case "prometheus":
            line(forms.prometheus([report]))
            return 0
        case "json":
            print_json(forms.data(report))
        case "nagios":
            line(forms.nagios(report))
        case _:
            for words in forms.text(report, everything=args.all):
                line(words)
    return report.code
