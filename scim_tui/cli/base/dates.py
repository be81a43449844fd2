"""Reads a time as people write it: a day, a time, or how long ago."""

import argparse
from datetime import UTC, datetime, timedelta

from scim_tui.cli.base.span import hours
from scim_tui.model.errors import UsageError


def moment(text: str, now: datetime) -> datetime:
    """The moment that "2026-11-01", "2026-11-01T09:00Z" or "7d" (ago) means; without a zone, UTC.

    Raises `UsageError`.
    """
    try:
        return now - timedelta(hours=hours(text))
    except argparse.ArgumentTypeError:
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is no time.", "Write 2026-11-01, 2026-11-01T09:00Z, or 7d for a week ago."
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
