"""A search for what breaks a rotation: verbs in any order, faults, crashes, other operators.

Whatever the order, no token goes that is needed, none is forgotten, and no text is on disk.

The suite walks the same few ways each time, so that it says the same thing twice; `make search`
walks thousands of new ones. What that finds becomes a test of its own.
"""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import SecretStr

from scim_tui.core.rotation.api import Rotations
from scim_tui.model.errors import NotAllowed, ScimTuiError
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.proof import works
from scim_tui.model.rotation.rotation import TAKE_OVER, KnownBy, Rotation, State, TestResult
from scim_tui.model.rotation.watch import LOOKING
from tests.core.rotation.rotation_faults import Fault, Killed
from tests.core.rotation.rotation_kit import World
from tests.core.rotation.rotation_operator import next_act

OPERATIONS = (
    "create_token",
    "delete_token",
    "tokens",
    "probe_with",
    "suspend_token",
    "reinstate_token",
)
WORDS = st.sampled_from([DELETE_WORD, DELETE_WORD, DELETE_WORD, "delete", ""])


class Search(RuleBasedStateMachine):
    """One directory, one IdP, and operators whose sessions come and go."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.world = World(Path(self._folder.name))
        self.world.provider.on_delete = self.judge
        self.session: Rotations | None = None
        self.outsiders: set[str] = set()
        self.first: set[str] = set()
        self.unlooked: set[str] = set()
        """Tokens that came late; whoever looks next has to see them."""
        self.meddled = self.stale = self.came_late = False
        self.wrong: list[str] = []

    @initialize(two=st.booleans(), pauses=st.booleans())
    def begin(self, two: bool, pauses: bool) -> None:
        self.world.pauses = pauses
        self.loop.run_until_complete(self.world.begin())
        if two:
            self.loop.run_until_complete(self.world.provider.create_token())
        self.first = {token.id for token in self.world.provider.access_tokens}
        self.session = self.world.session()

    def teardown(self) -> None:
        self.loop.close()
        self._folder.cleanup()

    # What the operator does.

    @rule()
    def start(self) -> None:
        self.do(lambda s: s.start())

    @rule(word=st.sampled_from(["", "", TAKE_OVER]))
    def resume(self, word: str) -> None:
        self.do(lambda s: s.resume(word))

    @rule(word=WORDS, which=st.integers(0, 2))
    def free_slot(self, word: str, which: int) -> None:
        tokens = self.world.provider.access_tokens
        if tokens:
            token_id = tokens[which % len(tokens)].id
            self.do(lambda s: s.free_slot(token_id, word))

    @rule()
    def create(self) -> None:
        self.do(lambda s: s.create())

    @rule()
    def probe(self) -> None:
        self.do(lambda s: s.probe())

    @rule(dies=st.sampled_from(["", "", "before", "after"]))
    def deliver(self, dies: str) -> None:
        async def install(secret: SecretStr) -> str:
            if dies == "before":
                raise Killed
            await self.world.install(secret)
            if dies == "after":
                raise Killed
            return "written"

        self.do(lambda s: s.deliver("file", install))

    @rule(by=st.sampled_from([KnownBy.WORD, KnownBy.API]))
    def installed(self, by: KnownBy) -> None:
        self.do(lambda s: s.installed(by))

    @rule(result=st.sampled_from(list(TestResult)))
    def idp_test(self, result: TestResult) -> None:
        self.do(lambda s: s.idp_test(result, KnownBy.WORD))

    @rule()
    def look(self) -> None:
        self.do(lambda s: s.look())

    @rule()
    def suspend(self) -> None:
        self.do(lambda s: s.suspend())

    @rule()
    def reinstate(self) -> None:
        self.do(lambda s: s.reinstate())

    @rule(word=WORDS)
    def delete_old(self, word: str) -> None:
        self.do(lambda s: s.delete_old(word))

    @rule(word=WORDS, reason=st.sampled_from(["", "an old script is to stop"]))
    def accept_unproven(self, word: str, reason: str) -> None:
        rotation = self.on_disk()
        if rotation is not None:
            self.do(lambda s: s.accept_unproven(rotation.old.id, word, reason))

    @rule()
    def hurry(self) -> None:
        """Less proof, and the deletion at once."""
        rotation = self.on_disk()
        if rotation is not None and rotation.open:
            self.accept_unproven(DELETE_WORD, "we are in a hurry")
            self.delete_old(DELETE_WORD)

    @rule(word=WORDS)
    def discard(self, word: str) -> None:
        self.do(lambda s: s.discard(word))

    @rule()
    def settle(self) -> None:
        self.do(lambda s: s.settle("I looked at it"))

    @rule(word=st.sampled_from(["", DELETE_WORD]), really=st.integers(0, 20))
    def abort(self, word: str, really: int) -> None:
        if really == 0:
            self.do(lambda s: s.abort(word))

    @rule(times=st.integers(1, 9))
    def go_on(self, times: int) -> None:
        """The next things that a reasonable operator would do."""
        for _ in range(times):
            self.do(next_act(self.world))

    # What happens to them.

    @rule()
    def crash(self) -> None:
        self.die()

    @rule(operation=st.sampled_from(OPERATIONS), fault=st.sampled_from(list(Fault)))
    def plan(self, operation: str, fault: Fault) -> None:
        self.world.provider.planned = [(operation, fault)]
        self.stale |= fault is Fault.STALE

    @rule(after=st.integers(0, 8))
    def kill_at_a_write(self, after: int) -> None:
        self.world.journals[-1].kill_in = after

    @rule()
    def second_operator(self) -> None:
        """Another session; the one before is still there, and holds what it holds."""
        self.session = self.world.session(host="bastion-2")

    @rule()
    def arrive(self) -> None:
        before = self.ids()
        self.came_late |= bool(self.world.provider.late)
        self.loop.run_until_complete(self.world.provider.arrive())
        self.unlooked |= self.ids() - before

    @rule()
    def did_not_arrive(self) -> None:
        """Said by an operator who knows."""
        rotation = self.on_disk()
        if rotation is None or rotation.new is None:
            return
        new = rotation.new.id
        if self.world.provider.token_of(self.world.installed) != new:
            self.do(lambda s: s.not_arrived(new))

    # What happens elsewhere.

    @rule(operation=st.sampled_from(["PatchUser", "ListUsers"]))
    def push(self, operation: str) -> None:
        self.world.push(operation)

    @rule(seconds=st.sampled_from([1, 30, 100, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.world.time.pass_(seconds=seconds)

    @precondition(lambda self: not self.world.provider.late)
    @rule()
    def outsider_creates(self) -> None:
        try:
            made = self.loop.run_until_complete(
                super(type(self.world.provider), self.world.provider).create_token()
            )
        except ScimTuiError:
            return
        self.outsiders.add(made.token.id)

    @rule(which=st.integers(0, 1))
    def outsider_deletes(self, which: int) -> None:
        """Not our doing, but what we do next must not make it worse."""
        tokens = self.world.provider.access_tokens
        if len(tokens) == 2 and not self.meddled:
            self.meddled = True
            del tokens[which]

    @rule()
    def outsider_uses_the_new_one(self) -> None:
        rotation = self.on_disk()
        if rotation is not None and rotation.new is not None:
            self.world.provider.use(rotation.new.id, client="curl/8")

    # What holds.

    def judge(self, token_id: str) -> None:
        """Asked when a token really goes: is it one that may?"""
        rotation = self.on_disk()
        others = [t for t in self.world.provider.access_tokens if t.id != token_id]
        if rotation is None or not others:
            self.wrong.append(f"{token_id} was the last one")
            return
        in_use = self.world.provider.token_of(self.world.installed) == token_id
        if in_use and rotation.waiver is None:
            self.wrong.append(f"{token_id} is what the IdP has")
        if token_id == rotation.old.id and not works(rotation):
            self.wrong.append(f"{token_id} went before the new one was let in")

    @invariant()
    def no_token_goes_that_is_needed(self) -> None:
        assert self.wrong == []
        assert self.world.provider.access_tokens or self.session is None

    @invariant()
    def the_idp_is_never_refused(self) -> None:
        waived = any(each.waiver for each in self.world.journals[0].all())
        assert self.world.refused == 0 or self.meddled or waived

    @invariant()
    def nothing_is_left_off_by_a_rotation_that_stopped(self) -> None:
        rotation = self.on_disk()
        if rotation is not None and rotation.state is State.ABORTED and not self.late_or_stale():
            assert all(token.suspended is False for token in self.world.provider.access_tokens)

    @invariant()
    def no_text_is_on_disk(self) -> None:
        for path in Path(self._folder.name).rglob("*"):
            if path.is_file():
                assert "memory-secret" not in path.read_text()

    @invariant()
    def every_token_is_known_or_looked_for(self) -> None:
        rotation = self.on_disk()
        if rotation is None or not rotation.open:
            return
        forgotten = self.ids() - self.first - self.outsiders - self.unlooked - self.known()
        asked = rotation.state in (State.CREATING, State.CREATE_LOST)
        asked |= rotation.state is State.CREATE_INTENT and rotation.attempts > 0 and self.stale
        assert not forgotten or asked

    def late_or_stale(self) -> bool:
        return self.stale or self.came_late or bool(self.world.provider.late)

    def ids(self) -> set[str]:
        return {token.id for token in self.world.provider.access_tokens}

    def known(self) -> set[str]:
        return {i for r in self.world.journals[0].all() for i in r.known_ids()}

    def on_disk(self) -> Rotation | None:
        found = self.world.journals[0].all()
        return found[-1] if found else None

    def do(self, act: Callable[[Rotations], Awaitable[Rotation]]) -> None:
        if self.session is None:
            return
        try:
            listed = self.world.provider.calls.count("tokens")
            found = self.loop.run_until_complete(_awaited(act(self.session)))
            # To resume where nothing is unknown asks nobody, so it cannot see what came late.
            if found.state in LOOKING and self.world.provider.calls.count("tokens") > listed:
                assert not self.unlooked & self.ids() - self.known()
        except Killed:
            self.die()
        except (ScimTuiError, NotAllowed):
            pass

    def die(self) -> None:
        if self.session is not None:
            self.world.kill(self.session)
        self.session = self.world.session()


async def _awaited(made: Awaitable[Rotation]) -> Rotation:
    return await made


LONG = int(os.environ.get("ROTATION_SEARCH", "0"))
Search.TestCase.settings = settings(
    max_examples=LONG or 60,
    derandomize=not LONG,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


TestSearch = Search.TestCase
