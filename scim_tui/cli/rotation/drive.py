"""From each state of a rotation to the next: what is done, and what is asked for it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scim_tui.cli.base import secret_to as delivery
from scim_tui.cli.base.output import say
from scim_tui.cli.rotation import pause as rotation_pause
from scim_tui.cli.rotation.answers import Answers, NotYet, how_on
from scim_tui.cli.rotation.ways import RESULTS, Ways, make_it_speak
from scim_tui.core.rotation.api import Rotations
from scim_tui.model.clock import Clock
from scim_tui.model.errors import OutcomeUnknown, Throttled, Unreachable
from scim_tui.model.rotation.checklist import advice, checklist, levels, place, silence
from scim_tui.model.rotation.proof import level, server_now
from scim_tui.model.rotation.rotation import By, OutOfTurn, Rotation, State, Strategy, TestResult

Step = Callable[[Rotation], Awaitable[Rotation]]
MOST_TRIES = 3
"""How often a token is asked for, and a new one tested, before a person has to look."""
AFTER = (State.DELETED, State.AFTERWATCH)

pause = asyncio.sleep
"""Between two looks."""


@dataclass(slots=True)
class Patience:
    """How long to wait for the IdP, and how less proof is accepted after that."""

    wait: timedelta
    every: timedelta
    old_word: str = ""
    reason: str = ""


@dataclass(slots=True)
class Drive:
    """One run over the steps of a rotation."""

    rotations: Rotations
    ways: Ways
    answers: Answers
    patience: Patience
    clock: Clock
    reinstate: bool = False
    """Whether a person wants the suspended old token let in again."""
    _deadline: datetime = field(init=False)
    _told: str = field(init=False, default="")
    _spoke: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._deadline = self.clock() + self.patience.wait

    async def run(self, rotation: Rotation) -> Rotation:
        """On until it is over, or only the watch after the deletion is left to others.

        Raises `NotYet` where it has to wait, `ConfirmationMissing` before a deletion, and what
        the verbs raise.
        """
        steps = self._steps()
        while rotation.open:
            before = rotation
            rotation = await steps[rotation.state](rotation)
            if rotation.state in AFTER and before.state in AFTER:
                break
        return rotation

    def _steps(self) -> dict[State, Step]:
        s = State
        return {
            s.PREFLIGHT: self._check,
            s.FREE_SLOT: self._free,
            s.CREATE_INTENT: self._create,
            s.CREATING: self._find_out,
            s.CREATE_LOST: self._find_out,
            s.DELETING: self._find_out,
            s.HOLDING: self._probe,
            s.PROBE_FAILED: self._probe,
            s.PROBED: self._deliver,
            s.SECRET_GONE: self._discard,
            s.DELIVERED: self._install,
            s.INSTALL_CLAIMED: self._test,
            s.IDP_TESTED: self._watch,
            s.WATCHING: self._watch,
            s.PROVEN: self._delete,
            s.UNPROVEN_ACCEPTED: self._delete,
            s.SUSPENDED: self._soak,
            s.DELETE_CONFIRM: self._delete,
            s.DELETED: self._after,
            s.AFTERWATCH: self._after,
            s.ATTENTION: self._settle,
        }

    async def _check(self, rotation: Rotation) -> Rotation:
        found = await self.rotations.check()
        if found.state is State.PREFLIGHT:
            bad = [check for check in found.checks if check.mark == "bad"]
            words = " ".join(f"{check.name}: {check.sentence}" for check in bad)
            raise NotYet(f"Nothing was changed. {words}", "Mend it, and go on.")
        return found

    async def _free(self, rotation: Rotation) -> Rotation:
        chosen, word = await self.answers.slot(await self.rotations.slots())
        found = await self.rotations.free_slot(chosen, word)
        say(f"{chosen} is deleted.")
        return found

    async def _create(self, rotation: Rotation) -> Rotation:
        if rotation.attempts >= MOST_TRIES:
            raise NotYet(
                f"{rotation.attempts} tokens were asked for in this rotation.",
                "Look why, then stop it: scim-tui tokens rotate --abort",
            )
        if not self.ways.reach_somebody and (text := await self.answers.way()):
            self.ways.also = delivery.parse(text)
        await self.ways.check(rotation)
        await self.answers.go_on(self._advice(rotation))
        if rotation.strategy is Strategy.GUIDED:
            secret, token_id = await self.answers.new_token()
            return await self.rotations.paste(secret, token_id)
        word = ""
        if rotation.strategy is Strategy.SWAP:
            word = await self._ready_to_swap(rotation)
        found = await self.rotations.create(word)
        if found.new is not None:
            old = "has ended" if word else "stays valid"
            say(f"{found.new.id} is made; {found.old.id} {old}.")
        return found

    async def _ready_to_swap(self, rotation: Rotation) -> str:
        """The way of the new secret stands ready, and the word for the end of the old one."""
        if not rotation.armed:
            await self.rotations.arm(self.ways.places(rotation)[0].title)
        return await self.answers.word(f"Making the new token ends {rotation.old.id} at once: that")

    async def _find_out(self, rotation: Rotation) -> Rotation:
        return await self.rotations.resume()

    async def _probe(self, rotation: Rotation) -> Rotation:
        refused = bool(rotation.probes) and rotation.probes[-1].status in {401, 403}
        guided = rotation.strategy is Strategy.GUIDED
        if guided and refused and rotation.state is State.PROBE_FAILED:
            return await self._enter_again(rotation)
        found = await self.rotations.probe()
        if found.state is State.PROBED:
            say("Seen: a request of ours with the new token was accepted (E1).")
        elif len(found.probes) >= MOST_TRIES:
            reason = found.probes[-1].message
            raise NotYet(f"The new token {found.label} is not let in. {reason}", "Go on later.")
        else:
            await self.rest()
        return found

    async def _deliver(self, rotation: Rotation) -> Rotation:
        """To every place; what may have arrived somewhere is also given to the others."""
        doubt: OutcomeUnknown | None = None
        found = rotation
        for each in self.ways.places(rotation):
            try:
                found = await self.rotations.deliver(each.title, each.hand_over)
            except OutcomeUnknown as error:
                doubt = error
        if doubt is not None:
            raise doubt
        return found

    async def _enter_again(self, rotation: Rotation) -> Rotation:
        """Guided: the text was wrong, or is not here any more."""
        say(self._advice(rotation))
        secret, token_id = await self.answers.new_token()
        return await self.rotations.paste(secret, token_id)

    async def _discard(self, rotation: Rotation) -> Rotation:
        if rotation.strategy is Strategy.SWAP:
            return await self._create(rotation)
        if rotation.strategy is Strategy.GUIDED:
            return await self._enter_again(rotation)
        say(self._advice(rotation))
        word = await self.answers.word(f"Deleting the new token {rotation.label}")
        found = await self.rotations.discard(word)
        say(f"{rotation.label} is deleted.")
        return found

    async def _install(self, rotation: Rotation) -> Rotation:
        """By the program, as its receipt says; else by word, or seen at work."""
        if any(each.ok and self.ways.is_install(each.way) for each in rotation.receipts):
            return await self.rotations.installed(By.API)
        for step in self.ways.idp.steps(self.ways.endpoint):
            say(f"  {step.text}{f': {step.value}' if step.value else ''}")
        if await self.answers.installed():
            return await self.rotations.installed(By.WORD)
        return await self._watch(rotation)

    async def _test(self, rotation: Rotation) -> Rotation:
        if not self.ways.idp.capabilities.test:
            result = await self.answers.tested()
            found = await self.rotations.idp_test(result, By.WORD)
        else:
            answer = await self.ways.idp.test()
            say(f"The IdP's own test: {answer.verdict.value}. {answer.message}")
            result = RESULTS[answer.verdict]
            found = await self.rotations.idp_test(result, By.API, answer.message)
        if result is TestResult.FAILED:
            raise NotYet(found.trouble, "Mend it in the IdP, and go on.")
        return found

    async def _watch(self, rotation: Rotation) -> Rotation:
        """Look until something leads on, or the time is over."""
        if not self._spoke:
            self._spoke = True
            await make_it_speak(self.ways.idp)
        while True:
            found = await self.look()
            if found.state is not rotation.state or not found.open:
                return found
            if not self.may_wait():
                return await self._less(found)
            await self.rest()

    async def _less(self, rotation: Rotation) -> Rotation:
        """The time is over: a person accepts less, or it stays open."""
        if self.patience.reason:
            return await self.rotations.accept_unproven(
                self.patience.old_word,
                await self.answers.word("Deleting without proof"),
                self.patience.reason,
            )
        raise NotYet(
            f"Not proven yet: seen {level(rotation)}, {silence(rotation)}."
            f" {rotation.old.id} stays valid.",
            how_on(rotation),
        )

    async def _soak(self, rotation: Rotation) -> Rotation:
        if self.reinstate:
            return await rotation_pause.switch_on(self)
        found = await rotation_pause.soak(self)
        return await self._delete(found)

    async def _delete(self, rotation: Rotation) -> Rotation:
        if rotation.state is State.PROVEN and rotation.strategy is Strategy.SUSPEND:
            return await rotation_pause.switch_off(self, rotation)
        say(self._advice(rotation))
        for each, meaning, at in levels(rotation):
            say(f"  {'seen' if isinstance(at, datetime) else '-   '}  {each}  {meaning}")
        try:
            if rotation.strategy is Strategy.GUIDED:
                return await self.rotations.deleted_by_word(await self.answers.deleted(rotation))
            word = await self.answers.word(f"Deleting the old token {rotation.old.id}")
            found = await self.rotations.delete_old(word)
        except OutOfTurn as error:
            standing = (await self.rotations.status()).rotation
            if standing is None or standing.state is not State.WATCHING:
                raise
            say(error.message)
            return standing
        say(f"{rotation.old.id} is deleted. Requests with it are refused from now on.")
        return found

    async def _after(self, rotation: Rotation) -> Rotation:
        """Whether anybody is refused, for as long as the policy says where there is time."""
        self._deadline = self.clock() + (
            rotation.policy.afterwatch + 2 * self.patience.every
            if self.answers.patient or self.patience.wait
            else timedelta()
        )
        while True:
            found = await self.look()
            if not found.open or found.state not in AFTER or self.clock() >= self._deadline:
                return found
            await self.rest()

    async def _settle(self, rotation: Rotation) -> Rotation:
        return await self.rotations.settle(await self.answers.reason(rotation))

    async def look(self) -> Rotation:
        """One look; while there is time, one without an answer is no end."""
        while True:
            try:
                found = await self.rotations.look()
            except (Unreachable, Throttled) as error:
                if not self.may_wait():
                    raise
                self._tell(error.message)
                await self.rest()
            else:
                step = checklist(found)[min(place(found), 4)]
                self._tell(
                    f"{step.evidence}; {silence(found)}"
                    if found.state not in AFTER
                    else self._advice(found)
                )
                return found

    async def rest(self) -> None:
        """From one look to the next, the last of which is at the end of the time."""
        left = self._deadline - self.clock()
        length = min(self.patience.every, left) if left > timedelta() else self.patience.every
        await pause(length.total_seconds())

    def now(self, rotation: Rotation) -> datetime:
        """Now by the clock that the rotation is judged by; ours may be wrong."""
        return server_now(rotation, self.clock())

    def may_wait(self) -> bool:
        """Whether there is time left for another look."""
        endless = self.answers.patient and not (self.patience.wait or self.patience.reason)
        return endless or self.clock() < self._deadline

    def _tell(self, words: str) -> None:
        """What is new only."""
        if words != self._told:
            self._told = words
            say(words)

    def _advice(self, rotation: Rotation) -> str:
        return advice(rotation, self.now(rotation), secret_held=True).sentence
