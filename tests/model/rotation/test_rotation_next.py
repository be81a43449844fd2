"""What comes next in a rotation: one answer, which both front ends dispatch on."""

from datetime import datetime, timedelta

import pytest

from scim_tui.cli.rotation.drive import Drive
from scim_tui.model.rotation.deliver import ProbeAnswered, ProbeSent
from scim_tui.model.rotation.next_step import Next, NextStep, Turn, what_next
from scim_tui.model.rotation.rotation import Deletion, DeletionReason, Rotation, State, Strategy
from scim_tui.model.rotation.transitions import apply
from scim_tui.tui.rotation.steps import STEP_FOR
from tests.model.rotation.rotation_facts_kit import at, holding, proven, watching


def after_test(status: int | None, strategy: Strategy = Strategy.GUIDED) -> Rotation:
    """A new token whose test was answered with this."""
    tested = apply(holding(), ProbeSent(at(1)))
    return apply(tested, ProbeAnswered(at(1), False, status, "no")).with_(strategy=strategy)


def next_of(rotation: Rotation, now: datetime | None = None, *, held: bool = True) -> NextStep:
    return what_next(rotation, now or at(2), secret_held=held)


def test_both_front_ends_do_something_for_everything_that_comes_next() -> None:
    nothing = {Next.GO_THERE, Next.OVER}
    drive = Drive(None, None, None, None)  # type: ignore[arg-type]
    assert set(drive._works()) == set(Next) - nothing
    assert set(STEP_FOR) == set(Next) - nothing


@pytest.mark.parametrize("strategy", list(Strategy))
@pytest.mark.parametrize("state", list(State))
def test_every_state_has_one_sentence_and_one_turn(state: State, strategy: Strategy) -> None:
    rotation = proven().with_(
        state=state, strategy=strategy, trouble="It changed.", ending="It is over."
    )
    found = next_of(rotation)
    assert found.sentence.endswith(".")
    assert "{" not in found.sentence
    assert found.turn in Turn
    assert (found.next is Next.OVER) is not rotation.open


def test_a_secret_that_is_not_here_is_not_handed_over() -> None:
    rotation = holding()
    assert next_of(rotation).next is Next.TEST
    assert next_of(rotation, held=False).next is Next.FIND_OUT
    there = what_next(rotation, at(2), held_by="PID 7")
    assert (there.next, "held in memory by PID 7" in there.sentence) == (Next.GO_THERE, True)


def test_a_deletion_without_an_answer_comes_before_everything_else() -> None:
    asked = Deletion(at=at(1), token_id="token-0009", why=DeletionReason.SLOT)
    found = next_of(watching().with_(deletion=asked))
    assert (found.next, found.sentence) == (
        Next.FIND_OUT,
        "Find out whether token-0009 was deleted.",
    )


@pytest.mark.parametrize(
    ("status", "wanted"),
    [(401, Next.ENTER_AGAIN), (404, Next.ENTER_AGAIN), (None, Next.TEST), (503, Next.TEST)],
)
def test_a_secret_is_entered_again_only_if_the_answer_refuses_it(
    status: int | None, wanted: Next
) -> None:
    assert next_of(after_test(status)).next is wanted
    assert next_of(after_test(status, Strategy.OVERLAP)).next is Next.TEST


def test_with_one_token_only_a_lost_text_is_not_called_safe() -> None:
    rotation = holding().with_(strategy=Strategy.SWAP, state=State.SECRET_GONE, attempts=1)
    found = next_of(rotation)
    assert found.next is Next.CREATE_BY_SWAP
    assert f"{rotation.old.id} has ended" in found.sentence
    assert "still works" not in found.sentence


def test_the_old_token_is_off_for_a_cycle_before_it_is_deleted() -> None:
    rotation = proven().with_(strategy=Strategy.SUSPEND)
    assert next_of(rotation).next is Next.SUSPEND
    off = rotation.with_(state=State.SUSPENDED, suspended_at=at(50))
    assert next_of(off, at(51)).next is Next.SOAK
    assert next_of(off, at(50) + timedelta(days=1)).next is Next.DELETE_OLD
