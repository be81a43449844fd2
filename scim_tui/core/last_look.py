"""A summary of the newest snapshot of a profile, kept in its data folder for the list of profiles.

It contains marks, times and words of this program, but no data of the directory and no secret.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from scim_tui.config.paths import write_atomic
from scim_tui.core.health.severity import BAD, NOTHING, OK, Signal, worst
from scim_tui.core.health.signals import first_to_end
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.model.base import Value
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import UNKNOWN, Absent, Moment

FILE = "last_look.json"


class LastLook(Value):
    """The summary, and when its snapshot was taken."""

    at: datetime
    mark: str
    """The mark of the gravest signal."""
    words: str = ""
    """The label of that signal, or why there was no answer; empty: nothing is wrong."""
    no_token: bool = False
    """Whether it is known that no token exists."""
    token_ends: Moment = UNKNOWN
    idp_at: Moment = UNKNOWN
    """The newest request of the IdP."""
    rotation: str = ""
    """The id and state of the open rotation; empty: none is open."""

    def says_as(self, other: "LastLook | None") -> bool:
        """Whether both are equal, apart from the time and the newest request of the IdP."""
        same = {"at": self.at, "idp_at": self.idp_at}
        return other is not None and self == other.model_copy(update=same)


def seen(signals: Iterable[Signal], snapshot: Snapshot, at: datetime) -> LastLook:
    """The summary of a snapshot and its signals."""
    gravest = worst(signals)
    tokens, traffic, standing = snapshot.known_tokens, snapshot.traffic, snapshot.rotation
    token = None if isinstance(tokens, Absent) else first_to_end(tokens, at)
    rotation = None if isinstance(standing, Absent) else standing.rotation
    return LastLook(
        at=at,
        mark=gravest.mark if gravest else "",
        words=gravest.label if gravest and gravest.mark not in {OK, NOTHING} else "",
        no_token=not isinstance(tokens, Absent) and token is None,
        token_ends=token.expires_at if token else UNKNOWN,
        idp_at=UNKNOWN if isinstance(traffic, Absent) else traffic.last_request_at,
        rotation=f"{rotation.id} at {rotation.state}" if rotation and rotation.open else "",
    )


def failed(error: ScimTuiError, before: LastLook | None, at: datetime) -> LastLook:
    """The summary when there was no answer; keeps what was known about the token."""
    update = {"at": at, "mark": BAD, "words": error.message}
    return (before or LastLook(at=at, mark=BAD)).model_copy(update=update)


def keep(folder: Path, look: LastLook) -> None:
    """Write it to the folder; a failure is ignored, since the list of profiles works without."""
    try:
        write_atomic(folder / FILE, look.model_dump_json())
    except OSError:
        return


def recall(folder: Path) -> LastLook | None:
    """The newest summary; None when there is none, or it cannot be read."""
    try:
        return LastLook.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValueError):
        return None
