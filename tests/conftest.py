"""What holds for every test, whichever way the run was started."""

import os
import signal
from types import FrameType

from hypothesis import HealthCheck, settings

IGNORED_BY_RUNNERS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
SEARCHING = "ROTATION_SEARCH" in os.environ
"""Whether new examples are looked for (`make search`); the suite says the same thing twice."""

settings.register_profile(
    "suite",
    deadline=None,
    derandomize=not SEARCHING,
    suppress_health_check=[HealthCheck.too_slow],
    **({} if SEARCHING else {"database": None}),
)
settings.load_profile("suite")


def pytest_configure() -> None:
    """Let children hear signals, also under `nohup make test &` and on CI runners.

    A child inherits what its parent ignores, but not what it handles. A handler that does nothing
    is as good as ignoring for this process.
    """
    for number in IGNORED_BY_RUNNERS:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _nothing)


def _nothing(number: int, frame: FrameType | None) -> None:
    """What a runner wants ignored."""
