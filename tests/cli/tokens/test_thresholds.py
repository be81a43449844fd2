"""Thresholds as the monitoring plugins write them."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim_tui.cli.tokens.thresholds import parse_range
from scim_tui.model.errors import UsageError

NUMBERS = st.integers(-1000, 1000) | st.decimals(-1000, 1000, places=2, allow_nan=False)


@given(NUMBERS, NUMBERS, st.booleans(), st.integers(-2000, 2000))
def test_a_range_alerts_outside_and_with_an_at_inside(
    one: float, other: float, at: bool, value: int
) -> None:
    low, high = sorted((one, other))
    found = parse_range(f"{'@' if at else ''}{low}:{high}")
    assert found.alerts(value) is ((float(low) <= value <= float(high)) is at)


@given(NUMBERS, st.integers(-2000, 2000))
def test_a_plain_number_is_the_least_that_is_fine(number: float, value: int) -> None:
    assert parse_range(f"{number}").alerts(value) is (value < float(number))
    assert parse_range(f"{number}:") == parse_range(f"{number}")
    assert parse_range(f"~:{number}").alerts(value) is (value > float(number))


@given(st.text(max_size=12))
def test_any_text_is_a_range_or_a_usage_error(text: str) -> None:
    try:
        found = parse_range(text)
    except UsageError:
        return
    assert found.start <= found.end
    assert parse_range(found.text) == found


@pytest.mark.parametrize(
    ("text", "start", "end", "inside"),
    [
        ("30:", 30, inf, False),
        ("7", 7, inf, False),
        ("@1:5", 1, 5, True),
        (":5", 0, 5, False),
        ("~:5", -inf, 5, False),
        ("@3", 3, inf, True),
    ],
)
def test_each_form(text: str, start: float, end: float, inside: bool) -> None:
    found = parse_range(text)
    assert (found.start, found.end, found.inside) == (start, end, inside)


@pytest.mark.parametrize("text", ["", "@", ":", "~", "~:", "5:1", "30::", "a", "1:b", "1 :2", "²:"])
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(UsageError):
        parse_range(text)
