"""What this terminal can do, and a thread that ends the process when the terminal is closed."""

import os
import resource
import select
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass

GONE = 129
"""Exit code after the terminal was closed, as for SIGHUP."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """The properties of the terminal that decide about theme and mouse."""

    over_ssh: bool
    no_colour: bool
    dumb: bool
    low_colour: bool

    @property
    def theme(self) -> str:
        """The theme for it: sixteen colours over SSH, since they take fewer bytes."""
        return "ansi" if self.over_ssh or self.no_colour or self.low_colour else "dark"


def look(environ: Mapping[str, str] = os.environ) -> Terminal:
    """Read the terminal's facts from the environment. An empty NO_COLOR does not count."""
    term = environ.get("TERM", "")
    deep = environ.get("COLORTERM", "") in {"truecolor", "24bit"} or "256" in term
    return Terminal(
        over_ssh=bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")),
        no_colour=bool(environ.get("NO_COLOR")),
        dumb=term in {"dumb", "unknown"},
        low_colour=not deep,
    )


def leave_no_core() -> None:
    """Write no core file: it would contain a secret that is in memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def leave_when_lost(fd: int | None = None, every: float = 0.5) -> threading.Thread:
    """End the process when its terminal is closed, also where SIGHUP is ignored.

    Files are written completely or not at all, so an abrupt end loses nothing.
    """
    watched = sys.__stdin__.fileno() if fd is None and sys.__stdin__ is not None else fd
    thread = threading.Thread(
        target=_watch, args=(watched, every), name="terminal-watch", daemon=True
    )
    thread.start()
    return thread


def _watch(fd: int, every: float) -> None:
    poll = select.poll()
    poll.register(fd, 0)
    while True:
        if any(
            happened & (select.POLLHUP | select.POLLERR | select.POLLNVAL)
            for _, happened in poll.poll(every * 1000)
        ):
            os._exit(GONE)
