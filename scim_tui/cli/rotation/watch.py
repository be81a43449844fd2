"""Looks repeatedly which client uses which token, for a limited time."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scim_tui.cli.base.output import say
from scim_tui.cli.rotation.answers import NotYet
from scim_tui.core.rotation.api import Rotations
from scim_tui.model.ages import span
from scim_tui.model.clock import Clock
from scim_tui.model.errors import Throttled, Unreachable
from scim_tui.model.rotation.checklist import checklist, place
from scim_tui.model.rotation.next_step import NextStep, what_next
from scim_tui.model.rotation.proof import server_now, silence
from scim_tui.model.rotation.rotation import Rotation, State
from scim_tui.model.rotation.suspend import soak_left

AFTER = (State.DELETED, State.AFTERWATCH)
_WATCH_STEP = 4
"""The step whose evidence is printed from then on."""

sleep = asyncio.sleep
"""Waits between two looks; replaced in tests."""


@dataclass(slots=True)
class Watch:
    """Repeats the look until something changes, or the time is over."""

    rotations: Rotations
    clock: Clock
    wait: timedelta
    """How long to wait for the IdP."""
    every: timedelta
    """How long to wait between two looks."""
    endless: bool = False
    """Whether to wait until a person at the terminal presses Ctrl-C."""
    _deadline: datetime = field(init=False)
    _said: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self._deadline = self.clock() + self.wait

    async def until_changed(self, state: State) -> tuple[Rotation, bool]:
        """Look until the rotation leaves this state; False: the time was over before."""
        while True:
            found = await self.look()
            if found.state is not state or not found.open:
                return found, True
            if not self._may_wait():
                return found, False
            await self.rest()

    async def soak(self) -> Rotation:
        """Look until the old token was off for a cycle.

        Raises `NotYet` when a client was refused, so that the token is on again, or time is over.
        """
        while True:
            found = await self.look()
            if found.state is not State.SUSPENDED:
                raise NotYet(
                    f"{found.old.id} is on again: {found.history[-1].note}",
                    "Find out who still holds it, then go on: --resume",
                )
            left = soak_left(found, self._now(found))
            if not left:
                return found
            if not self._may_wait():
                raise NotYet(
                    f"{found.old.id} is off, and has to be for {span(left)} more.",
                    "Go on later: --resume --wait-observed 45m. --reinstate lets it in again.",
                )
            await self.rest()

    async def after_deletion(self, length: timedelta) -> Rotation:
        """Look whether a client is refused, for this long; at least once."""
        self._deadline = self.clock() + length
        while True:
            found = await self.look()
            if not found.open or found.state not in AFTER or self.clock() >= self._deadline:
                return found
            await self.rest()

    async def look(self) -> Rotation:
        """One look; while there is time, an unreachable server is asked again."""
        while True:
            try:
                found = await self.rotations.look()
            except (Unreachable, Throttled) as error:
                if not self._may_wait():
                    raise
                self._say_once(error.message)
                await self.rest()
            else:
                self._say_once(self._what_was_seen(found))
                return found

    async def rest(self) -> None:
        """Sleep until the next look; the last one is at the end of the time."""
        left = self._deadline - self.clock()
        length = min(self.every, left) if left > timedelta() else self.every
        await sleep(length.total_seconds())

    def next_of(self, rotation: Rotation) -> NextStep:
        """What comes next in this rotation."""
        held = self.rotations.secret is not None
        return what_next(rotation, self._now(rotation), secret_held=held)

    def left_to_soak(self, rotation: Rotation) -> timedelta:
        """How long the old token still has to be off before it may be deleted."""
        return soak_left(rotation, self._now(rotation))

    def _what_was_seen(self, rotation: Rotation) -> str:
        if rotation.state in AFTER:
            return self.next_of(rotation).sentence
        step = checklist(rotation)[min(place(rotation), _WATCH_STEP)]
        return f"{step.evidence}; {silence(rotation)}"

    def _now(self, rotation: Rotation) -> datetime:
        """Now by the clock that the rotation is judged by; ours may be wrong."""
        return server_now(rotation, self.clock())

    def _may_wait(self) -> bool:
        """Whether there is time left for another look."""
        return self.endless or self.clock() < self._deadline

    def _say_once(self, words: str) -> None:
        """Print what is new only."""
        if words != self._said:
            self._said = words
            say(words)
