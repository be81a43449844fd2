"""Any events in any order: whatever a server says, the laws hold after each of them."""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scim_tui.model.errors import UsageError
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.create import (
    Checked,
    CreateFailed,
    CreateLost,
    CreateOk,
    CreateSent,
    Listed,
    Recheck,
    SlotChosen,
)
from scim_tui.model.rotation.delete import DeleteAsked, DeleteTyped, Gone, StillThere
from scim_tui.model.rotation.deliver import (
    DeliverEnded,
    DeliverSent,
    DiscardChosen,
    Dropped,
    NotArrived,
    ProbeAnswered,
    ProbeSent,
)
from scim_tui.model.rotation.guards import RotationEvent
from scim_tui.model.rotation.proof import Observation, is_fresh, is_proven, works
from scim_tui.model.rotation.rotation import (
    DeletionReason,
    KnownBy,
    Policy,
    Rotation,
    State,
    TestResult,
)
from scim_tui.model.rotation.settle import Settled
from scim_tui.model.rotation.suspend import SuspendSent, Unsuspended, is_off, soak_left
from scim_tui.model.rotation.transitions import NEXT, apply, broken
from scim_tui.model.rotation.watch import Accepted, IdpTested, Installed, Looked, Tick
from scim_tui.model.unknown_values import NEVER
from tests.fakes.sample import START
from tests.model.rotation.rotation_facts_kit import (
    BOTH,
    IDP,
    NEW,
    OLD,
    OWN,
    PRINT,
    after,
    at,
    delivered,
    event,
    holding,
    proven,
    started,
    watching,
)

SHORT = Policy(cycle=timedelta(minutes=1), least=timedelta(minutes=1))
OTHERS = tuple(
    AccessToken(id=name, created_at=START, requests=0, last_used_at=NEVER)
    for name in ("third", "fourth")
)
AGAIN = OLD.model_copy(update={"created_at": START})
"""Another token under the old one's id."""
OFF = OLD.model_copy(update={"suspended": True})
SETS = (
    (OLD,),
    BOTH,
    BOTH,
    BOTH,
    (NEW,),
    (),
    (OLD, OTHERS[0]),
    (*BOTH, OTHERS[0]),
    (AGAIN, NEW),
    (OLD, *OTHERS),
    (OFF, NEW),
)
TOKENS = st.sampled_from(SETS)
IDS = ("old", "new", "third")
ONE = st.sampled_from((NEW, NEW, OLD, AGAIN, OTHERS[0]))
SKEWS = st.sampled_from([None, timedelta(), timedelta(days=-30), timedelta(hours=3)])
WORD = st.sampled_from(["DELETE", "DELETE", "delete"])
BEGINNINGS = (
    started(policy=SHORT),
    holding(SHORT),
    delivered(SHORT),
    watching(SHORT),
    proven(SHORT),
    after(proven(SHORT), DeleteAsked(at(46))),
    after(proven(SHORT), SuspendSent(at(46))),
    after(holding(SHORT), Dropped(at(1), "left")),
    after(watching(SHORT), Accepted(at(2), "old", "DELETE", "a good reason")),
)


