"""Carries out the steps of a rotation, one after the other, with the answers that they need."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scim_tui.cli.base import secret_to as delivery
from scim_tui.cli.base.output import say
from scim_tui.cli.rotation.answers import Answers, NotYet, how_on
from scim_tui.cli.rotation.destinations import Destinations, trigger_idp
from scim_tui.cli.rotation.watch import AFTER, Watch
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.idp_test import RESULT_OF
from scim_tui.model.ages import span
from scim_tui.model.errors import OutcomeUnknown
from scim_tui.model.rotation.checklist import levels
from scim_tui.model.rotation.guards import old_may_miss
from scim_tui.model.rotation.next_step import Next
from scim_tui.model.rotation.proof import level, silence
from scim_tui.model.rotation.rotation import (
    KnownBy,
    OutOfTurn,
    Rotation,
    State,
    Strategy,
    TestResult,
)

Work = Callable[[Rotation], Awaitable[Rotation]]
MOST_TRIES = 3
"""How often a token is created, and a new one tested, before a person has to look."""


@dataclass(slots=True)
class Drive:
    """One run of the command over the steps of a rotation."""

    rotations: Rotations
    destinations: Destinations
    answers: Answers
    watch: Watch
    old_word: str = ""
    """The old token's id as it was typed, to accept less proof."""
    reason: str = ""
    """Why less proof is accepted when the time is over; empty: it is not."""
    reinstate: bool = False
    """Whether a person wants the suspended old token let in again."""
    _triggered: bool = field(init=False, default=False)

    async def run(self, rotation: Rotation) -> Rotation:
        """Go on until the rotation has ended, or only the watch after the deletion remains.

        Raises `NotYet` where it has to wait, `ConfirmationMissing` before a deletion, and what the
        methods of `Rotations` raise.
        """
        works = self._works()
        while rotation.open:
            before = rotation
            if self.reinstate and rotation.state is State.SUSPENDED:
                await self._switch_on()
            rotation = await works[self.watch.next_of(rotation).next](rotation)
            if rotation.state in AFTER and before.state in AFTER:
                break
        return rotation

    def _works(self) -> dict[Next, Work]:
        """The function of this front end for each next step."""
        return {
            Next.CHECK: self._check,
            Next.FREE_SLOT: self._free,
            Next.CREATE: self._create,
            Next.CREATE_BY_SWAP: self._create_by_swap,
            Next.ENTER: self._enter,
            Next.ENTER_AGAIN: self._enter_again,
            Next.FIND_OUT: self._find_out,
            Next.TEST: self._test,
            Next.DISCARD: self._discard,
            Next.DELIVER: self._deliver,
            Next.CONFIRM_INSTALL: self._install,
            Next.IDP_TEST: self._idp_test,
            Next.LOOK: self._look,
            Next.SUSPEND: self._switch_off,
            Next.SOAK: self._delete,
            Next.DELETE_OLD: self._delete,
            Next.LOOK_AFTER: self._look_after,
            Next.SETTLE: self._settle,
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
        await self._get_ready(rotation)
        found = await self.rotations.create()
        if found.new is not None:
            say(f"{found.new.id} is made; {found.old.id} stays valid.")
        return found

    async def _create_by_swap(self, rotation: Rotation) -> Rotation:
        """Make the only token again, once it is certain where its secret goes."""
        await self._get_ready(rotation)
        if not rotation.armed:
            await self.rotations.arm(self.destinations.in_order(rotation)[0].title)
        word = ""
        if not old_may_miss(rotation):
            what = f"Making the new token ends {rotation.old.id} at once: that"
            word = await self.answers.word(what)
        found = await self.rotations.create(word)
        if found.new is not None:
            say(f"{found.new.id} is made; {found.old.id} has ended.")
        return found

    async def _enter(self, rotation: Rotation) -> Rotation:
        await self._get_ready(rotation)
        return await self._paste()

    async def _get_ready(self, rotation: Rotation) -> None:
        """Before a token is made: check the number of tries and the destination, and confirm."""
        if rotation.attempts >= MOST_TRIES:
            raise NotYet(
                f"{rotation.attempts} tokens were asked for in this rotation.",
                "Look why, then stop it: scim-tui tokens rotate --abort",
            )
        if not self.destinations.given and (text := await self.answers.way()):
            self.destinations.also = delivery.parse(text)
        await self.destinations.check(rotation)
        await self.answers.go_on(self._sentence(rotation))

    async def _enter_again(self, rotation: Rotation) -> Rotation:
        say(self._sentence(rotation))
        return await self._paste()

    async def _paste(self) -> Rotation:
        secret, token_id = await self.answers.new_token()
        return await self.rotations.paste(secret, token_id)

    async def _find_out(self, rotation: Rotation) -> Rotation:
        return await self.rotations.resume()

    async def _test(self, rotation: Rotation) -> Rotation:
        found = await self.rotations.probe()
        if found.state is State.PROBED:
            say("Seen: a request of ours with the new token was accepted (E1).")
        elif len(found.probes) >= MOST_TRIES:
            reason = found.probes[-1].message
            raise NotYet(f"The new token {found.label} is not let in. {reason}", "Go on later.")
        else:
            await self.watch.rest()
        return found

    async def _discard(self, rotation: Rotation) -> Rotation:
        say(self._sentence(rotation))
        word = await self.answers.word(f"Deleting the new token {rotation.label}")
        found = await self.rotations.discard(word)
        say(f"{rotation.label} is deleted.")
        return found

    async def _deliver(self, rotation: Rotation) -> Rotation:
        """Hand the secret over to every destination, also after one that did not answer."""
        doubt: OutcomeUnknown | None = None
        found = rotation
        for each in self.destinations.in_order(rotation):
            try:
                found = await self.rotations.deliver(each.title, each.hand_over)
            except OutcomeUnknown as error:
                doubt = error
        if doubt is not None:
            raise doubt
        return found

    async def _install(self, rotation: Rotation) -> Rotation:
        """Installed by the program, as its receipt says; else by a person's word or its use."""
        if any(each.ok and self.destinations.is_install(each.way) for each in rotation.receipts):
            return await self.rotations.installed(KnownBy.API)
        for step in self.destinations.idp.steps(self.destinations.endpoint):
            say(f"  {step.text}{f': {step.value}' if step.value else ''}")
        if await self.answers.installed():
            return await self.rotations.installed(KnownBy.WORD)
        return await self._look(rotation)

    async def _idp_test(self, rotation: Rotation) -> Rotation:
        if not self.destinations.idp.capabilities.test:
            result = await self.answers.tested()
            found = await self.rotations.idp_test(result, KnownBy.WORD)
        else:
            answer = await self.destinations.idp.test()
            say(f"The IdP's own test: {answer.verdict.value}. {answer.message}")
            result = RESULT_OF[answer.verdict]
            found = await self.rotations.idp_test(result, KnownBy.API, answer.message)
        if result is TestResult.FAILED:
            raise NotYet(found.trouble, "Mend it in the IdP, and go on.")
        return found

    async def _look(self, rotation: Rotation) -> Rotation:
        """Look until the rotation goes on, or the time is over."""
        if not self._triggered:
            self._triggered = True
            await trigger_idp(self.destinations.idp)
        found, changed = await self.watch.until_changed(rotation.state)
        return found if changed else await self._accept_less(found)

    async def _accept_less(self, rotation: Rotation) -> Rotation:
        """The time is over: a person accepts less proof, or the rotation stays open."""
        if self.reason:
            word = await self.answers.word("Deleting without proof")
            return await self.rotations.accept_unproven(self.old_word, word, self.reason)
        raise NotYet(
            f"Not proven yet: seen {level(rotation)}, {silence(rotation)}."
            f" {rotation.old.id} stays valid.",
            how_on(rotation),
        )

    async def _switch_off(self, rotation: Rotation) -> Rotation:
        found = await self.rotations.suspend()
        if found.state is State.SUSPENDED:
            left = span(self.watch.left_to_soak(found))
            say(f"{rotation.old.id} is off for {left}; a refusal lets it in again.")
        return found

    async def _switch_on(self) -> None:
        """Reinstate the old token, and stop there."""
        found = await self.rotations.reinstate()
        raise NotYet(
            f"{found.old.id} is on again, and stays valid.", "Go on when it may go: --resume."
        )

    async def _delete(self, rotation: Rotation) -> Rotation:
        """Delete the old token; one that is switched off, after a cycle without a refusal."""
        if rotation.state is State.SUSPENDED:
            rotation = await self.watch.soak()
        say(self._sentence(rotation))
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

    async def _look_after(self, rotation: Rotation) -> Rotation:
        """Look for as long as the policy says, where there is time; else once."""
        waits = self.answers.patient or self.watch.wait
        length = rotation.policy.afterwatch + 2 * self.watch.every if waits else timedelta()
        return await self.watch.after_deletion(length)

    async def _settle(self, rotation: Rotation) -> Rotation:
        return await self.rotations.settle(await self.answers.reason(rotation))

    def _sentence(self, rotation: Rotation) -> str:
        return self.watch.next_of(rotation).sentence
