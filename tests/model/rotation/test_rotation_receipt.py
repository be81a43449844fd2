"""The receipt says what was done and seen, claims nothing else, and names the next date."""

from datetime import timedelta

from scim_tui.model.provisioning import SHUT, AccessToken, TokenState
from scim_tui.model.rotation.receipt import as_text, receipt, reminder
from scim_tui.model.rotation.rotation import KnownBy, Rotation, TestResult
from scim_tui.model.rotation.watch import Accepted, IdpTested, Installed
from scim_tui.model.unknown_values import UNKNOWN
from tests.fakes.sample import START
from tests.model.rotation.rotation_facts_kit import after, at, delivered, holding, proven, watching


def facts(rotation: Rotation) -> dict[str, str]:
    return dict(receipt(rotation))


def test_what_was_not_observed_is_not_claimed() -> None:
    told = facts(holding())
    assert told["Old token"].endswith("still there")
    assert told["Secret"] == "handed over: never; not kept by this program"
    assert "E0" in told["Proof"]
    assert "Accepted" not in told


def test_the_receipt_says_how_the_old_token_ended() -> None:
    for by, words in (
        (KnownBy.API, "deleted here"),
        (KnownBy.WORD, "by your word"),
        (KnownBy.SEEN, "by the list"),
    ):
        gone = proven().with_(gone_by=by, gone_at=at(50))
        assert words in facts(gone)["Old token"]


def test_less_proof_keeps_its_reason() -> None:
    told = facts(
        after(watching(), Accepted(at(2), "old", "DELETE", "the IdP is on holiday", "ana"))
    )
    assert "the IdP is on holiday, ana" in told["Accepted"]


def test_the_reminder_is_ninety_days_before_the_end_or_says_that_it_cannot_know() -> None:
    assert proven().new is not None
    ends = proven().new.model_copy(update={"expires_at": START + timedelta(days=365)})  # type: ignore[union-attr]
    assert reminder(proven().with_(new=ends)).startswith(f"{START + timedelta(days=275):%Y-%m-%d}")
    unknown = ends.model_copy(update={"expires_at": UNKNOWN})
    assert "not known" in reminder(proven().with_(new=unknown))


def test_the_text_holds_every_step_with_its_time() -> None:
    text = as_text(proven())
    assert all(f"{each.at:%Y-%m-%dT%H:%M}" in text for each in proven().history)


def test_a_token_both_suspended_and_expired_is_expired() -> None:
    token = AccessToken(id="a", expires_at=START, suspended=True)
    assert token.state(START - timedelta(days=1)) is TokenState.SUSPENDED
    assert token.state(START) is TokenState.EXPIRED
    assert {TokenState.SUSPENDED, TokenState.EXPIRED} == SHUT


def test_a_level_that_rests_on_a_word_says_so() -> None:
    tested = after(
        delivered(),
        Installed(at(1), KnownBy.WORD),
        IdpTested(at(2), TestResult.PASSED, KnownBy.WORD),
    )
    assert facts(tested)["Proof"] == "E2: the IdP's own test passed, by your word"
    by_us = tested.with_(tested=tested.tested.model_copy(update={"by": KnownBy.API}))  # type: ignore[union-attr]
    assert facts(by_us)["Proof"] == "E2: the IdP's own test passed"
