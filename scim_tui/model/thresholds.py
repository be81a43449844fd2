"""From which values on a signal is reported; a profile can set each of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The thresholds of one profile, with those that hold where it says nothing."""

    token_warn_days: int = 30
    """Days before the end of the last working token from which provisioning is degraded."""
    token_fail_days: int = 7
    """The same for failing."""
    refused_again: int = 3
    """How often one person must have been refused to count as locked out."""
    refused_usual_factor: float = 2.0
    """How many times more people than on a usual day must be refused today."""
    refused_floor: int = 5
    """How many people must be refused today at least, for that to be unusual."""
    throttled_percent: float = 5.0
    """The share of throttled requests, in percent, from which provisioning is degraded."""
    mass_percent: float = 5.0
    """The share, in percent, that must be lost within a day to be a mass change..."""
    mass_floor: int = 20
    """...and the least number of them."""
    small_directory: int = 100
    """Below this number of people the next percentage alone decides."""
    small_percent: float = 20.0

    def is_mass_change(self, lost: int, before: int) -> bool:
        """Whether losing so many of so many is more than an operator expects.

        More than 5 % and at least 20; below 100 more than a fifth. Each number can be set.
        """
        if lost <= 0 or before <= 0:
            return False
        share = 100 * lost / before
        if before < self.small_directory:
            return share > self.small_percent
        return lost >= self.mass_floor and share > self.mass_percent
