"""`scim-tui fleet`: the table, JSON, figures for Prometheus and the calendar."""

from pathlib import Path

from scim_tui.cli.main import run
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider


def test_the_table_and_the_code_are_those_of_the_verdict(
    command: Command, provider: MemoryProvider
) -> None:
    provider.access_tokens = []
    shown = command("fleet")
    assert shown.code == 2
    assert "local" in shown.out
    assert "failing" in shown.out


def test_json_has_null_for_what_is_not_known(command: Command, provider: MemoryProvider) -> None:
    shown = command("fleet", "--json")
    (row,) = shown.json["profiles"]
    assert (row["profile"], row["rotation"]) == ("local", None)
    assert row["users"] == 30


def test_no_token_is_not_a_token_without_an_end(command: Command, provider: MemoryProvider) -> None:
    provider.access_tokens = []
    assert "no token" in command("fleet").out
    (row,) = command("fleet", "--json").json["profiles"]
    assert (row["token"], row["token_ends"], row["has_token"]) == (None, None, False)


def test_a_local_service_that_was_never_started_is_not_made_by_a_look(place: Path) -> None:
    (place / "token").write_text("secret")
    (place / "token").chmod(0o600)
    (place / "config" / "scim-tui").mkdir(parents=True, mode=0o700)
    config = place / "config" / "scim-tui" / "config.toml"
    config.write_text(
        '[profiles.far]\nprovider = "scim"\nendpoint = "http://127.0.0.1:9/scim"\n'
        f'token_file = "{place / "token"}"\n'
    )
    config.chmod(0o600)
    assert run(("fleet", "--seconds", "5")) == 3
    assert not list(place.rglob("service.sqlite3"))


def test_prometheus_and_the_calendar(command: Command, provider: MemoryProvider) -> None:
    figures = command("fleet", "--format", "prometheus")
    assert figures.code == 0
    assert figures.out.count("scim_verdict{") == 5
    dates = command("fleet", "calendar")
    assert dates.code == 0
    assert dates.out.count("BEGIN:VEVENT") == len(provider.access_tokens)


def test_a_time_limit_of_nothing_is_refused(command: Command) -> None:
    assert command("fleet", "--seconds", "0").code == 2
