"""Runs `tokens rotate`, and prints the state of the rotation afterwards."""

import argparse
import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from scim_tui.cli.base import prompt as asking
from scim_tui.cli.base import secret_to as delivery
from scim_tui.cli.base.args import chosen_profile, in_workspace
from scim_tui.cli.base.exits import Exit, exit_code
from scim_tui.cli.base.output import complain, print_json, say
from scim_tui.cli.rotation.answers import OptionAnswers, TerminalAnswers
from scim_tui.cli.rotation.destinations import Destinations
from scim_tui.cli.rotation.drive import Drive
from scim_tui.cli.rotation.status import as_data, go_on, next_lines
from scim_tui.cli.rotation.watch import AFTER, Watch
from scim_tui.config.idps import parse_idp
from scim_tui.core.rotation.journal import Journal
from scim_tui.model.errors import ConfirmationMissing, ScimTuiError
from scim_tui.model.rotation.rotation import OutOfTurn, Rotation, State, Strategy
from scim_tui.model.unknown_values import Absent
from scim_tui.wiring import idp_for

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile
    from scim_tui.core.workspace import Workspace

_STOP = (signal.SIGTERM, signal.SIGHUP)


def run(args: argparse.Namespace) -> int:
    """Open the profile, and start, resume or abort; gives the exit code."""

    async def work(space: "Workspace") -> int:
        before = Journal.of(space.profile.data_dir, "").open()
        code, explained = Exit.DONE, False
        try:
            with _stoppable():
                await (_abort if args.abort else _go)(space, args)
        except asyncio.CancelledError:
            say("Nothing was stopped: it was interrupted." if args.abort else "Stopped.")
            code = Exit.INTERRUPTED
        except ScimTuiError as error:
            if args.abort:
                say("Nothing was stopped, because:")
            complain(error)
            code, explained = exit_code(error), True
        finally:
            # Another session may have taken it over: then there is nothing of ours to leave.
            with suppress(ScimTuiError):
                await space.rotations.leave()
        _report(space, args, _newest(space, before), explained)
        return code

    return in_workspace(args, work, _profile(args))


def _profile(args: argparse.Namespace) -> "Profile":
    """The chosen profile with the IdP of `--idp`, whose cycle determines the waiting time."""
    profile = chosen_profile(args)
    return replace(profile, idp=parse_idp(args.idp, "--idp")) if args.idp else profile


async def _go(space: "Workspace", args: argparse.Namespace) -> None:
    asks = asking.at_terminal() and not args.no_input
    drive = await _drive(space, args, TerminalAnswers(args) if asks else OptionAnswers(args))
    if args.resume:
        rotation = await space.rotations.resume(args.take_over)
        _require_same(rotation, args)
        if args.not_arrived:
            rotation = await space.rotations.not_arrived(args.not_arrived)
    else:
        await _finish_the_last(space)
        if not asks:
            drive.destinations.require_given()
        wanted = Strategy.SUSPEND if args.suspend else None
        rotation = await space.rotations.start(args.old, wanted)
        say(f"{rotation.id}: {rotation.old.id} is to be replaced.")
        for check in rotation.checks:
            say(f"  [{check.mark}] {check.name}: {check.sentence}")
    if args.free and args.free in {each.id for each in rotation.strays}:
        rotation = await space.rotations.free_slot(args.free, args.confirm)
    await drive.run(rotation)


async def _drive(space: "Workspace", args: argparse.Namespace, answers: OptionAnswers) -> Drive:
    destinations = Destinations(
        space,
        space.idp or idp_for(space.profile),
        await _endpoint(space),
        delivery.parse(args.secret_to) if args.secret_to else None,
        args.update_profile,
    )
    wait = timedelta(hours=args.wait_observed or 0)
    watch = Watch(
        space.rotations,
        space.clock,
        wait,
        timedelta(hours=args.every),
        answers.patient and not (wait or args.accept_unproven),
    )
    return Drive(
        space.rotations,
        destinations,
        answers,
        watch,
        old_word=args.old,
        reason=args.accept_unproven,
        reinstate=args.reinstate,
    )


