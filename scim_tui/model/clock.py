"""The present time, passed as an argument so that tests and screenshots can fix it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""A function that returns the present time in UTC."""


def utc_now() -> datetime:
    """The instant in UTC."""
    return datetime.now(UTC)
