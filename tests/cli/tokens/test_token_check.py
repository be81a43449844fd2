"""`scim-tui tokens check`: one line for Nagios, figures for Prometheus, JSON for the rest."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from scim_tui.model.capabilities import no
from scim_tui.model.errors import Unreachable
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent
from tests.cli.conftest import Command
from tests.fakes.memory import ALL_YES, MemoryProvider
from tests.fakes.sample import START


def token(name: str, left: float | Absent, *, used: float | Absent = 0.1) -> AccessToken:
    """A token with this many days left, last used this many days ago."""
    return AccessToken(
        id=name,
        expires_at=left if isinstance(left, Absent) else START + timedelta(days=left),
        last_used_at=used if isinstance(used, Absent) else START - timedelta(days=used),
        last_client="Okta",
    )


@pytest.mark.parametrize(
    ("left", "code", "word"),
    [
        (300, 0, "OK"),
        (30, 0, "OK"),
        (29.9, 1, "WARNING"),
        (7, 1, "WARNING"),
        (6.9, 2, "CRITICAL"),
        (-1, 2, "CRITICAL"),
        (UNKNOWN, 3, "UNKNOWN"),
        (NEVER, 0, "OK"),
    ],
)
def test_the_code_follows_the_days_left(
    command: Command, provider: MemoryProvider, left: float | Absent, code: int, word: str
) -> None:
    provider.access_tokens = [token("tok-1", left)]
    shown = command("tokens", "check")
    assert (shown.code, shown.err) == (code, "")
    assert shown.out.startswith(f"SCIM TOKEN {word} - local tok-1 ")
    assert shown.out.count("\n") == 1
    assert ("days_left=" in shown.out) is not isinstance(left, Absent)


def test_the_line_has_its_figures(command: Command, provider: MemoryProvider) -> None:
    provider.access_tokens = [token("tok-1", 27.5)]
    assert command("tokens", "check").out == (
        "SCIM TOKEN WARNING - local tok-1 27d left (2026-12-21), used 2h ago by Okta"
        " | days_left=27;30:;7: slots_used=1;;;0;2\n"
    )


def test_thresholds_are_ranges(command: Command, provider: MemoryProvider) -> None:
    provider.access_tokens = [token("tok-1", 20)]
    assert command("tokens", "check", "--warn", "20").code == 0
    assert command("tokens", "check", "--warn", "21").code == 1
    assert command("tokens", "check", "-w", "5:", "-c", "@20:25").code == 2


@pytest.mark.parametrize(
    ("tokens", "judged", "code"),
    [
        ([token("left", 3, used=40), token("busy", 300)], "busy", 0),
        ([token("busy", 3), token("fresh", 300, used=NEVER)], "busy", 2),
        ([token("ended", -2, used=2.1), token("fresh", 300, used=NEVER)], "ended", 2),
        ([token("ended", -40, used=41), token("busy", 300)], "busy", 0),
        ([token("maybe", 20, used=UNKNOWN), token("busy", 300)], "maybe", 1),
        ([token("one", UNKNOWN, used=UNKNOWN), token("busy", 3)], "busy", 2),
        ([token("new", 300, used=NEVER)], "new", 0),
    ],
)
def test_the_token_whose_end_would_be_felt_is_judged(
    command: Command, provider: MemoryProvider, tokens: list[AccessToken], judged: str, code: int
) -> None:
    provider.access_tokens = tokens
    shown = command("tokens", "check", "--json")
    assert (shown.json["token"], shown.code, shown.json["code"]) == (judged, code, code)


def test_no_token_is_critical_while_provisioning_is_on(
    command: Command, provider: MemoryProvider
) -> None:
    provider.access_tokens = []
    assert command("tokens", "check").code == 2
    provider.enabled_at = None
    assert command("tokens", "check").code == 1


@pytest.mark.parametrize("form", ["nagios", "json"])
def test_no_answer_is_unknown(command: Command, provider: MemoryProvider, form: str) -> None:
    provider.down = Unreachable("No answer | from\nthe service.")
    shown = command("tokens", "check", "--format", form)
    assert shown.code == 3
    if form == "nagios":
        assert shown.out == "SCIM TOKEN UNKNOWN - local No answer / from\\nthe service.\n"


def test_a_usage_error_is_unknown_and_not_critical(command: Command) -> None:
    assert command("tokens", "check", "--warn", "soon").code == 3
    assert command("tokens", "check", "--profile", "nowhere").code == 3


def test_where_tokens_cannot_be_listed(command: Command, provider: MemoryProvider) -> None:
    provider.capabilities = replace(ALL_YES, list_tokens=no("No API."))
    assert command("tokens", "check").code == 3


def test_a_check_asks_only_for_what_it_reports(
    command: Command, provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("summary", "events", "traffic", "probe"):
        call = getattr(provider, name)

        def counted(
            *args: object, _name: str = name, _call: Callable[..., object] = call, **more: object
        ) -> object:
            asked.append(_name)
            return _call(*args, **more)

        monkeypatch.setattr(provider, name, counted)
    command("tokens", "check")
    assert sorted(asked) == ["probe", "traffic"]


def test_json_is_stable(command: Command, provider: MemoryProvider) -> None:
    good = command("tokens", "check", "--json").json
    provider.down = Unreachable("No answer.")
    bad = command("tokens", "check", "--json").json
    assert (
        list(good)
        == list(bad)
        == [
            "profile",
            "as_of",
            "clock_skew_seconds",
            "code",
            "state",
            "text",
            "token",
            "days_left",
            "warn",
            "critical",
            "provisioning",
            "endpoint_up",
            "tokens",
            "slots",
            "noted",
            "rotation",
        ]
    )
    assert bad["slots"]["used"] is None


def test_prometheus_text(command: Command, provider: MemoryProvider) -> None:
    provider.access_tokens = [token('t"1\\', 27.5), token("t2", UNKNOWN, used=NEVER)]
    shown = command("tokens", "check", "--format", "prometheus")
    assert shown.code == 0
    lines = shown.out.splitlines()
    figures = [line for line in lines if not line.startswith("#")]
    pattern = r'scim_\w+\{\w+="(?:[^"\\]|\\.)*"(?:,\w+="(?:[^"\\]|\\.)*")*\} -?[\d.e+]+'
    assert all(re.fullmatch(pattern, line) for line in figures), figures
    expiry = (START + timedelta(days=27.5)).timestamp()
    name = 'profile="local",token="t\\"1\\\\"'
    assert (
        f'scim_token_expiry_timestamp_seconds{{{name},basis="reported"}} {expiry:.15g}' in figures
    )
    assert 'scim_token_expiry_known{profile="local",token="t2"} 0' in figures
    assert not any("expiry_timestamp" in line and "t2" in line for line in figures)
    assert not any("last_used" in line and "t2" in line for line in figures)
    for line in lines:
        if line.startswith("# TYPE"):
            assert lines.count(line) == 1


def test_prometheus_when_nothing_answers(command: Command, provider: MemoryProvider) -> None:
    provider.down = Unreachable("No answer.")
    shown = command("tokens", "check", "--format", "prometheus")
    assert shown.code == 0
    assert 'scim_endpoint_up{profile="local"} 0' in shown.out
    assert "scim_token" not in shown.out


@pytest.mark.parametrize(("ahead", "code"), [(0, 0), (30, 0), (-30, 0)])
def test_the_end_is_judged_by_the_servers_clock(
    command: Command, provider: MemoryProvider, ahead: int, code: int
) -> None:
    left = timedelta(days=40) - timedelta(days=ahead)
    provider.access_tokens = [token("tok-1", left.days)]
    provider.clock_skew = timedelta(days=-ahead)
    shown = command("tokens", "check")
    assert shown.code == code
    assert "40d left" in shown.out
    assert ("this machine's clock is 30d" in shown.out) is bool(ahead)
    data = command("tokens", "check", "--format", "json").json
    assert data["clock_skew_seconds"] == -ahead * 86400
