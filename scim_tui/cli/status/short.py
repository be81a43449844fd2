"""One short line of the verdict that is kept, read without pydantic and without the network.

A prompt runs it each time a line is entered, so it may take a few hundredths of a second only.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile

FILE = "verdict.json"
STALE = timedelta(minutes=15)
"""A verdict that is older is shown with its age, and ends with the code of unknown."""
CODES = {"healthy": 0, "degraded": 1, "failing": 2, "unknown": 3, "off": 1}


def short_line(profile: "Profile") -> tuple[str, int]:
    """The line, and the exit code."""
    try:
        with open(os.path.join(profile.data_dir, FILE), "rb") as file:
            kept = json.loads(file.read())
        verdict, at = str(kept["verdict"]), datetime.fromisoformat(kept["at"])
        reason = str(kept["reason"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"{profile.name} ? never looked at: scim-tui status", 3
    from scim_tui.model.ages import span
    from scim_tui.model.escaping import reveal

    age = datetime.now(UTC) - at
    if age > STALE:
        return reveal(f"{profile.name} ? {verdict} {span(age)} ago"), 3
    code = 0 if verdict == "off" and profile.expect_off else CODES.get(verdict, 3)
    return reveal(f"{profile.name} {verdict}" + (f": {reason}" if code else "")), code
