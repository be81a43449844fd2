"""What the newest look at a profile found, kept beside its audit trail for the list of profiles.

Only marks, times and words of our own: nothing of the directory, and no secret.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scim_tui.config.paths import write_atomic
from scim_tui.core.health.severity import BAD, NOTHING, OK, worst
from scim_tui.core.health.signals import first_to_end
from scim_tui.model.base import Value
from scim_tui.model.unknown_values import UNKNOWN, Absent, Moment

if TYPE_CHECKING:
    from scim_tui.core.health.snapshot import Snapshot
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.errors import ScimTuiError

FILE = "last_look.json"


class LastLook(Value):
    """What was found, and when."""

    at: datetime
    mark: str
    """The gravest mark of the signals."""
    words: str = ""
    """The label of that signal, or why there was no answer; empty when all is well."""
    no_token: bool = False
    """Whether it is known that there is none."""
    token_ends: Moment = UNKNOWN
    idp_at: Moment = UNKNOWN
    """Newest request of the IdP."""
    rotation: str = ""
    """Where an open rotation stands; empty: none is open."""

    def says_as(self, other: "LastLook | None") -> bool:
        """Whether both say the same, whenever they were taken and whatever the IdP did since."""
        same = {"at": self.at, "idp_at": self.idp_at}
        return other is not None and self == other.model_copy(update=same)


def seen(space: "Workspace", snapshot: "Snapshot", at: datetime) -> LastLook:
    """What a look found."""
    gravest = worst(space.health.signals(snapshot))
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


def failed(error: "ScimTuiError", before: LastLook | None, at: datetime) -> LastLook:
    """A look that got no answer; what was known of the token before is still true."""
    update = {"at": at, "mark": BAD, "words": error.message}
    return (before or LastLook(at=at, mark=BAD)).model_copy(update=update)


def keep(folder: Path, look: LastLook) -> None:
    """Write it down. That it cannot be is no reason to stop looking."""
    try:
        write_atomic(folder / FILE, look.model_dump_json())
    except OSError:
        return


def recall(folder: Path) -> LastLook | None:
    """The newest look; None when there was none, or it cannot be read."""
    try:
        return LastLook.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValueError):
        return None
