"""Where the rotation of a profile stands, in words and as JSON, read from the disk alone."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scim_tui.cli.args import chosen_profile
from scim_tui.cli.exits import Exit
from scim_tui.cli.output import line, print_fields, print_json, print_table, say
from scim_tui.core.clock import utc_now
from scim_tui.core.journal import Holder, Journal
from scim_tui.model.ages import stamp
from scim_tui.model.rotation import Named, Rotation
from scim_tui.model.rotation_checklist import STEPS, advice, checklist, place
from scim_tui.model.rotation_proof import level
from scim_tui.model.rotation_sight import key_words

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile

GO_ON = "scim-tui tokens rotate --resume"


def show(args: argparse.Namespace) -> int:
    """Print it; the code says whether a rotation is open."""
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
    """The same keys whatever there is; what is not there is null."""
    found: dict[str, Any] = {
        "profile": profile.name,
        "open": rotation is not None and rotation.open,
        "rotation": None,
        "steps": [],
        "next": None,
        "held_by": holder.model_dump(include={"by", "host", "pid", "since"}) if holder else None,
    }
    if rotation is not None:
        found |= _data_of(rotation)
    return found


def next_lines(rotation: Rotation, command: str, *, secret_held: bool = False) -> Iterator[str]:
    """What comes next, and the command that does it."""
    yield advice(rotation, utc_now(), secret_held=secret_held).sentence
    if rotation.open:
        yield f"  Go on: {command}"


def _data_of(rotation: Rotation) -> dict[str, Any]:
    come = advice(rotation, utc_now())
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
            "keys": rotation.seen.keys.sight.value if rotation.seen.keys else None,
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
        "next": {"sentence": come.sentence, "who": come.who},
    }


def _token(token: Named) -> dict[str, Any]:
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
    if sure := key_words(rotation.seen.keys, utc_now()):
        fields.append(("How sure", sure))
    if holder is not None:
        fields.append(("Held by", f"{holder.by}, process {holder.pid}"))
    print_fields(fields)
    line()
    rows = [
        (step.mark or "-", step.title, stamp(step.at) if step.evidence else "", step.evidence)
        for step in checklist(rotation)
    ]
    print_table(("mark", "step", "when", "evidence"), rows, whole="mark,when")
    line()
    for text in next_lines(rotation, command):
        say(text)
