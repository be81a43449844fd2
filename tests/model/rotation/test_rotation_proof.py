"""What counts as the IdP with the new token, and what as silence of the old one."""

from datetime import timedelta

import pytest

from scim_tui.model.base import Words
from scim_tui.model.rotation.callers import is_own
from scim_tui.model.rotation.proof import Observation, is_silent, level, silence_needed, silent_for
from scim_tui.model.rotation.rotation import Level, Policy, State
from scim_tui.model.rotation.suspend import SuspendSent, soak_left
from scim_tui.model.rotation.watch import Looked
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.scim.transport import own_agent
from tests.model.rotation.rotation_facts_kit import (
    BOTH,
    IDP,
    NEW,
    NONCE,
    OLD,
    OWN,
    after,
    at,
    event,
    look,
    proven,
    used,
    watching,
)


def test_the_probe_we_send_is_recognised() -> None:
    assert is_own(watching(), own_agent(NONCE))
    assert is_own(watching(), own_agent("another rotation's"))
    assert not is_own(watching(), "Simulated-IdP/1.0 (scim-tui demo)")
    assert not is_own(watching(), UNKNOWN)


def test_a_probe_of_ours_is_never_the_idp() -> None:
    found = after(watching(), look(at(2), event(1, at(2), client=OWN)))
    assert (level(found), found.seen.own_requests) == (Level.E1, 1)


@pytest.mark.parametrize(
    ("operation", "status", "wanted"),
    [
        ("ListUsers", 200, Level.E3),
        ("PatchUser", 204, Level.E4),
        ("CreateUser", 409, Level.E3),
        ("CreateUser", 400, Level.E3),
        ("GetUser", 404, Level.E3),
        ("ListUsers", 401, Level.E1),
        ("ListUsers", 403, Level.E1),
        ("CreateUser", 429, Level.E1),
        ("CreateUser", 500, Level.E1),
        ("CreateUser", 503, Level.E1),
    ],
)
def test_a_request_counts_by_what_it_did(operation: str, status: int, wanted: Level) -> None:
    seen = event(1, at(2), operation=operation, status=status)
    assert level(after(watching(), look(at(2), seen))) is wanted


def test_a_refused_write_is_no_write_and_a_stranger_who_is_refused_is_no_idp() -> None:
    refused = event(1, at(2), operation="CreateUser", status=409)
    found = after(watching(), look(at(2), refused))
    assert (found.seen.new_requests, found.seen.new_writes) == (1, 0)
    stranger = event(2, at(3), status=404, client="curl/8.5")
    old = event(1, at(2), token="old")
    found = after(watching(), look(at(3), stranger, old))
    assert (level(found), found.seen.other_requests) == (Level.E1, 1)


@pytest.mark.parametrize(
    ("token", "client"), [("other", IDP), ("old", IDP), (UNKNOWN, IDP), ("new", UNKNOWN)]
)
def test_a_request_that_may_be_ours_does_not_count(token: Words, client: Words) -> None:
    found = after(watching(), look(at(2), event(1, at(2), token, client=client)))
    assert level(found) is Level.E1


def test_a_request_without_a_name_counts_once_the_log_is_known_to_have_names() -> None:
    ours, theirs = event(1, at(2), client=OWN), event(2, at(2), client=UNKNOWN)
    assert level(after(watching(), look(at(2), ours, theirs))) is Level.E4


def test_silence_is_a_cycle_twice_the_gap_or_the_least() -> None:
    rotation = watching()
    assert silence_needed(rotation) == timedelta(minutes=40)
    assert silence_needed(rotation.with_(gap=timedelta(hours=1))) == timedelta(hours=2)
    short = Policy(cycle=timedelta(seconds=1))
    assert silence_needed(rotation.with_(policy=short)) == timedelta(minutes=20)


def test_proof_needs_a_write_and_a_silent_cycle() -> None:
    early = after(watching(), look(at(39), event(1, at(30))))
    assert (early.state, level(early)) == (State.WATCHING, Level.E4)
    assert after(early, look(at(41))).state is State.PROVEN
    assert after(watching(), look(at(90), event(1, at(30), operation="ListUsers"))).state is (
        State.WATCHING
    )


