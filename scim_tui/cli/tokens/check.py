"""`scim-tui tokens check`: whether an access token expires soon, for monitoring."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command
from scim_tui.cli.base.output import line, print_json, say
from scim_tui.model.errors import ScimTuiError

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.cli.tokens.check_report import CheckResult, Report
    from scim_tui.cli.tokens.thresholds import Range

FORMATS = ("nagios", "prometheus", "json")
SECONDS = 30.0
"""The longest that a check takes: a monitoring system must not wait for it."""

_NOTE = """
codes, those of the monitoring plugins: 0 ok, 1 warning, 2 critical, 3 unknown; what is not known
or not reached is 3. --format prometheus ends with 0 when it printed what it could find out.

ranges: 30: alerts below 30, 1:5 outside of 1 to 5, @1:5 inside of it; a plain 30 means 30:
"""


def add(verbs: "Commands") -> None:
    """Add the command below `tokens`."""
    check = command(
        verbs,
        "check",
        "report for monitoring how long the token in use is valid",
        _check,
        example="scim-tui tokens check --warn 30: --critical 7:\n"
        "scim-tui tokens check --profile prod --json\n"
        "scim-tui tokens check --format prometheus > scim.prom.new && mv scim.prom.new scim.prom",
    )
    check.epilog = f"{check.epilog}\n{_NOTE}"
    check.add_argument(
        "-w", "--warn", metavar="RANGE", default="30:", help="days left that are fine (30:)"
    )
    check.add_argument(
        "-c", "--critical", metavar="RANGE", default="7:", help="days left that still do (7:)"
    )
    check.add_argument("--format", choices=FORMATS, help="the form of the output (nagios)")


def _check(args: argparse.Namespace) -> int:
    import asyncio

    from scim_tui.cli.tokens import check_report as checking
    from scim_tui.cli.tokens.thresholds import parse_range

    form = args.format or ("json" if args.json else "nagios")
    try:
        warn, critical = parse_range(args.warn), parse_range(args.critical)
        report = asyncio.run(_gather(args))
    except ScimTuiError as error:
        # A usage error too: 2 would say that a token is about to end.
        if error.hint:
            say(error.hint)
        line(f"SCIM TOKEN UNKNOWN - {checking.plain(error.message)}")
        return checking.UNKNOWN
    return _print(form, report, checking.judge(report, warn, critical), (warn, critical))


async def _gather(args: argparse.Namespace) -> "Report":
    import asyncio

    from scim_tui.cli.base.args import chosen_profile
    from scim_tui.cli.tokens.check_report import failed, gather
    from scim_tui.wiring import open_workspace

    profile = chosen_profile(args)
    try:
        async with asyncio.timeout(SECONDS):
            space = await open_workspace(profile, via="cli")
            try:
                return await gather(space)
            finally:
                await space.aclose()
    except ScimTuiError as error:
        return failed(profile.name, error.message)
    except TimeoutError:
        return failed(profile.name, f"No answer within {SECONDS:.0f} s.")


def _print(
    form: str, report: "Report", verdict: "CheckResult", ranges: "tuple[Range, Range]"
) -> int:
    from scim_tui.cli.tokens import check_report as checking
    from scim_tui.cli.tokens import metrics

    match form:
        case "prometheus":
            line(metrics.text(report))
            return 0
        case "json":
            print_json(checking.as_data(report, verdict, ranges))
        case _:
            line(checking.as_line(report, verdict, ranges))
    return verdict.code
