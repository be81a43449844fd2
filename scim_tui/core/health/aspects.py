"""The aspects of a snapshot: each is asked for by itself, and may fail by itself."""

from enum import StrEnum, auto

PENDING = "It is still being asked."
"""The reason why an aspect is unknown whose answer was not awaited."""


class Aspect(StrEnum):
    """An aspect; the value is the name of its field in a snapshot."""

    STATUS = auto()
    TOKENS = auto()
    NOTED = auto()
    SUMMARY = auto()
    TRAFFIC = auto()
    PROBE = auto()
    REFUSALS = auto()
    ROTATION = auto()
    PRODUCT = auto()
    AUDIT = auto()