def makers(now: datetime, number: int) -> list[st.SearchStrategy[Any]]:
    """Every kind of event, at this instant."""
    log = st.lists(
        st.builds(
            event,
            st.just(number),
            st.sampled_from([now, now - timedelta(hours=9)]),
            st.sampled_from(IDS),
            st.sampled_from(["PatchUser", "ListUsers"]),
            st.sampled_from([IDP, OWN]),
            st.sampled_from([200, 401]),
        ),
        max_size=2,
    ).map(tuple)
    when = st.just(now)
    return [
        st.builds(Checked, when, st.just(()), TOKENS, st.just(2), cursor=st.just(0)),
        st.builds(Recheck, when),
        st.builds(SlotChosen, when, st.sampled_from(IDS), WORD, TOKENS),
        st.builds(CreateSent, when, TOKENS, st.just(2)),
        st.builds(CreateOk, when, ONE, st.just(PRINT)),
        st.builds(CreateFailed, when, st.just("no")),
        st.builds(CreateLost, when),
        st.builds(Listed, when, TOKENS),
        st.builds(ProbeSent, when),
        st.builds(ProbeAnswered, when, st.booleans(), st.just(200)),
        st.builds(Dropped, when, st.just("left")),
        st.builds(DeliverSent, when, st.just("file")),
        st.builds(DeliverEnded, when, st.booleans(), st.just("")),
        st.builds(NotArrived, when, st.sampled_from(IDS)),
        st.builds(DiscardChosen, when, WORD, TOKENS),
        st.builds(Installed, when, st.just(KnownBy.WORD)),
        st.builds(IdpTested, when, st.sampled_from(list(TestResult)), st.just(KnownBy.WORD)),
        st.builds(
            Looked, st.builds(Observation, when, st.none() | TOKENS, st.none() | log, skew=SKEWS)
        ),
        st.builds(Accepted, when, st.sampled_from(IDS), WORD, st.just("a good reason")),
        st.builds(SuspendSent, when),
        st.builds(Unsuspended, when),
        st.builds(DeleteAsked, when),
        st.builds(DeleteTyped, when, WORD, TOKENS),
        st.builds(Gone, when),
        st.builds(StillThere, when),
        st.builds(Tick, when),
        st.builds(Settled, when, st.just("a good reason"), TOKENS),
    ]


BEFORE_ASKING = (State.PREFLIGHT, State.CREATE_INTENT)


def holds(before: Rotation, happened: RotationEvent, found: Rotation) -> None:
    assert broken(before, found) == ""
    assert found.old == before.old
    if found.deletion is not None and before.deletion is None:
        assert getattr(happened, "word", None) == "DELETE"
        if found.deletion.why is DeletionReason.OLD:
            deletes_the_old(before, happened, found)
        else:
            assert found.deletion.token_id != found.old.id
    # Before anything was asked for, the tokens are all looked at anew.
    if isinstance(happened, CreateOk | Listed) and found.state not in BEFORE_ASKING:
        named = [happened.token] if isinstance(happened, CreateOk) else happened.tokens
        assert {each.id for each in named} <= found.known_ids()
    assert Rotation.model_validate_json(found.model_dump_json()) == found


def deletes_the_old(before: Rotation, happened: RotationEvent, found: Rotation) -> None:
    assert isinstance(happened, DeleteTyped)
    assert found.new is not None
    assert found.new.id != found.old.id
    assert {found.old.id, found.new.id} <= {each.id for each in happened.tokens}
    assert works(before)
    assert is_fresh(before, before.seen.looked_at, happened.at)
    assert not (is_off(before) and soak_left(before, happened.at))
    assert is_proven(before) or before.waiver is not None


@settings(max_examples=int(os.environ.get("ROTATION_SEARCH", "20")))
@given(st.data())
def test_the_laws_hold_whatever_happens(data: st.DataObject) -> None:
    rotation, now = data.draw(st.sampled_from(BEGINNINGS)), at(46)
    for number in range(1, data.draw(st.integers(3, 15))):
        now += timedelta(seconds=data.draw(st.sampled_from([1, 70, 4000])))
        kinds = makers(now, number)
        happened: RotationEvent = data.draw(kinds[data.draw(st.integers(0, len(kinds) - 1))])
        with suppress(UsageError):
            found = apply(rotation, happened)
            holds(rotation, happened, found)
            rotation = found
        if not rotation.open:
            return


def test_every_state_is_in_the_table_and_reachable() -> None:
    assert set(NEXT) == set(State)
    reached = {State.PREFLIGHT, State.ATTENTION, State.ABORTED}
    while more := {after for each in reached for after in NEXT[each]} - reached:
        reached |= more
    assert reached == set(State)
