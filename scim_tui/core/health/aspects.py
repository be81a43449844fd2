"""The aspects of a snapshot. Each is requested on its own, and may fail on its own."""

from enum import StrEnum, auto

PENDING = "It is still being asked."
"""The reason for an aspect that is unknown because its answer has not arrived yet."""


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
