"""The command itself: its options, its log, and how it ends."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command
from scim_tui.cli.base.output import line, say
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

    from scim_tui.cli.base.args import Commands
    from scim_tui.config.profiles import Profile
    from scim_tui.config.watch import WatchTable
    from scim_tui.core.watch.rules import WatchRules
    from scim_tui.core.watch.watch import Watch

_NOTE = """
The config file says where messages go:

  [watch.sinks.oncall]
  webhook_file = "PATH of a file with the address"   (or webhook_env, webhook_command, ...)
  template = "slack"                                 (json, slack or teams)

  [watch.sinks.log]
  command = "logger -t scim-tui"                     (JSON on its standard input)

A message is sent when a verdict changes, when there is a new cause, as a reminder (24h), and when
all is well again. What was reported is kept, so that a restart reports nothing twice. It ends on
SIGTERM with 0; under systemd it says when it is ready (Type=notify).
"""


def add(commands: "Commands") -> None:
    """Add the command."""
    parser = command(
        commands,
        "watch",
        "look at profiles again and again, and report changes of their verdicts",
        _watch,
        example="scim-tui watch --all\nscim-tui watch prod-aws --every 5m\nscim-tui watch --test",
    )
    parser.epilog = f"{parser.epilog}\n{_NOTE}"
    parser.add_argument("profiles", nargs="*", metavar="PROFILE", help="the profiles to look at")
    parser.add_argument("--all", action="store_true", help="every profile")
    parser.add_argument("--every", metavar="TIME", help="between two looks, such as 60s (60s)")
    parser.add_argument("--once", action="store_true", help="look once, send what is due, and end")
    parser.add_argument("--test", action="store_true", help="send a test message to every sink")


def _watch(args: argparse.Namespace) -> int:
    from scim_tui.config.profiles import load_watch

    table = load_watch()
    profiles = _profiles(args)
    if args.test:
        return _test(profiles[0], table)
    watch = _built(profiles, table, _rules(args, table))
    if not table.sinks:
        say("No sink is configured, so changes are only logged here. See: scim-tui watch --help")
    return _run(watch, once=args.once)


def _profiles(args: argparse.Namespace) -> "Sequence[Profile]":
    from scim_tui.cli.base.args import chosen_profile
    from scim_tui.config.profiles import load_profiles
    from scim_tui.wiring import in_use

    if args.all and (args.profiles or args.profile):
        raise UsageError("--all means every profile.", "Name profiles or use --all.")
    found = load_profiles()
    if args.all:
        return in_use(tuple(found.by_name.values()))
    if args.profiles:
        return tuple(found.choose(name) for name in dict.fromkeys(args.profiles))
    return (chosen_profile(args),)


def _rules(args: argparse.Namespace, table: "WatchTable") -> "WatchRules":
    from scim_tui.config.watch import LEAST_EVERY, length
    from scim_tui.core.watch.rules import WatchRules

    given: dict[str, object] = {"quiet": table.quiet}
    every = length(args.every, "--every") if args.every else table.every
    if every is not None and every < LEAST_EVERY:
        raise UsageError("--every is too often.", "Use 5s or more.")
    lengths: dict[str, timedelta | int | None] = {
        "every": every,
        "unknown_after": table.unknown_after,
        "most_an_hour": table.most_an_hour,
    }
    given |= {name: each for name, each in lengths.items() if each is not None}
    if table.remind is not None:
        given["remind"] = table.remind or None
    return WatchRules(**given)  # type: ignore[arg-type]


def _built(profiles: "Sequence[Profile]", table: "WatchTable", rules: "WatchRules") -> "Watch":
    from scim_tui.config.paths import data_dir, private_folder
    from scim_tui.core.watch.watch import Watch
    from scim_tui.core.workspace import Workspace
    from scim_tui.wiring import open_workspace
    from scim_tui.wiring.sinks import Sinks

    async def opened(profile: "Profile") -> Workspace:
        return await open_workspace(profile, via="watch", read_only=True)

    sinks = Sinks(table.sinks)
    folder = private_folder(data_dir())
    return Watch(profiles, opened, sinks.send, sinks.names, rules, folder, _log)


def _run(watch: "Watch", *, once: bool) -> int:
    import asyncio

    from scim_tui.cli.watch.systemd import notify
    from scim_tui.core.watch.lock import one_watch

    async def run() -> None:
        task = asyncio.current_task()
        _stop_on_signals(lambda: task.cancel() if task else None)
        notify("READY=1")
        if once:
            await watch.once()
            return
        await watch.run(lambda: notify("WATCHDOG=1"))

    with one_watch(watch.folder):
        try:
            asyncio.run(run())
        except (asyncio.CancelledError, KeyboardInterrupt):
            notify("STOPPING=1")
            _log("stopped")
    return 0


def _stop_on_signals(stop: "Callable[[], object]") -> None:
    import asyncio
    import signal

    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(each, stop)


def _log(text: str) -> None:
    import sys

    from scim_tui.model.ages import stamp
    from scim_tui.model.clock import utc_now
    from scim_tui.model.escaping import reveal

    line(reveal(f"{stamp(utc_now())} {text}"))
    sys.stdout.flush()


def _test(profile: "Profile", table: "WatchTable") -> int:
    """Send a test message to every sink, and say how each one took it."""
    import asyncio

    from scim_tui.model.alert import trial
    from scim_tui.model.clock import utc_now
    from scim_tui.model.errors import ScimTuiError
    from scim_tui.wiring.sinks import Sinks

    if not table.sinks:
        raise UsageError("No sink is configured.", "Add [watch.sinks.NAME] to the config file.")
    sinks = Sinks(table.sinks)
    alert = trial(profile.name, profile.environment, utc_now())

    async def send_all() -> int:
        failures = 0
        for name in sinks.names:
            try:
                await sinks.send(name, alert)
            except ScimTuiError as error:
                failures += 1
                line(f"{name}: {error.message}")
            else:
                line(f"{name}: taken")
        return failures

    return 1 if asyncio.run(send_all()) else 0
