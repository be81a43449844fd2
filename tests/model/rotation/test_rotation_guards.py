"""What a rotation refuses, whoever asks for it."""

from datetime import timedelta

import pytest

from scim_tui.model.errors import ConfirmationMissing
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.checklist import checklist
from scim_tui.model.rotation.create import (
    Checked,
    CreateLost,
    CreateOk,
    CreateSent,
    Listed,
    SlotChosen,
    why_keep,
)
from scim_tui.model.rotation.delete import DeleteAsked, DeletedByWord, DeleteTyped, Gone, StillThere
from scim_tui.model.rotation.deliver import (
    Armed,
    DeliverSent,
    DiscardChosen,
    Dropped,
    NotArrived,
    Pasted,
    ProbeAnswered,
    ProbeSent,
    Retried,
)
from scim_tui.model.rotation.guards import RotationEvent
from scim_tui.model.rotation.next_step import what_next
from scim_tui.model.rotation.proof import Observation, level
from scim_tui.model.rotation.rotation import (
    KnownBy,
    Level,
    OutOfTurn,
    Rotation,
    State,
    Strategy,
    TestResult,
)
from scim_tui.model.rotation.settle import Aborted, Settled
from scim_tui.model.rotation.suspend import SuspendSent, Unsuspended
from scim_tui.model.rotation.transitions import apply
from scim_tui.model.rotation.watch import Accepted, IdpTested, Installed, Looked, Tick
from tests.model.rotation.rotation_facts_kit import (
    BOTH,
    NEW,
    OLD,
    OWN,
    PRINT,
    after,
    at,
    delivered,
    event,
    holding,
    look,
    proven,
    started,
    used,
    watching,
)

THIRD = AccessToken(id="third", created_at=at(-9000), expires_at=at(90000), last_used_at=at(-9000))


def refused(rotation: Rotation, happened: RotationEvent, match: str = "not possible") -> None:
    with pytest.raises(OutOfTurn, match=match):
        apply(rotation, happened)


def free_slot() -> Rotation:
    return after(started(), Checked(at(0), (), (THIRD, OLD), 2))


def asked() -> Rotation:
    return after(proven(), DeleteAsked(at(46)))


def waived() -> Rotation:
    return after(watching(), Accepted(at(2), "old", "DELETE", "an old script"))


def test_no_create_while_all_slots_are_full() -> None:
    assert free_slot().state is State.FREE_SLOT
    ready = after(started(), Checked(at(0), (), (OLD,), 2))
    refused(ready, CreateSent(at(1), BOTH, 2), "most allowed")


def test_a_slot_is_never_freed_of_the_old_one_the_used_one_or_the_last_one() -> None:
    rotation = free_slot()
    refused(rotation, SlotChosen(at(1), "old", "DELETE", (THIRD, OLD)), "goes last")
    busy = used(THIRD, at(0), 5, "curl")
    refused(rotation, SlotChosen(at(1), "third", "DELETE", (busy, OLD)), "in use")
    refused(rotation, SlotChosen(at(1), "third", "DELETE", (THIRD,)), "only token")
    with pytest.raises(ConfirmationMissing):
        apply(rotation, SlotChosen(at(1), "third", "delete", (THIRD, OLD)))
    freed = after(rotation, SlotChosen(at(1), "third", "DELETE", (THIRD, OLD)), Gone(at(1)))
    assert (freed.state, freed.others) == (State.PREFLIGHT, ())


@pytest.mark.parametrize(
    ("rotation", "why"),
    [(watching(), "not possible"), (delivered(), "not possible"), (holding(), "not possible")],
)
def test_no_deletion_without_proof(rotation: Rotation, why: str) -> None:
    refused(rotation, DeleteAsked(at(46)), why)
    refused(rotation, DeleteTyped(at(46), "DELETE", BOTH), why)


def test_without_a_date_of_the_server_only_a_waiver_deletes() -> None:
    dateless = Looked(Observation(at(46), BOTH, (event(2, at(46)),)))
    rotation = after(watching(), look(at(45), event(1, at(30))), dateless)
    assert rotation.state is State.PROVEN
    refused(rotation, DeleteAsked(at(46)), "no Date")
    accepted = after(
        watching(),
        Looked(Observation(at(2), BOTH, (event(1, at(2)),))),
        Accepted(at(2), "old", "DELETE", "the console shows it idle"),
    )
    assert after(accepted, DeleteAsked(at(3))).state is State.DELETE_CONFIRM


