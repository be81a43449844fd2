"""The one source of "now", injected so that tests and screenshots can hold it still."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the instant in UTC."""


def utc_now() -> datetime:
    """The instant in UTC."""
    return datetime.now(UTC)
