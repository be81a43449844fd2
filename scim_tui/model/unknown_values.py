"""Values that are missing: "unknown" and "never" are values of their own, not blanks."""

from datetime import datetime
from enum import StrEnum


class Absent(StrEnum):
    """Why a value is missing."""

    UNKNOWN = "unknown"
    """It was not observed; it may or may not exist."""
    NEVER = "never"
    """It is known not to have happened, or to have no end."""


UNKNOWN = Absent.UNKNOWN
NEVER = Absent.NEVER

Moment = datetime | Absent
"""An instant in UTC, or why there is none."""
Count = int | Absent
"""A number of things, or why there is none."""
Words = str | Absent
"""A text, or why there is none."""
