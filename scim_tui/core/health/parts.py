"""The parts of a snapshot: each is asked for apart from the rest, and may fail apart from it."""

from enum import StrEnum, auto

PENDING = "It is still being asked."
"""The reason why a part is unknown whose answer was not awaited."""


class Part(StrEnum):
    """A part; the value is the name of its field in a snapshot."""

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
