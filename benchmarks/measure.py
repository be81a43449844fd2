"""Timing several things in turns, so that a busy machine slows all of them alike."""

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Samples:
    """Seconds of one operation, by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median of all."""
        return median(self.all)

    @property
    def p95(self) -> float:
        """What 95 of 100 do not exceed."""
        return quantiles(self.all, n=20)[-1] if len(self.all) > 1 else self.all[0]

    @property
    def all(self) -> list[float]:
        """Every sample."""
        return [seconds for each in self.rounds for seconds in each]

    def over(self, other: "Samples") -> float:
        """How many times the other this costs: the median over the rounds, each by its median."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(median(mine) / median(theirs) for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to be timed, `times` in a row in each round."""

    work: Callable[[], object]
    times: int = 1
    after: Callable[[], object] = lambda: None
    """Cleans up after each time, which is not timed."""


def interleaved(subjects: dict[str, Subject], rounds: int) -> dict[str, Samples]:
    """Time all subjects in turns, after one round that does not count.

    Every second round goes the other way, so that nobody always follows the same neighbour.
    """
    samples = {name: Samples() for name in subjects}
    for subject in subjects.values():
        _timed(subject)
    for number in range(rounds):
        for name in list(subjects)[:: -1 if number % 2 else 1]:
            samples[name].rounds.append(_timed(subjects[name]))
    return samples


def together(samples: Iterable[Samples]) -> Samples:
    """Several operations as one."""
    return Samples([each for some in samples for each in some.rounds])


def _timed(subject: Subject) -> list[float]:
    gc.collect()
    taken = []
    for _ in range(subject.times):
        start = time.perf_counter()
        subject.work()
        taken.append(time.perf_counter() - start)
        subject.after()
    return taken
