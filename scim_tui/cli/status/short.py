"""One short line of the verdict that is kept, read without pydantic and without the network.

A prompt runs it each time a line is entered, so it may take a few hundredths of a second only.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scim_tui.cli.status.codes import UNKNOWN, code_of
from scim_tui.core.health.verdict import KEPT, Verdict

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile

STALE = timedelta(minutes=15)
"""A verdict that is older is shown with its age, and ends with the code of unknown."""


def short_line(profile: "Profile") -> tuple[str, int]:
    """The line, and the exit code."""
    try:
        with open(os.path.join(profile.data_dir, KEPT), "rb") as file:
            kept = json.loads(file.read())
        verdict, at = Verdict(kept["verdict"]), datetime.fromisoformat(kept["at"])
        reason = str(kept["reason"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"{profile.name} ? never looked at: scim-tui status", UNKNOWN
    from scim_tui.model.ages import span
    from scim_tui.model.escaping import reveal

    age = datetime.now(UTC) - at
    if age > STALE:
        return reveal(f"{profile.name} ? {verdict} {span(age)} ago"), UNKNOWN
    code = code_of(verdict, expect_off=profile.expect_off)
    return reveal(f"{profile.name} {verdict}" + (f": {reason}" if code else "")), code
