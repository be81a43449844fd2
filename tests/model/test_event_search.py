"""Terms of a search for requests: what is read, what is refused, and what matches."""

from datetime import UTC, datetime, timedelta

import pytest

from scim_tui.model.activity import Event
from scim_tui.model.errors import UsageError
from scim_tui.model.event_search import EventTerm, parse

NOW = datetime(2026, 11, 23, 18, 42, 7, tzinfo=UTC)
EVENT = Event(
    id=1,
    at=NOW - timedelta(hours=1),
    operation="CreateUser",
    status=409,
    target="Zoë.Rossi@corp.example",
    resource_id="u-1234567890-abcdef",
    token_id="tok-1",
    client="Okta SCIM Client 1.0",
    constraint="emails.unique",
    message="Duplicate primary email",
    request_id="Req-0000-1111-2222",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("outcome:refused op:create client:okta who:ROSSI rule:emails.unique since:2h", True),
        ("outcome:accepted", False),
        ("since:30m", False),
        ("since:2026-11-23", True),
        ("until:2026-11-23T17:00Z", False),
        ("until:30m since:7d", True),
        ("zoë", True),
        ("ZOË", True),
        ("duplicate", True),
        ('"primary email"', True),
        ("primary email", True),
        ('"email primary"', False),
        ("status:409", True),
        ("409", True),
        ("status:40", False),
        ("-okta", False),
        ("!rule:userName -status:400", True),
        ("req-0000-1111-2222", True),
        ("u-1234567890-abcdef", True),
        ("who:u-1234567890-abcdef", True),
        ("req-0000", False),
        ("token:tok-1 token:tok-2", False),
        ("who:", True),
        ("http://x", False),
        ("-", True),
    ],
)
def test_what_matches(text: str, found: bool) -> None:
    assert parse(text, NOW).matches(EVENT) is found


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("oucome:refused", "Did you mean outcome:?"),
        ("outcome:perhaps", "outcome:refused"),
        ("since:soon", "since:2h"),
        ("-since:2h", "until:"),
        ("a " * 300, "letters"),
        (" ".join(map(str, range(21))), "20 at most"),
    ],
)
def test_what_is_no_search(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as failed:
        parse(text, NOW)
    assert hint in failed.value.hint


def test_terms_are_without_case_and_once() -> None:
    assert parse("Op:Create op:create -Ana", NOW).terms == (
        EventTerm("op", "create"),
        EventTerm("", "ana", negated=True),
    )
