"""What a demo is made from. Nothing here is slow to import: `--help` uses it."""

from typing import NamedTuple

SEED = 7
PEOPLE = 2_000


class Plan(NamedTuple):
    """The same plan makes the same people and the same events."""

    seed: int = SEED
    people: int = PEOPLE
