"""The verdict on provisioning in a word. Light to import: a shell prompt reads it."""

from enum import StrEnum, auto

KEPT = "verdict.json"
"""The file of a profile's data folder that has its newest verdict."""


class Verdict(StrEnum):
    """Whether provisioning works."""

    HEALTHY = auto()
    DEGRADED = auto()
    """It works, and something needs a person soon or keeps some people out."""
    FAILING = auto()
    """What the IdP sends is not applied, or must not be."""
    OFF = auto()
    """Provisioning is switched off."""
    UNKNOWN = auto()
    """What must be known for a verdict could not be observed."""
