"""What the log of a provider says about the last weeks, as far as a verdict needs it."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import Field

from scim_tui.model.base import Value
from scim_tui.model.directory import Summary


class History(Value):
    """Four weeks of an IdP's requests."""

    since: datetime
    """From when on the log is complete."""
    requests: tuple[datetime, ...] = ()
    """The minutes in which the IdP sent a request that was accepted, oldest first."""
    refused_people: Mapping[date, int] = Field(default_factory=dict)
    """How many people were refused on each day (UTC) that had a request of the IdP."""
    reasons: Mapping[str, datetime] = Field(default_factory=dict)
    """Each rule that refused a request, and when it did so first."""


class Count(Value):
    """How much a directory held at one time."""

    at: datetime
    summary: Summary