def test_a_token_is_expired_by_the_servers_clock_only_and_not_when_it_was_let_in_later() -> None:
    ended = used(THIRD, at(-2), 5, "curl").model_copy(update={"expires_at": at(-1)})
    rotation = started().to(State.FREE_SLOT, at(0))
    assert "in use" in why_keep(rotation, ended, (ended, OLD), at(0))
    dated = rotation.with_(seen=rotation.seen.model_copy(update={"skew": timedelta()}))
    assert why_keep(dated, ended, (ended, OLD), at(0)) == ""
    let_in = used(ended, at(0), 6, "curl")
    assert "in use" in why_keep(dated, let_in, (let_in, OLD), at(0))


def test_a_deletion_needs_its_word_and_both_tokens_as_they_were() -> None:
    with pytest.raises(ConfirmationMissing):
        apply(asked(), DeleteTyped(at(46), "delete", BOTH))
    another = OLD.model_copy(update={"created_at": at(0)})
    refused(asked(), DeleteTyped(at(46), "DELETE", (another, NEW)), "not the token it was")
    refused(asked(), DeleteTyped(at(46), "DELETE", (OLD,)), "gone or has expired")
    ended = NEW.model_copy(update={"expires_at": at(1)})
    refused(asked(), DeleteTyped(at(46), "DELETE", (OLD, ended)), "gone or has expired")
    found = apply(asked(), DeleteTyped(at(46), "DELETE", BOTH))
    assert found.deletion is not None
    assert (found.state, found.deletion.token_id) == (State.DELETING, "old")


def test_an_answer_that_was_lost_is_never_followed_by_a_second_deletion() -> None:
    sent = apply(asked(), DeleteTyped(at(46), "DELETE", BOTH))
    refused(sent, DeleteTyped(at(46), "DELETE", BOTH))
    refused(sent, Aborted(at(46), ""), "not known yet")
    there = apply(sent, StillThere(at(47)))
    assert (there.state, there.deletion) == (State.DELETE_CONFIRM, None)
    assert apply(sent, Gone(at(47), KnownBy.SEEN)).state is State.DELETED


def test_a_deletion_that_arrives_late_is_ours() -> None:
    sent = apply(asked(), DeleteTyped(at(46), "DELETE", BOTH))
    late = after(sent, StillThere(at(47)), look(at(48), tokens=(NEW,)))
    assert (late.state, late.gone_by) == (State.DELETED, KnownBy.SEEN)
    assert after(asked(), look(at(48), tokens=(NEW,))).state is State.ATTENTION


def test_proof_and_waiver_grow_old() -> None:
    for rotation in (proven(), waived(), asked()):
        assert apply(rotation, Tick(at(47))).state is rotation.state
        assert apply(rotation, Tick(at(300))).state is State.WATCHING
    refused(proven(), DeleteAsked(at(300)), "too old")


def test_less_proof_needs_both_words_a_reason_and_a_token_that_was_let_in() -> None:
    for words in (("new", "DELETE"), ("old", "delete"), ("", "")):
        with pytest.raises(ConfirmationMissing):
            apply(watching(), Accepted(at(2), *words, "an old script"))
    with pytest.raises(ConfirmationMissing, match="reason"):
        apply(watching(), Accepted(at(2), "old", "DELETE", "  "))
    never = watching().with_(probes=())
    refused(never, Accepted(at(2), "old", "DELETE", "an old script"), "never seen to be let in")
    found = after(waived(), DeleteAsked(at(3)), DeleteTyped(at(3), "DELETE", BOTH))
    assert found.state is State.DELETING
    assert found.waiver is not None
    assert found.waiver.level is Level.E1


def test_a_waiver_ends_with_the_next_use_of_the_old_token() -> None:
    found = after(waived(), look(at(3), event(1, at(3), "old")))
    assert (found.state, found.waiver) == (State.WATCHING, None)


