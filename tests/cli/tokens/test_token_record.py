"""`tokens record`, and what `tokens check` makes of it where no token can be listed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scim_tui.model.capabilities import no
from scim_tui.model.errors import NotAllowed
from tests.cli.conftest import Command
from tests.fakes.memory import ALL_YES, MemoryProvider
from tests.fakes.sample import START


@pytest.fixture(autouse=True)
def _plain(provider: MemoryProvider) -> None:
    provider.capabilities = replace(ALL_YES, list_tokens=no("SCIM lists no tokens."))


def in_days(days: int) -> str:
    return f"{START + timedelta(days=days, hours=23):%Y-%m-%d}"


def test_untold_is_unknown_and_names_the_command(command: Command) -> None:
    shown = command("tokens", "check")
    assert (shown.code, "their end is not recorded: tokens record" in shown.out) == (3, True)
    command("tokens", "record", "tok-1", "--created", "2026-01-02")
    shown = command("tokens", "check")
    assert (shown.code, "tok-1 ends at an unknown time" in shown.out) == (3, True)


@pytest.mark.parametrize(("days", "code"), [(200, 0), (20, 1), (3, 2), (-2, 2)])
def test_a_recorded_token_is_judged_with_its_source(command: Command, days: int, code: int) -> None:
    assert command("tokens", "record", "tok-1", "--expires", in_days(days)).code == 0
    shown = command("tokens", "check")
    assert shown.code == code
    assert "typed in by " in shown.out


def test_a_refused_token_is_critical_whatever_was_recorded(
    command: Command, provider: MemoryProvider
) -> None:
    command("tokens", "record", "tok-1", "--expires", in_days(200))
    provider.fail_next(NotAllowed("The token is not accepted.", status=401), "probe")
    assert command("tokens", "check").code == 2


def test_formats_carry_the_source(command: Command) -> None:
    made = command("tokens", "record", "tok-1", "--expires", "2027-11-23", "--json").json
    assert made["expires_at"].startswith("2027-11-23")
    assert made["source"].startswith("typed in by")
    [noted] = command("tokens", "check", "--json").json["noted"]
    assert (noted["id"], noted["source"]) == ("tok-1", made["source"])
    text = command("tokens", "check", "--format", "prometheus").out
    assert 'token="tok-1",basis="told"}' in text


def test_forgotten_and_wrong(command: Command) -> None:
    command("tokens", "record", "tok-1", "--expires", "2027-11-23")
    assert command("tokens", "record", "tok-1", "--forget").code == 0
    assert command("tokens", "check").code == 3
    assert command("tokens", "record", "tok-1", "--forget").code == 1
    assert command("tokens", "record", "tok-1", "--expires", "soon").code == 2
    assert command("tokens", "record", "x" * 580).code == 2


def test_where_tokens_are_listed_it_is_refused(command: Command, provider: MemoryProvider) -> None:
    provider.capabilities = ALL_YES
    shown = command("tokens", "record", "tok-1")
    assert (shown.code, "lists its tokens by itself" in shown.err) == (5, True)


def test_the_list_shows_recorded_tokens_and_says_so(command: Command) -> None:
    command("tokens", "record", "tok-1", "--expires", "2027-11-23")
    shown = command("tokens", "list")
    assert (shown.code, "tok-1" in shown.out) == (0, True)
    assert "the provider lists none" in shown.err
    told = command("tokens", "list", "--json").json
    assert told["sources"]["tok-1"].startswith("typed in by")
