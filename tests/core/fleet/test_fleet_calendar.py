"""The ends of all tokens as iCalendar (RFC 5545)."""

from datetime import UTC, datetime

from scim_tui.core.fleet.calendar import calendar
from scim_tui.core.fleet.row import FleetRow
from scim_tui.core.health.verdict import fold
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.unknown_values import UNKNOWN
from tests.core.health.health_kit import snapshot
from tests.fakes.sample import START

END = datetime(2027, 2, 28, 23, 59, tzinfo=UTC)


def row(*tokens: AccessToken, profile: str = "prod") -> FleetRow:
    seen = snapshot(tokens=tokens)
    return FleetRow(profile=profile, expect_off=False, judgement=fold((), START), snapshot=seen)


def test_a_token_is_an_event_of_a_day_with_two_reminders() -> None:
    text = calendar([row(AccessToken(id="tok-1", expires_at=END))], START)
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20270228\r\nDTEND;VALUE=DATE:20270301\r\n" in text
    assert text.count("BEGIN:VEVENT") == 1
    assert text.count("BEGIN:VALARM") == 2


def test_a_token_whose_end_is_not_known_is_left_out() -> None:
    assert "VEVENT" not in calendar([row(AccessToken(id="tok-1", expires_at=UNKNOWN))], START)


def test_names_end_no_line_and_lines_are_folded() -> None:
    odd = row(AccessToken(id="t;,\\\r\nX", expires_at=END), profile="ü" * 60)
    lines = calendar([odd], START).split("\r\n")
    assert not any(each.startswith("X") for each in lines)
    assert max(len(each.encode()) for each in lines) <= 75
    assert "".join(lines).replace(" ", "").count("ü" * 60) >= 2
    assert r"t\;\,\\ X" in "".join(lines)
