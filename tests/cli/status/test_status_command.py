"""`scim-tui status`: text, JSON, a Nagios line, Prometheus and a short line."""

import json
from datetime import timedelta

import pytest

from scim_tui.model.errors import Unreachable
from scim_tui.model.provisioning import AccessToken
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


def token(left: float) -> AccessToken:
    return AccessToken(
        id="tok-1", expires_at=START + timedelta(days=left), last_used_at=START, last_client="Okta"
    )


@pytest.fixture
def well(provider: MemoryProvider) -> MemoryProvider:
    """A directory without refusals, whose token is good for long."""
    provider.access_tokens = [token(300)]
    provider.log = [each for each in provider.log if not each.refused]
    return provider


@pytest.mark.parametrize(
    ("left", "code", "word"), [(300, 0, "healthy"), (20, 1, "degraded"), (3, 2, "failing")]
)
def test_the_code_is_that_of_the_monitoring_plugins(
    command: Command, well: MemoryProvider, left: float, code: int, word: str
) -> None:
    well.access_tokens = [token(left)]
    shown = command("status", "--format", "nagios")
    assert (shown.code, shown.out.count("\n")) == (code, 1)
    assert shown.out.startswith(f"SCIM {('OK', 'WARNING', 'CRITICAL')[code]} - local {word}: ")


def test_no_answer_is_unknown_and_code_3(command: Command, well: MemoryProvider) -> None:
    well.down = Unreachable("No route to the host.", "Check the network.")
    shown = command("status")
    assert shown.code == 3
    assert "local: UNKNOWN, No route to the host" in shown.out
    assert "Check the network." in shown.out


def test_off_is_a_warning_where_it_is_not_expected(command: Command, well: MemoryProvider) -> None:
    well.enabled_at = None
    shown = command("status", "--json")
    assert (shown.code, json.loads(shown.out)["verdict"]) == (1, "off")


def test_json_has_null_for_what_was_not_observed(command: Command, well: MemoryProvider) -> None:
    found = json.loads(command("status", "--json").out)
    signals = {each["name"]: each for each in found["signals"]}
    assert found["next_step"] is None
    assert signals["mass_change"]["value"] is None
    assert signals["token_end"]["value"] == 300


def test_prometheus_has_one_verdict_and_always_code_0(
    command: Command, well: MemoryProvider
) -> None:
    well.access_tokens = []
    shown = command("status", "--format", "prometheus")
    assert shown.code == 0
    assert 'scim_verdict{profile="local",verdict="failing"} 1' in shown.out
    assert 'scim_signal{profile="local",signal="token_works"} 2' in shown.out


def test_short_prints_what_was_kept_and_asks_nobody(command: Command, well: MemoryProvider) -> None:
    assert command("status", "--short").out == "local ? never looked at: scim-tui status\n"
    well.access_tokens = [token(3)]
    command("status")
    calls = len(well.calls)
    shown = command("status", "--short")
    assert len(well.calls) == calls
    assert shown.code == 3, "the kept verdict is years old by the real clock"
    assert shown.out.startswith("local ? failing ")


def test_short_and_watch_exclude_each_other(command: Command) -> None:
    assert command("status", "--short", "--watch").code == 2
    assert command("status", "--watch", "1").code == 2
