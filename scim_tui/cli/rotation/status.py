"""The state of a profile's rotation, as text and as JSON, read from disk only."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scim_tui.cli.base.args import chosen_profile
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import line, print_fields, print_json, print_table, say
from scim_tui.core.rotation.journal import Holder, Journal
from scim_tui.model.ages import stamp
from scim_tui.model.clock import utc_now
from scim_tui.model.clock_skew import skew_words
from scim_tui.model.rotation.checklist import STEPS, checklist, place
from scim_tui.model.rotation.guards import HELD
from scim_tui.model.rotation.key_verdict import key_words
from scim_tui.model.rotation.next_step import NextStep, held_until, what_next
from scim_tui.model.rotation.proof import level, server_now
from scim_tui.model.rotation.rotation import TAKE_OVER, Rotation, TokenRef

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile

GO_ON = "scim-tui tokens rotate --resume"


def show(args: argparse.Namespace) -> int:
    """Print it; the exit code says whether a rotation is open."""
    profile = chosen_profile(args)
    journal = Journal.of(profile.data_dir, "")
    rotation = journal.open() or next(iter(reversed(journal.all())), None)
    holder = journal.holder()
    if args.json:
        print_json(as_data(profile, rotation, holder))
    elif rotation is None:
        say("No token was ever rotated here.")
        say("  Begin: scim-tui tokens rotate")
    else:
        _print(rotation, holder, go_on(profile))
    return Exit.NO if rotation is not None and rotation.open else Exit.DONE


def go_on(profile: "Profile") -> str:
    """The command that goes on with the rotation of this profile."""
    return GO_ON if profile.origin == "built in" else f"{GO_ON} --profile {profile.name}"


def as_data(
    profile: "Profile", rotation: Rotation | None, holder: Holder | None = None
) -> dict[str, Any]:
    """The state as JSON, always with the same keys; what does not exist is null."""
    found: dict[str, Any] = {
        "profile": profile.name,
        "open": rotation is not None and rotation.open,
        "rotation": None,
        "steps": [],
        "next": None,
        "held_by": holder.model_dump(include={"by", "host", "pid", "since"}) if holder else None,
    }
    if rotation is not None:
        found |= _data_of(rotation, holder)
    return found


def next_lines(rotation: Rotation, command: str, holder: Holder | None = None) -> Iterator[str]:
    """What comes next, and the command that does it."""
    yield _next(rotation, holder).sentence
    if rotation.open and holder is None:
        yield f"  Go on: {command}"
    elif rotation.open:
        yield f"  Go on in that process, or take it over: {command} --take-over '{TAKE_OVER}'"
        if _secret_there(rotation):
            yield "  Taking it over loses the text of the new token: it has to be made again."


def _next(rotation: Rotation, holder: Holder | None) -> NextStep:
    return what_next(
        rotation, server_now(rotation, utc_now()), held_by=holder.process if holder else ""
    )


def _secret_there(rotation: Rotation) -> bool:
    """Whether only a running process may have the secret of the new token."""
    return rotation.state in HELD and server_now(rotation, utc_now()) <= held_until(rotation)


def _data_of(rotation: Rotation, holder: Holder | None) -> dict[str, Any]:
    skew = rotation.seen.skew
    come = _next(rotation, holder)
    return {
        "rotation": {
            "id": rotation.id,
            "state": rotation.state.value,
            "strategy": rotation.strategy.value,
            "step": place(rotation) + 1,
            "started_at": rotation.started_at,
            "started_by": rotation.started_by,
            "old": _token(rotation.old),
            "new": _token(rotation.new) if rotation.new else None,
            "level": str(level(rotation)),
            "clock_skew_seconds": skew.total_seconds() if skew is not None else None,
            "keys": rotation.seen.keys.verdict.value if rotation.seen.keys else None,
            "proven_at": rotation.proven_at,
            "old_gone_at": rotation.gone_at,
            "strays": [token.id for token in rotation.strays],
            "trouble": rotation.trouble,
            "ending": rotation.ending,
        },
        "steps": [
            {
                "title": step.title,
                "mark": step.mark,
                "evidence": step.evidence,
                "at": step.at,
            }
            for step in checklist(rotation)
        ],
        "next": {"sentence": come.sentence, "who": come.turn.value},
    }


def _token(token: TokenRef) -> dict[str, Any]:
    return {
        "id": token.id,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
    }


def _print(rotation: Rotation, holder: Holder | None, command: str) -> None:
    at = place(rotation)
    fields = [
        ("Rotation", f"{rotation.id}, {'open' if rotation.open else 'over'}"),
        ("Stands at", f"step {at + 1} of {len(STEPS)}, {STEPS[at]}: {rotation.state.value}"),
        (
            "Since",
            f"{stamp(rotation.history[-1].at)}, begun {stamp(rotation.started_at)}"
            f" by {rotation.started_by}",
        ),
        ("Old token", rotation.old.id),
        ("New token", rotation.label),
        ("Seen", str(level(rotation))),
    ]
    if sure := key_words(rotation.seen.keys, server_now(rotation, utc_now())):
        fields.append(("How sure", sure))
    if words := skew_words(rotation.seen.skew):
        fields.append(("Clock", words))
    if holder is not None:
        fields.append(("Held by", f"{holder.by}, process {holder.pid}"))
        if _secret_there(rotation):
            fields.append(("New secret", f"held in memory by {holder.process}"))
    print_fields(fields)
    line()
    rows = [
        (step.mark or "-", step.title, stamp(step.at) if step.evidence else "", step.evidence)
        for step in checklist(rotation)
    ]
    print_table(("mark", "step", "when", "evidence"), rows, whole="mark,when")
    line()
    for text in next_lines(rotation, command, holder):
        say(text)
