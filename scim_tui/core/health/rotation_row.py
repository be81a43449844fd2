"""The state of a rotation: the row of the Status screen, and the sentence at the start."""

from datetime import datetime

from scim_tui.core.rotation.api import Standing
from scim_tui.model.rotation.checklist import STEPS, place
from scim_tui.model.rotation.guards import HELD
from scim_tui.model.rotation.next_step import what_next
from scim_tui.model.rotation.proof import server_now
from scim_tui.model.rotation.rotation import Rotation, State
from scim_tui.model.unknown_values import Absent


def rotation_words(standing: Standing | Absent, now: datetime) -> tuple[str, str, str]:
    """Mark, word and detail of the row."""
    if isinstance(standing, Absent):
        return "[ ?]", "", "not known: the journal cannot be read"
    found = standing.rotation
    if found is None or not found.open:
        return "[--]", "", "none open"
    mark, word = ("[!!]", "WARN") if found.state is State.ATTENTION else ("[!!]", "OPEN")
    return mark, word, open_words(standing, found, now)


def open_words(standing: Standing, rotation: Rotation, now: datetime) -> str:
    """The step of the open rotation, since when, and what comes next."""
    step, now = place(rotation), server_now(rotation, now)
    where = f"{rotation.id} at step {step + 1} {STEPS[step]} since {_since(rotation, now)}"
    if standing.holder is not None:
        holder = standing.holder
        words = f"{rotation.id} step {step + 1} {STEPS[step]}, held by {holder.by}"
        come = what_next(rotation, now, held_by=holder.process)
        return f"{words}. {come.sentence}" if rotation.state in HELD else words
    return f"{where}. {what_next(rotation, now, secret_held=standing.secret_held).sentence}"


def _since(rotation: Rotation, now: datetime) -> str:
    at = rotation.history[-1].at if rotation.history else rotation.started_at
    return f"{at:%H:%MZ}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%MZ}"
