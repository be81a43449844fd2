"""Regular expressions of a mapping: those that could take for ever are refused."""

import pytest

from scim_tui.mapping.base.errors import BadMapping
from scim_tui.mapping.rules.patterns import MAX_TEXT, _bounded, extracted, pattern, substituted
from scim_tui.mapping.rules.rules import parse_rules
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
        "(?:a?){40}a{40}b",
        "(a?){40}a{40}b",
        "(?:a{0,1}){40}a{40}b",
        "(?:a{0,}?){40}b",
        "a?" * 30 + "a" * 30 + "b",
        "a{0,9}" * 9 + "b",
        "(?:a|a){40}b",
        "(?:a|aa|aaa){30}b",
        "(a?a)*b",
        "(?:(?:a?){6}){6}b",
        "(?i)(?:a|A){40}b",
        "(?:ö?){40}ö{40}b",
        r"(?:\u00f6?){40}ö{40}b",
        r"(?:[а-я]?){40}[б-в]{40}x",
        r"(?:\w?){40}\d{40}x",
        "(?:a?(?=a)){40}b",
        r"(a?)(?:\1a?){40}b",
        "(?x) a? a? b",
        "(?:a??){40}a{40}b",
    ],
)
def test_what_may_take_for_ever_or_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        pattern(text)


PEOPLE_WRITE = [
    "(?<Suffix>@(.)*)",
    "^([^@]+)@",
    "[(+*]+",
    r"\(a+\)",
    "^a{3}$",
    "(a|b)c",
    "x{2,5}y",
    "a+b+",
    "a*b*c*",
    r"\+(?<isdCode>\d* )(?<phoneNumber>\d{10})",
    r"[()\s-]+",
    r"(?<streetNumber>^\d*)",
    "[a-zA-Z_]*",
    r"^(\d{1,3}\.){3}\d{1,3}$",
    r"^\+?(\d{1,3})?[ -]?\(?(\d{2,4})\)?[ -]?(\d{2,4})[ -]?(\d{2,6})$",
    r"^(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2})(?::?(\d{2}))?)?Z?$",
    "^[A-Z][a-z]+(?:-[A-Z][a-z]+)*$",
    r"^[\w.+-]+@[\w-]+\.[a-z]{2,}$",
    "^(?:Mr|Mrs|Ms|Dr)\\.? ",
    r"CN=([^,]+),(?:OU=[^,]+,)*DC=",
    "(?:-?[0-9])+",
    r"^\s+|\s+$",
    r"\b[A-Z]{2,3}\d{4,6}\b",
    "^(.*)@(.*)$",
    "(?i)^ext[. ]?",
    "(?:[0-9a-f]{2}:?){6}",
    "[äöüß]+",
]


@pytest.mark.parametrize("text", PEOPLE_WRITE)
def test_what_people_write_is_taken(text: str) -> None:
    assert pattern(text).pattern


@pytest.mark.parametrize(("text", "opened"), [("a+b", 1), ("a*a*b", 2)])
def test_the_slowest_pattern_that_is_taken_ends_soon(text: str, opened: int) -> None:
    longest = "a" * MAX_TEXT[opened]
    assert substituted(longest, text, "x") == longest
    with pytest.raises(ValueError, match="too long"):
        substituted(longest + "a", text, "x")


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("(?:a?){10}a{10}b", "a"),
        ("a?" * 9 + "a" * 9 + "b", "a"),
        ("a{0,9}a{0,9}a{0,9}b", "a"),
        ("(?:a|aa){8}b", "a"),
        ("a{0,9}a*b", "a"),
        ("(?:a?){4}a*b", "a"),
        ("(?:[ab]{0,3}a){4}x", "a"),
        (r"(\d{1,3}\d?){3}x", "1"),
        *((text, letter) for text in PEOPLE_WRITE for letter in "a1.- "),
    ],
)
def test_a_pattern_that_is_taken_ends_on_the_longest_text(text: str, letter: str) -> None:
    most = _bounded(text).most
    assert most >= 64
    substituted(letter * (most - 1) + "!", text, "x")
    with pytest.raises(ValueError, match="too long"):
        extracted(letter * (most + 1), text)


def test_the_refusal_says_why() -> None:
    with pytest.raises(UsageError, match=r"ways or more to match one text") as caught:
        pattern("(?:a?){40}a{40}b")
    assert "simpler" in caught.value.hint


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
