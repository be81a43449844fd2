"""The watch: looks at each directory at its pace, decides, and hands messages to the sinks."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

from scim_tui.config.profiles import Profile
from scim_tui.core.fleet.look import SECONDS, Open, look
from scim_tui.core.fleet.row import FleetRow
from scim_tui.core.watch import outbox
from scim_tui.core.watch.decide import decide, observed
from scim_tui.core.watch.outbox import Pending
from scim_tui.core.watch.rules import WatchRules
from scim_tui.core.watch.state import WatchState, read_state, write_state
from scim_tui.model.alert import Alert
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import ScimTuiError

Send = Callable[[str, Alert], Awaitable[None]]
"""Hands a message to the sink of a name; raises `ScimTuiError` when it was not taken."""
Log = Callable[[str], None]
"""Writes one line."""
DELIVER_EVERY = 5.0
"""Seconds between two looks into the outbox."""


class Watch:
    """One watch over some profiles. It is the only owner of the state on disk."""

    def __init__(
        self,
        profiles: Sequence[Profile],
        open_profile: Open,
        send: Send,
        sinks: Sequence[str],
        rules: WatchRules,
        folder: Path,
        log: Log,
        clock: Clock = utc_now,
    ) -> None:
        self._profiles = {each.name: each for each in profiles}
        self._open, self._send, self._sinks = open_profile, send, sinks
        self._rules, self.folder, self._log, self._clock = rules, folder, log, clock
        self._state = read_state(folder)
        self.rows: dict[str, FleetRow] = {}
        """The newest row of each profile."""

    @property
    def waiting(self) -> int:
        """How many messages still have to reach a sink."""
        return len(self._state.outbox)

    async def once(self) -> None:
        """Look at every profile, decide, and try to send what is due."""
        await self._look()
        await self.deliver()

    async def _look(self) -> None:
        seconds = min(SECONDS, self._rules.every.total_seconds())
        async for row in look(
            list(self._profiles.values()), self._open, seconds=seconds, clock=self._clock
        ):
            self._log_change(row)
            self.rows[row.profile] = row
            self._keep(self._decided(row))

    async def run(self, after_each: Callable[[], None] = lambda: None) -> None:
        """Look again and again, until cancelled; a sink that hangs holds up no look."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_delivering(), name="watch sinks")
            loop = asyncio.get_running_loop()
            while True:
                begun = loop.time()
                await self._look()
                after_each()
                rest = self._rules.every.total_seconds() - (loop.time() - begun)
                await asyncio.sleep(max(0.0, rest))

    async def _keep_delivering(self) -> None:
        while True:
            await self.deliver()
            await asyncio.sleep(DELIVER_EVERY)

    def _decided(self, row: FleetRow) -> WatchState:
        """The state after a row: with a message in the outbox where one is due and may be sent."""
        state, now = self._state, row.judgement.at
        profile = self._profiles[row.profile]
        before = state.of(row.profile)
        alert, after = decide(
            row.profile,
            before,
            row.judgement,
            self._rules,
            expect_off=profile.expect_off,
            environment=profile.environment,
        )
        if alert is None:
            return state.with_reported(row.profile, after)
        if self._rules.is_quiet(now.astimezone()) or not state.room(now, self._rules.most_an_hour):
            kept = observed(before, row.judgement, expect_off=profile.expect_off)
            return state.with_reported(row.profile, kept)
        sent = tuple(at for at in state.sent if (now - at).total_seconds() < 3600)
        update = {
            "outbox": outbox.added(state.outbox, alert, self._sinks),
            "sent": (*sent, now),
        }
        self._log(f"{alert.kind}: {alert.title}")
        return state.with_reported(row.profile, after).model_copy(update=update)

    async def deliver(self) -> None:
        """Try every message that is due, each sink by itself; a dead sink holds up no other."""
        now = self._clock()
        ready = list(outbox.due(self._state.outbox, now))
        await asyncio.gather(*(self._try(each, now) for each in ready))

    async def _try(self, pending: Pending, now: datetime) -> None:
        box = outbox.began(self._state.outbox, pending)
        if not self._keep(self._state.model_copy(update={"outbox": box})):
            return
        ok = True
        try:
            await self._send(pending.sink, pending.alert)
        except ScimTuiError as error:
            ok = False
            self._log(f"sink {pending.sink}: {error.message} It is tried again.")
        box = outbox.ended(self._state.outbox, pending, now, ok=ok)
        self._keep(self._state.model_copy(update={"outbox": box}))

    def _keep(self, state: WatchState) -> bool:
        """Write the state down and go on from it; where the disk does not take it, neither."""
        if state == self._state:
            return True
        try:
            write_state(self.folder, state)
        except ScimTuiError as error:
            self._log(f"{error.message} {error.hint}")
            return False
        self._state = state
        return True

    def _log_change(self, row: FleetRow) -> None:
        before = self.rows.get(row.profile)
        old = before.verdict if before else None
        if old is not row.verdict:
            was = f" (was {old})" if old else ""
            self._log(f"{row.profile} {row.verdict}{was}: {row.judgement.reason}")
