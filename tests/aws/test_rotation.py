"""A guided rotation: a person makes the token, and CloudTrail tells who uses it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import Journal
from scim_tui.core.tokens.ledger import TokenLedger
from scim_tui.model.directory import Kind
from scim_tui.model.errors import Conflict
from scim_tui.model.provisioning import DELETE_WORD, NewToken
from scim_tui.model.rotation.key_verdict import KeyVerdict, key_words
from scim_tui.model.rotation.proof import level
from scim_tui.model.rotation.rotation import (
    KnownBy,
    Level,
    Policy,
    Rotation,
    State,
    Strategy,
    TestResult,
)
from scim_tui.model.unknown_values import UNKNOWN
from tests.aws.standin import StandIn, record
from tests.aws.test_activity import told
from tests.aws.world import IDP, NOW, World, world

SHORT = Policy(cycle=timedelta(minutes=30), least=timedelta(minutes=30))


@dataclass
class Lab:
    """The world, and one operator."""

    here: World
    rotations: Rotations
    ledger: TokenLedger
    old_id: str
    user: str

    async def pasted(self) -> NewToken:
        """The operator made a token in the console and pasted it; it was tried once."""
        await self.here.log()
        await self.rotations.start(self.old_id)
        made = await self.here.service.create_token()
        await self.rotations.paste(made.secret, made.token.id)
        self.here.pass_(seconds=5)
        await self.rotations.probe()
        return made

    async def installed(self, secret: SecretStr) -> Rotation:
        """The IdP has it, and its own test passed."""

        async def hand_over(_: SecretStr) -> str:
            return "pasted"

        await self.rotations.deliver("desk", hand_over)
        await self.rotations.installed(KnownBy.WORD)
        self.here.secret = secret
        return await self.rotations.idp_test(TestResult.PASSED, KnownBy.WORD)

    async def speak(self, *, one_key: bool = False) -> None:
        """The IdP changes somebody, and the log hears of it."""
        self.here.pass_(minutes=1)
        idp = self.here.idp()
        change = [{"op": "replace", "path": "title", "value": f"{self.here.now:%H%M}"}]
        await idp.patch(Kind.USERS, self.user, change)
        await idp.aclose()
        await self.here.log(one_key=one_key)

    async def look(self) -> Rotation:
        self.here.pass_(seconds=30)
        return await self.rotations.look()


@pytest.fixture
async def lab(aws: StandIn, tmp_path: Path) -> AsyncIterator[Lab]:
    async with world(aws, tmp_path / "aws") as here:
        user = await here.push("ana@x.org")
        old = (await here.service.tokens())[0].id
        trail = AuditTrail(tmp_path / "audit.jsonl", actor="ana", profile="p", via="cli")
        rotations = Rotations(
            here.provider,
            Guard(trail, False),
            Journal.of(tmp_path, "ana", lambda: here.now),
            lambda: here.now,
            profile="p",
            policy=SHORT,
        )
        here.pass_(minutes=10)
        can = here.provider.capabilities.list_tokens
        ledger = TokenLedger(
            tmp_path, Guard(trail, False), can, lambda: here.now, one_year=True, log=here.provider
        )
        yield Lab(here, rotations, ledger, old, user)


async def test_keys_that_differ_prove_the_switch(lab: Lab) -> None:
    made = await lab.pasted()
    found = await lab.installed(made.secret)
    assert (found.strategy, level(found)) == (Strategy.GUIDED, Level.E2)
    found = await lab.look()
    assert (found.seen.keys and found.seen.keys.verdict) is KeyVerdict.WAITING
    await lab.here.log()
    found = await lab.look()
    assert found.seen.keys is not None
    assert (found.seen.keys.verdict, found.seen.keys.new) == (
        KeyVerdict.DISTINCT,
        f"K{made.token.id}",
    )
    assert found.seen.keys.before == (f"K{lab.old_id}",)
    assert level(found) is Level.E2, "our own request proves nothing"
    await lab.speak()
    found = await lab.look()
    assert (level(found), found.seen.new_writes, found.seen.old_requests) == (Level.E4, 1, 0)
    noted = {each.id: each.token for each in await lab.ledger.list()}
    new = noted[made.token.id]
    assert (new.last_client, noted[lab.old_id].last_client) == (IDP, IDP)
    assert new.last_used_at == lab.here.now - timedelta(seconds=30)
    assert noted[lab.old_id].last_used_at == NOW
    lab.here.pass_(minutes=32)
    found = await lab.look()
    assert (found.state, level(found)) == (State.PROVEN, Level.E5)
    await lab.here.service.delete_token(lab.old_id)
    assert (await lab.rotations.deleted_by_word(DELETE_WORD)).state is State.DELETED


async def test_a_push_that_is_refused_shows_that_the_idp_has_the_new_token(lab: Lab) -> None:
    made = await lab.pasted()
    await lab.installed(made.secret)
    lab.here.pass_(minutes=1)
    with pytest.raises(Conflict):
        await lab.here.push("ana@x.org")
    await lab.here.log()
    found = await lab.look()
    assert (level(found), found.seen.new_requests, found.seen.new_writes) == (Level.E3, 1, 0)
    await lab.speak()
    assert level(await lab.look()) is Level.E4


async def test_an_idp_of_which_every_push_is_refused_shows_its_key(lab: Lab) -> None:
    """Its key is one of those from before, so that the new one can be compared."""
    refused = [
        record("PatchUser", NOW - timedelta(hours=1), key="KEY-X", error="ValidationException"),
        record("PatchUser", NOW - timedelta(hours=2), key="KEY-Y", error="UnauthorizedException"),
        record("PatchUser", NOW - timedelta(hours=3), key="KEY-Z", error="SignatureTooOld"),
    ]
    told(lab.here, *refused)
    keys = [use.key_id for use in await lab.here.provider.key_uses()]
    assert keys == ["KEY-X"]


async def test_the_same_key_for_both_never_goes_above_e2(lab: Lab) -> None:
    made = await lab.pasted()
    await lab.installed(made.secret)
    await lab.speak(one_key=True)
    found = await lab.look()
    assert found.seen.keys is not None
    assert found.seen.keys.verdict is KeyVerdict.SAME
    assert (level(found), found.seen.new_requests) == (Level.E2, 0)
    assert {each.last_used_at for each in await lab.ledger.list()} == {UNKNOWN}
    assert "does not distinguish tokens" in key_words(found.seen.keys, lab.here.now)
    lab.here.pass_(hours=2)
    assert (await lab.look()).state is State.WATCHING


async def test_without_a_record_of_our_test_nothing_is_claimed(lab: Lab) -> None:
    made = await lab.pasted()
    await lab.installed(made.secret)
    lab.here.pass_(minutes=31)
    found = await lab.look()
    assert found.seen.keys is not None
    assert found.seen.keys.verdict is KeyVerdict.NO_RECORD
    assert level(found) is Level.E2


async def test_the_old_token_in_use_is_seen_and_keeps_it(lab: Lab) -> None:
    made = await lab.pasted()
    await lab.installed(made.secret)
    lab.here.secret, new = lab.here.first, lab.here.secret
    await lab.speak()
    found = await lab.look()
    assert (level(found), found.seen.old_requests) == (Level.E2, 1)
    lab.here.secret = new
    await lab.speak()
    assert level(await lab.look()) is Level.E4


async def test_records_in_any_order_come_to_the_same(lab: Lab) -> None:
    """The IdP's request is told before our own test is."""
    made = await lab.pasted()
    await lab.installed(made.secret)
    await lab.speak()
    everything = lab.here.aws.records()
    lab.here.aws.records = lambda: [each for each in everything if "nonce" not in str(each)]
    found = await lab.look()
    assert (level(found), found.seen.old_requests) == (Level.E2, 1), "taken for the old one"
    lab.here.aws.records = lambda: everything
    found = await lab.look()
    assert (level(found), found.seen.old_requests) == (Level.E4, 0)
