"""The access that people would lose, printed by the commands that show changes of people."""

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import line, print_table, say
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from scim_tui.core.access.api import Loss, Losses, PersonChange
    from scim_tui.core.workspace import Workspace

SHOWN = 20
"""People that are printed."""
_HEADS = ("who", "why", "accounts", "loses")


def add_limit(parser: argparse.ArgumentParser) -> None:
    """Add `--max-access-lost`."""
    parser.add_argument(
        "--max-access-lost",
        metavar="N",
        type=_number,
        default=None,
        help="exit 1 when more than N permission sets in accounts would be lost, person by person",
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return int(text)


async def losses_of(
    space: "Workspace", changes: "Iterable[PersonChange]", limit: int | None
) -> "Losses | None":
    """What is lost by these changes; None: access is not known, and no limit asks for it.

    Raises `UsageError` where a limit is given that cannot be checked.
    """
    from scim_tui.model.unknown_values import Absent

    if isinstance((await space.access.ages()).assignments, Absent):
        if limit is None:
            return None
        space.access.capability.require()
        raise UsageError(
            "Who has access is not known, so --max-access-lost cannot be checked.",
            "Run: scim-tui access crawl",
        )
    found = await space.access.losses(changes)
    if limit is not None and not found.whole:
        raise UsageError(
            "Not all access of these people is known, so --max-access-lost cannot be checked.",
            "Run: scim-tui access crawl",
        )
    return found


def losses_object(losses: "Losses | None") -> dict[str, object] | None:
    """The losses for JSON; null: not known."""
    if losses is None:
        return None
    return {
        "count": losses.count,
        "whole": losses.whole,
        "as_of": losses.ages.assignments,
        "memberships_as_of": losses.ages.memberships,
        "not_listed": losses.not_listed,
        "people": [_object(each) for each in losses.people],
    }


def print_losses(losses: "Losses | None") -> None:
    """The losses as a table, with what is not known of them."""
    if losses is None:
        return
    if losses.people:
        line()
        print_table(_HEADS, [_cells(each) for each in losses.people[:SHOWN]], right="accounts")
    if len(losses.people) > SHOWN:
        say(f"{len(losses.people) - SHOWN:,} more people lose access: see --json.")
    say(_summary(losses))
    if not losses.ages.through_groups:
        say("Access through groups is not part of it: their members were not listed.")
    if losses.not_listed:
        say(f"What {losses.not_listed:,} users lose is not known: no listing has them.")


def limit_code(losses: "Losses | None", limit: int | None, code: Exit) -> Exit:
    """The exit code: "no" where more is lost than the limit allows."""
    over = limit is not None and losses is not None and losses.count > limit
    return Exit.NO if over else code


def _summary(losses: "Losses") -> str:
    from scim_tui.model.ages import stamp

    people = sum(1 for each in losses.people if each.lost)
    known = f"by the crawl of {stamp(losses.ages.assignments)}"
    if not losses.count:
        return f"No access is lost, {known}."
    return (
        f"{people:,} {'person loses' if people == 1 else 'people lose'} {losses.count:,}"
        f" permission sets in {losses.accounts:,} accounts, {known}."
    )


def _cells(loss: "Loss") -> list[str]:
    from scim_tui.core.access.loss import ways_lost

    lost = [f"{name} in {account}" for account, name in ways_lost(loss)]
    later = " (more until memberships are pushed again)" if loss.interrupted else ""
    accounts = len({each.account_id for each in loss.grants})
    return [loss.user_name, loss.cause, str(accounts), (", ".join(lost) or "nothing") + later]


def _object(loss: "Loss") -> dict[str, object]:
    from scim_tui.cli.access.list import holding_object

    return {
        "user_id": loss.user_id,
        "user_name": loss.user_name,
        "cause": loss.cause,
        "lost": [holding_object(each) for each in loss.lost],
        "until_pushed_again": [holding_object(each) for each in loss.interrupted],
    }
