"""One short line of the verdict that is kept, read without pydantic and without the network.

A prompt runs it each time a line is entered, so it may take a few hundredths of a second only.
"""

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from scim_tui.cli.base.streams import open_streams, silence
from scim_tui.cli.status.codes import UNKNOWN, code_of
from scim_tui.config.chosen import Chosen, chosen
from scim_tui.model.ages import span
from scim_tui.model.escaping import reveal
from scim_tui.model.verdict import KEPT, Verdict

STALE = timedelta(minutes=15)
"""A verdict that is older is shown with its age, and ends with the code of unknown."""


def at_once(argv: Sequence[str]) -> int | None:
    """Run `status --short` and give its code; None: the whole command line has to read `argv`."""
    match argv:
        case ["status", "--short"]:
            name = None
        case ["status", "--short", "--profile", name] | ["status", "--profile", name, "--short"]:
            pass
        case _:
            return None
    open_streams()
    found = chosen(name)
    if found is None:
        return None
    words, code = short_line(found)
    try:
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
    return code


def short_line(profile: Chosen) -> tuple[str, int]:
    """The line, and the exit code."""
    try:
        with open(os.path.join(profile.data_dir, KEPT), "rb") as file:
            kept = json.loads(file.read())
        verdict, at = Verdict(kept["verdict"]), datetime.fromisoformat(kept["at"])
        age = datetime.now(UTC) - at
        reason = str(kept["reason"])
    except (OSError, ValueError, KeyError, TypeError):
        return reveal(f"{profile.name} ? never looked at: scim-tui status"), UNKNOWN
    if age > STALE:
        return reveal(f"{profile.name} ? {verdict} {span(age)} ago"), UNKNOWN
    code = code_of(verdict, expect_off=profile.expect_off)
    return reveal(f"{profile.name} {verdict}" + (f": {reason}" if code else "")), code
