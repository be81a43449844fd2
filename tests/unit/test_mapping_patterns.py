"""Regular expressions of a mapping: those that could take for ever are refused."""

import pytest

from scim_tui.mapping.errors import BadMapping
from scim_tui.mapping.patterns import MAX_TEXT, extracted, pattern, substituted
from scim_tui.mapping.rules import parse_rules
from scim_tui.model.errors import UsageError


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+$",
        "(a*)*b",
        "((a+)b?)*",
        "(a|aa)+$",
        "(a+){2,}",
        ".*.*.*x",
        "(?:a+)*",
        "(a",
        "[",
        "(?P<a>x)(?P<a>y)",
        "a" * 501,
        "(x{1,9})*",
        r"(\d+)+",
    ],
)
def test_what_may_take_for_ever_or_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        pattern(text)


@pytest.mark.parametrize(
    "text",
    ["(?<Suffix>@(.)*)", "^([^@]+)@", "[(+*]+", r"\(a+\)", "^a{3}$", "(a|b)c", "x{2,5}y", "a+b+"],
)
def test_what_people_write_is_taken(text: str) -> None:
    assert pattern(text).pattern


@pytest.mark.parametrize(("text", "opened"), [("a+b", 1), ("a*a*b", 2)])
def test_the_slowest_pattern_that_is_taken_ends_soon(text: str, opened: int) -> None:
    longest = "a" * MAX_TEXT[opened]
    assert substituted(longest, text, "x") == longest
    with pytest.raises(ValueError, match="too long"):
        substituted(longest + "a", text, "x")


def test_groups_are_replaced_and_taken_out() -> None:
    assert substituted("ada@x ada@y", "@(?<d>.)", "z", "d") == "ada@z ada@z"
    assert substituted("a@b", "(a)@(b)", "$2@$1") == "b@a"
    assert substituted("a@b", "(a)@(b)", r"\1") == r"\1"
    assert extracted("ada@x", "@(?<d>.)", "d") == "x"
    assert extracted("ada", "@(.)", "1") is None
    with pytest.raises(ValueError, match="no group"):
        extracted("ada@x", "@", "d")


def test_a_rule_names_the_place_of_a_bad_pattern() -> None:
    with pytest.raises(BadMapping, match=r"m\.toml, line 2, column \d+, rule title: .*repetition"):
        parse_rules("userName = 'u'\ntitle = \"regex_group(a, '(x+)+')\"\n", "m.toml")