@pytest.mark.parametrize("token", ["old", UNKNOWN])
def test_a_use_of_the_old_token_starts_the_silence_again(token: Words) -> None:
    found = after(watching(), look(at(45), event(1, at(30)), event(2, at(44), token)))
    assert (found.state, silent_for(found)) == (State.WATCHING, timedelta(minutes=1))


def test_the_list_of_tokens_knows_of_a_use_that_the_log_lost() -> None:
    later = used(OLD, at(44), 101, IDP)
    found = after(watching(), look(at(45), event(1, at(30)), tokens=(later, NEW)))
    assert found.state is State.WATCHING


def test_a_clock_that_is_behind_does_not_make_silence_longer() -> None:
    first = after(watching(), look(at(40), event(1, at(30))))
    found = after(first, look(at(45), event(2, at(-600), "old")))
    assert silent_for(found) == timedelta(minutes=5)
    assert found.state is State.WATCHING


def test_a_log_that_began_anew_proves_no_silence() -> None:
    found = after(
        watching(), Looked(Observation(at(45), (OLD, NEW), (event(1, at(44)),), reset=True))
    )
    assert (found.state, silent_for(found)) == (State.WATCHING, timedelta())


def test_where_uses_are_not_recorded_silence_is_unknown() -> None:
    old, new = used(OLD, UNKNOWN, None, UNKNOWN), used(NEW, UNKNOWN, None, UNKNOWN)
    found = after(watching(), Looked(Observation(at(300), (old, new))))
    assert (silent_for(found), found.state) == (None, State.WATCHING)


@pytest.mark.parametrize(
    ("minutes", "requests", "client", "wanted"),
    [
        (0.0, 1, OWN, Level.E1),
        (0.0, 2, OWN, Level.E1),
        (0.5, None, UNKNOWN, Level.E1),
        (0.0, 2, UNKNOWN, Level.E1),
        (5.0, None, UNKNOWN, Level.E3),
        (5.0, 2, IDP, Level.E3),
        (5.0, 2, OWN, Level.E1),
    ],
)
def test_a_time_of_last_use_that_our_probe_may_have_moved_is_not_counted(
    minutes: float, requests: int | None, client: Words, wanted: Level
) -> None:
    new = used(NEW, at(minutes), requests, client)
    assert level(after(watching(), Looked(Observation(at(10), (OLD, new))))) is wanted


def test_proof_is_lost_when_the_old_token_is_used_again() -> None:
    assert proven().state is State.PROVEN
    assert after(proven(), look(at(50), event(2, at(49), "old"))).state is State.WATCHING
    assert after(proven(), look(at(50), event(2, at(49), "new"))).state is State.PROVEN


def test_expiry_never_replaces_silence() -> None:
    ended = OLD.model_copy(update={"expires_at": at(1)})
    rotation = watching()
    rotation = rotation.with_(old=rotation.old.model_copy(update={"expires_at": at(1)}))
    found = after(rotation, look(at(2), event(1, at(2)), tokens=(ended, NEW)))
    assert found.state is State.WATCHING
    assert level(found) is Level.E4
    assert not is_silent(found)


def test_a_request_that_is_let_in_after_the_end_of_the_old_token_ends_the_proof() -> None:
    rotation = proven()
    rotation = rotation.with_(old=rotation.old.model_copy(update={"expires_at": at(46)}))
    assert after(rotation, look(at(50), event(2, at(49), "old"))).state is State.WATCHING


@pytest.mark.parametrize("hours", [-720, -3, 3, 720])
def test_silence_begins_anew_when_a_clock_was_set(hours: int) -> None:
    moved = Observation(at(46), BOTH, (), skew=timedelta(hours=hours))
    found = after(proven(), Looked(moved))
    assert found.state is State.WATCHING
    assert silent_for(found) == timedelta()
    later = Observation(at(90), BOTH, (), skew=timedelta(hours=hours))
    assert after(found, Looked(later)).state is State.PROVEN


def test_a_pause_of_the_old_token_begins_anew_when_a_clock_was_set() -> None:
    off = after(proven(), SuspendSent(at(45)))
    assert not soak_left(off, at(90))
    moved = after(off, Looked(Observation(at(89), BOTH, (), skew=timedelta(days=1))))
    assert soak_left(moved, at(90)) == silence_needed(moved) - timedelta(minutes=1)