def test_the_server_cannot_pass_an_existing_token_off_as_the_new_one() -> None:
    creating = after(
        started(), Checked(at(0), (), (THIRD, OLD), None), CreateSent(at(0), (THIRD, OLD))
    )
    for token in (OLD, THIRD):
        found = apply(creating, CreateOk(at(1), token, PRINT))
        assert (found.state, found.new) == (State.ATTENTION, None)


@pytest.mark.parametrize(
    ("tokens", "state"),
    [
        ((OLD,), State.CREATE_INTENT),
        (BOTH, State.SECRET_GONE),
        ((OLD, NEW, THIRD), State.ATTENTION),
        ((NEW,), State.ATTENTION),
    ],
)
def test_a_lost_answer_is_found_out_by_comparing(
    tokens: tuple[AccessToken, ...], state: State
) -> None:
    lost = after(
        started(), Checked(at(0), (), (OLD,), 3), CreateSent(at(0), (OLD,), 3), CreateLost(at(0))
    )
    found = apply(lost, Listed(at(1), tokens))
    assert found.state is state
    assert {t.id for t in tokens} <= found.known_ids()


def test_a_token_that_is_or_may_be_in_use_is_not_discarded() -> None:
    gone = after(holding(), Dropped(at(1), "left"))
    assert gone.state is State.SECRET_GONE
    busy = used(NEW, at(1), 1, "curl")
    refused(gone, DiscardChosen(at(2), "DELETE", (OLD, busy)), "in use")
    refused(gone, DiscardChosen(at(2), "DELETE", (NEW,)), "only token")
    with pytest.raises(ConfirmationMissing):
        apply(gone, DiscardChosen(at(2), "", BOTH))
    handed = after(
        holding(), ProbeSent(at(1)), ProbeAnswered(at(1), True, 200), DeliverSent(at(1), "file")
    )
    refused(handed, DiscardChosen(at(2), "DELETE", BOTH), "may have its text")
    again = after(gone, DiscardChosen(at(2), "DELETE", BOTH), Gone(at(2)))
    assert (again.state, [t.id for t in again.lost]) == (State.CREATE_INTENT, ["new"])


def test_a_test_of_ours_that_arrived_twice_does_not_count_as_another_client() -> None:
    tried = after(holding(), ProbeSent(at(1)), ProbeAnswered(at(1), True, 200), Dropped(at(1), ""))
    twice = used(NEW, at(1), 2, OWN)
    refused(tried, DiscardChosen(at(2), "DELETE", (OLD, twice)), "in use")
    ours = [event(number, at(1), client=OWN) for number in (1, 2)]
    known = after(tried, look(at(2), *ours, tokens=(OLD, twice)))
    assert apply(known, DiscardChosen(at(2), "DELETE", (OLD, twice))).deletion is not None


def test_what_was_handed_over_when_the_session_dropped_is_not_lost() -> None:
    handed = after(
        holding(),
        ProbeSent(at(1)),
        ProbeAnswered(at(1), True, 200),
        DeliverSent(at(1), "file"),
        Dropped(at(1), "died"),
    )
    assert handed.state is State.DELIVERED
    with pytest.raises(ConfirmationMissing):
        apply(handed, NotArrived(at(2), "old"))
    assert apply(handed, NotArrived(at(2), "new")).state is State.SECRET_GONE
    busy = after(handed, look(at(2), event(1, at(2))))
    assert busy.state is State.WATCHING


def test_a_next_new_token_starts_without_the_evidence_of_the_one_before() -> None:
    vanished = after(proven(), look(at(46), tokens=(OLD,)))
    assert vanished.state is State.ATTENTION
    found = apply(vanished, Settled(at(47), "somebody deleted it", (OLD,)))
    assert (found.state, found.new, level(found)) == (State.PREFLIGHT, None, Level.NONE)
    assert found.seen.new_requests == 0


def test_after_a_trouble_nothing_is_deleted_without_new_proof() -> None:
    odd = after(proven(), look(at(46), tokens=(NEW,)))
    assert apply(odd, Settled(at(47), "it is back", BOTH)).state is State.WATCHING
    gone = apply(odd, Settled(at(47), "somebody deleted it", (NEW,)))
    assert (gone.state, gone.gone_by) == (State.DELETED, KnownBy.OUTSIDE)
    with pytest.raises(ConfirmationMissing):
        apply(odd, Settled(at(47), "", BOTH))


