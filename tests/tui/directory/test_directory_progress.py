"""What the line under the title tells of a listing."""

from dataclasses import replace

from scim_tui.core.directory.api import LoadPhase, LoadState
from scim_tui.model.errors import Incomplete, Unreachable
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.tui.directory.fields import USERS
from scim_tui.tui.directory.list_state import ListState
from scim_tui.tui.directory.progress import listing_line
from scim_tui.tui.drawing.text import width

LOADING = LoadState(LoadPhase.LOADING, loaded=300, total=1_200, rate=60.0, seconds_left=15.0)


def drawn(
    load: LoadState, *, took: float = 5.0, listed_once: bool = False, cells: int = 120
) -> str:
    state = ListState("Users", USERS, total=700, started=100.0, listed_once=listed_once)
    line = listing_line(state, load, 100.0 + took, cells)
    assert width(line) <= cells
    return "".join(span.text for span in line)


def test_a_listing_shows_count_rate_and_time_left() -> None:
    assert drawn(LOADING) == (" ███········· loading 300 of 1,200  60/s  15 s left  Ctrl-C stops")


def test_without_a_number_of_the_server_the_one_of_the_time_before_makes_the_bar() -> None:
    untold = replace(LOADING, total=UNKNOWN, seconds_left=UNKNOWN)
    assert drawn(untold) == " loading 300  60/s  Ctrl-C stops"
    known = replace(untold, expected=1_200)
    assert drawn(known) == " ███········· loading 300 of about 1,200  60/s  15 s left  Ctrl-C stops"
    assert drawn(replace(known, expected=250)) == " loading 300  60/s  Ctrl-C stops"
    assert drawn(replace(LOADING, expected=900)) == drawn(LOADING), "what the server says is better"


def test_the_first_moments_promise_nothing() -> None:
    assert drawn(LOADING, took=0.4) == " ███········· loading 300 of 1,200  Ctrl-C stops"


def test_what_is_known_already_is_listed_again_in_silence_unless_it_takes_long() -> None:
    assert not drawn(LOADING, took=0.4, listed_once=True)
    assert "loading" in drawn(LOADING, took=2, listed_once=True)


def test_a_throttled_and_a_resumed_pass_are_shown() -> None:
    told = drawn(replace(LOADING, slowed=True, resumed_at=200))
    assert "slowed by 429" in told
    assert "went on at 200" in told


def test_a_drop_keeps_what_came_and_says_that_it_goes_on() -> None:
    dropped = replace(LOADING, phase=LoadPhase.FAILED, error=Unreachable("No answer."))
    assert drawn(dropped) == (
        " ! may be old: No answer.  300 of 1,200 kept  goes on by itself, or r now"
    )
    assert drawn(dropped, cells=60) == " ! may be old: No answer.  goes on by itself, or r now"


def test_what_was_stopped_and_what_is_done() -> None:
    assert drawn(replace(LOADING, phase=LoadPhase.STOPPED)) == " stopped at 300, r goes on"
    assert not drawn(replace(LOADING, phase=LoadPhase.READY))


def test_rows_that_came_twice_are_said_of_a_listing_that_is_whole() -> None:
    ready = replace(LOADING, phase=LoadPhase.READY)
    assert drawn(ready) == ""
    twice = drawn(replace(ready, repeated=3))
    assert twice == " ! 3 rows came twice, and the server counts that: each is shown once."
    assert drawn(replace(ready, repeated=1), cells=40)


def test_a_listing_with_rows_missing_starts_over_less_often_the_longer_it_takes() -> None:
    state = ListState("Users", USERS, started=100.0, ended=160.0, failures=1)
    dropped = replace(LOADING, phase=LoadPhase.FAILED, error=Unreachable("No answer."))
    assert state.due(dropped, None, 160.0) == 2.0
    assert state.due(replace(dropped, error=Incomplete("Rows are missing.")), None, 160.0) == 300.0