async def _endpoint(space: "Workspace") -> str:
    endpoint = (await space.provisioning.status()).scim_endpoint
    return space.profile.endpoint if isinstance(endpoint, Absent) else endpoint


async def _finish_the_last(space: "Workspace") -> None:
    """End a rotation of which only the watch after the deletion remains, by one look."""
    standing = (await space.rotations.status()).rotation
    if standing is not None and standing.state in AFTER:
        await space.rotations.resume()
        await space.rotations.look()


def _require_same(rotation: Rotation, args: argparse.Namespace) -> None:
    if args.old and args.old != rotation.old.id:
        raise OutOfTurn(
            f"{rotation.id} replaces {rotation.old.id}, not {args.old}; nothing was done.",
            "Leave --old out, or abort this rotation first.",
        )


async def _abort(space: "Workspace", args: argparse.Namespace) -> None:
    """Stop the rotation; where it goes on, the audit trail says why."""
    try:
        word = await _word_to_stop(space, args)
    except ScimTuiError as error:
        space.rotations.not_stopped(error.message)
        raise
    except asyncio.CancelledError:
        space.rotations.not_stopped("it was interrupted")
        raise
    found = await space.rotations.abort(word)
    say(f"{found.id} is stopped. {found.ending}")


async def _word_to_stop(space: "Workspace", args: argparse.Namespace) -> str:
    """The word DELETE if the new token is to be deleted, too; asked only if that is possible."""
    rotation = await space.rotations.resume(args.take_over)
    if args.not_arrived:
        rotation = await space.rotations.not_arrived(args.not_arrived)
    reason = space.rotations.why_not_discard() if rotation.new is not None else ""
    if args.confirm and reason:
        raise OutOfTurn(reason, "Stop without a deletion: scim-tui tokens rotate --abort")
    word = str(args.confirm)
    person = asking.at_terminal() and not args.no_input
    if rotation.new is not None and not reason and not word and person:
        word = await asking.ask_word(
            f"Type DELETE to delete the new token {rotation.label} too (Enter: leave it):"
        )
    if word not in ("", "DELETE"):
        raise ConfirmationMissing("The word is DELETE; nothing was done.", "Type it again.")
    return word


def _newest(space: "Workspace", before: Rotation | None) -> Rotation | None:
    """The rotation that the command worked on."""
    journal = Journal.of(space.profile.data_dir, "")
    if before is not None:
        newer = journal.open()
        return newer or journal.load(before.id)
    return next(iter(reversed(journal.all())), None)


def _report(
    space: "Workspace", args: argparse.Namespace, rotation: Rotation | None, explained: bool
) -> None:
    """Print the state; `explained`: the reason why it stopped was already printed."""
    holder = Journal.of(space.profile.data_dir, "").holder()
    if args.json:
        print_json(as_data(space.profile, rotation, holder))
        return
    if rotation is None or rotation.state is State.ABORTED:
        return
    sentence, *more = next_lines(rotation, go_on(space.profile), holder)
    for text in (
        more if explained and rotation.state is not State.SECRET_GONE else (sentence, *more)
    ):
        say(text)
    if not rotation.open:
        path = Journal.of(space.profile.data_dir, "").path(rotation.id)
        say(f"  The receipt: {path}")


@contextmanager
def _stoppable() -> Iterator[None]:
    """Make a signal cancel the task, so that the secret is forgotten and the lock released."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is None:
        raise RuntimeError("There is nothing to be stopped.")
    for number in _STOP:
        # Only the main thread hears signals.
        with suppress(ValueError, RuntimeError):
            loop.add_signal_handler(number, task.cancel)
    try:
        yield
    finally:
        for number in _STOP:
            with suppress(ValueError, RuntimeError):
                loop.remove_signal_handler(number)