def test_afterwards_a_refusal_of_who_used_the_old_one_needs_attention() -> None:
    gone = after(asked(), DeleteTyped(at(46), "DELETE", BOTH), Gone(at(46)))
    scanner = event(9, at(47), token="unknown", client="zgrab", status=401)
    quiet = after(gone, look(at(48), scanner, tokens=(NEW,)))
    assert quiet.state is State.AFTERWATCH
    assert after(quiet, look(at(80), tokens=(NEW,))).state is State.DONE
    theirs = event(10, at(49), token="unknown", status=401)
    assert after(quiet, look(at(50), theirs, tokens=(NEW,))).state is State.ATTENTION


def test_swap_makes_no_token_before_the_delivery_is_ready() -> None:
    ready = after(started(Strategy.SWAP), Checked(at(0), (), (OLD,), 1))
    assert ready.state is State.CREATE_INTENT
    refused(ready, CreateSent(at(1), (OLD,), 1), "stands ready")
    lost = after(
        ready,
        Armed(at(1), "command"),
        CreateSent(at(1), (OLD,), 1),
        CreateLost(at(1)),
        Listed(at(1), (NEW,)),
    )
    assert lost.state is State.SECRET_GONE
    refused(lost, DiscardChosen(at(2), "DELETE", (NEW,)), "no second token")
    assert apply(lost, Retried(at(2))).state is State.CREATE_INTENT


def test_guided_is_by_word_and_never_deletes_anything_itself() -> None:
    ready = after(started(Strategy.GUIDED), Checked(at(0), (), None))
    refused(ready, CreateSent(at(1), ()), "a person makes")
    refused(ready, Pasted(at(1), OLD, PRINT), "existed before")
    held = apply(ready, Pasted(at(1), NEW, PRINT))
    assert (held.state, held.created_by) == (State.HOLDING, KnownBy.WORD)
    sure = asked().with_(strategy=Strategy.GUIDED)
    refused(sure, DeleteTyped(at(46), "DELETE", ()), "a person deletes")
    assert apply(sure, DeletedByWord(at(46), "DELETE")).gone_by is KnownBy.WORD
    refused(asked(), DeletedByWord(at(46), "DELETE"), "program deletes")


def test_a_suspended_token_waits_for_a_cycle_and_comes_back() -> None:
    refused(proven().with_(strategy=Strategy.GUIDED), SuspendSent(at(46)), "does not suspend")
    off = apply(proven(), SuspendSent(at(46)))
    assert off.strategy is Strategy.SUSPEND
    soaked = after(off, look(at(80)))
    refused(soaked, DeleteAsked(at(80)), "has to be off for")
    refused(off, Aborted(at(47), ""), "is off")
    assert after(soaked, look(at(87)), DeleteAsked(at(87))).state is State.DELETE_CONFIRM
    someone = event(9, at(47), token="unknown", status=401)
    refused(after(off, look(at(87), someone)), DeleteAsked(at(87)), "refused")
    assert apply(off, Unsuspended(at(48))).state is State.WATCHING


def test_an_idp_that_is_never_seen_needs_attention() -> None:
    assert after(delivered(), look(at(60 * 23))).state is State.DELIVERED
    assert after(delivered(), look(at(60 * 25))).state is State.ATTENTION


def test_a_failed_test_of_the_idp_does_not_go_on() -> None:
    found = after(
        delivered(),
        Installed(at(1), KnownBy.WORD),
        IdpTested(at(2), TestResult.FAILED, KnownBy.WORD, "401"),
    )
    assert (found.state, "401" in found.trouble) == (State.INSTALL_CLAIMED, True)


def test_what_is_over_stays_over() -> None:
    over = apply(watching(), Aborted(at(2), "Two tokens exist."))
    refused(over, Tick(at(3)), "is over")


def test_every_state_has_advice_and_a_checklist() -> None:
    for state in State:
        rotation = proven().with_(state=state, trouble="Something changed.", ending="Over.")
        assert what_next(rotation, at(1), secret_held=True).sentence.endswith(".")
        assert len(checklist(rotation)) == 8


def test_a_rotation_survives_the_disk_as_it_was() -> None:
    for rotation in (started(), holding(), waived(), asked(), free_slot()):
        assert Rotation.model_validate_json(rotation.model_dump_json()) == rotation
