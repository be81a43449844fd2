"""Adds to a snapshot what a verdict needs beside it: the weeks before, and who is locked out."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from scim_tui.core.health.collect import Sources
from scim_tui.core.health.kept import Kept
from scim_tui.core.health.observed import Observed
from scim_tui.core.health.rhythm import LEARNED_FROM, Rhythm, learn
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.model.clock_skew import judged
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.history import History
from scim_tui.model.thresholds import Thresholds
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count
from scim_tui.providers.port import KeepsHistory

LEARN_AGAIN = timedelta(minutes=30)
"""How long a rhythm is used before the log is read again."""


class Observer:
    """Observes one directory; keeps the history it read for a while."""

    def __init__(self, sources: Sources, limits: Thresholds | None = None) -> None:
        self._sources = sources
        self._limits = limits or Thresholds()
        self._steady: Callable[[], float] = time.monotonic
        self._learned: tuple[float, History | Absent, Rhythm | None] | None = None

    async def observe(self, snapshot: Snapshot, kept: Kept | None) -> Observed:
        """What was observed, in the form that `judge` takes."""
        history, rhythm = await self._history(judged(snapshot.at, snapshot.skew))
        return Observed(
            snapshot=snapshot,
            can=self._sources.provider.capabilities,
            limits=self._limits,
            history=history,
            rhythm=rhythm,
            earlier=kept.counts if kept else (),
            locked_out=await self._locked_out(snapshot),
        )

    async def _locked_out(self, snapshot: Snapshot) -> Count:
        """How many people of the last day are refused again and again."""
        traffic = snapshot.traffic
        if isinstance(traffic, Absent) or isinstance(traffic.refused, Absent):
            return UNKNOWN
        if not traffic.refused:
            return 0
        try:
            found = await self._sources.activity.refused_people(most=0)
        except ScimTuiError:
            return UNKNOWN
        least = self._limits.refused_again
        return sum(each.tries >= least for each in found.people) if found.whole else UNKNOWN

    async def _history(self, now: datetime) -> tuple[History | Absent, Rhythm | None]:
        """History and rhythm; UNKNOWN and None where the log cannot be read."""
        if self._learned and self._steady() - self._learned[0] < LEARN_AGAIN.total_seconds():
            return self._learned[1:]
        provider = self._sources.provider
        if not isinstance(provider, KeepsHistory):
            return UNKNOWN, None
        try:
            history = await provider.history(now - LEARNED_FROM)
        except ScimTuiError:
            return UNKNOWN, None
        self._learned = self._steady(), history, learn(history.requests, now)
        return self._learned[1:]
