"""Whether a process still runs, when it started, and in which boot of the machine.

Process ids are reused. Together with its start time an id identifies one process, and together with
the boot id also across restarts of the machine.
"""

import os
from pathlib import Path

_DEAD = {"Z", "X"}
"""States of a process that has ended but was not yet waited for by its parent (proc(5))."""


def is_running(pid: int) -> bool:
    """Whether there is a process with this id, of any user."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def start_of(pid: int) -> str:
    """When a process started, in ticks since the boot; empty: it has ended, or is not known."""
    try:
        # The name before the last ")" may hold blanks.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in _DEAD else fields[19]


def boot_id() -> str:
    """The id of the machine's present boot; empty: not known."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""
