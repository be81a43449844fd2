"""`users`, `groups`, `activity`, `audit`, `profiles`, `doctor`."""

import json
from pathlib import Path

import pytest

from scim_tui.model.directory import Kind
from scim_tui.model.errors import Unreachable
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider


def test_users_as_a_table_json_and_lines(command: Command, provider: MemoryProvider) -> None:
    shown = command("users", "list")
    assert shown.code == 0
    assert shown.out.startswith("USER NAME")
    assert len(shown.out.splitlines()) == 31
    users = command("users", "list", "--json").json["users"]
    assert {user["id"] for user in users} == set(provider.resources[Kind.USERS])
    names = [user["user_name"] for user in users]
    assert len(names) == 30
    lines = command("users", "list", "--jsonl").out.splitlines()
    assert sorted(json.loads(line)["user_name"] for line in lines) == sorted(names)


@pytest.mark.parametrize("form", ["--json", "--jsonl", "--jsonl --sort id"])
def test_what_a_server_does_not_say_is_null(
    command: Command, provider: MemoryProvider, form: str
) -> None:
    provider.resources[Kind.USERS] = {"u1": {"id": "u1", "userName": "ana"}}
    shown = command("users", "list", *form.split())
    user = json.loads(shown.out) if "jsonl" in form else shown.json["users"][0]
    absent = dict.fromkeys(set(user) - {"id", "user_name"})
    assert user == {"id": "u1", "user_name": "ana", **absent}
    assert "changed" in absent


def test_columns_stand_under_each_other_in_every_script(
    command: Command, provider: MemoryProvider
) -> None:
    from scim_tui.cli.base.cells import cell_width

    provider.resources[Kind.GROUPS] = {
        name: {"id": name, "displayName": shown}
        for name, shown in (("g1", "山田チーム"), ("g2", "Zoe\u0301"), ("g3", "plain"))
    }
    lines = command("groups", "list").out.splitlines()
    starts = {cell_width(line[: line.rindex("g")]) for line in lines[1:]}
    assert starts == {cell_width(lines[0][: lines[0].rindex("ID")])}


def test_search_filter_and_sort(command: Command, provider: MemoryProvider) -> None:
    name = next(iter(provider.resources[Kind.USERS].values()))["userName"]
    found = command("users", "list", "--filter", f'userName eq "{name}"', "--json").json["users"]
    assert [each["user_name"] for each in found] == [name]
    found = command("users", "list", "--search", name.upper(), "--json").json["users"]
    assert name in [each["user_name"] for each in found]
    down = command("users", "list", "--reverse", "--json").json["users"]
    up = command("users", "list", "--sort", "user_name", "--json").json["users"]
    assert [each["id"] for each in down] == [each["id"] for each in reversed(up)]
    assert command("users", "list", "--sort", "nothing").code == 2
    nobody = command("users", "list", "--search", "no such person")
    assert (nobody.code, nobody.out) == (0, "")


def test_a_listing_that_breaks_off_prints_nothing_as_if_whole(
    command: Command, provider: MemoryProvider
) -> None:
    provider.page_size = 10
    provider.fail_next(Unreachable("No answer."), "users")
    shown = command("users", "list", "--json")
    assert (shown.code, shown.out) == (3, "")


def test_one_user_by_id_and_by_name(command: Command, provider: MemoryProvider) -> None:
    resource_id, user = next(iter(provider.resources[Kind.USERS].items()))
    by_id = command("users", "show", resource_id, "--json").json
    by_name = command("users", "show", user["userName"], "--json").json
    assert by_id == by_name
    assert by_id["resource"]["userName"] == user["userName"]
    assert isinstance(by_id["groups"], list)
    shown = command("users", "show", resource_id)
    assert "name.givenName" in shown.out
    assert "groups: " in shown.out
    assert command("users", "show", "nobody").code == 1


def test_groups_that_cannot_be_had_are_unknown(command: Command, provider: MemoryProvider) -> None:
    from dataclasses import replace

    from scim_tui.model.capabilities import no

    provider.capabilities = replace(provider.capabilities, members=no("SCIM does not tell."))
    resource_id = next(iter(provider.resources[Kind.USERS]))
    told = command("users", "show", resource_id, "--json").json
    assert (told["groups"], told["groups_known"]) == (None, False)
    assert "groups: unknown. SCIM does not tell." in command("users", "show", resource_id).out


def test_a_group_with_members(command: Command, provider: MemoryProvider) -> None:
    group_id, group = next(iter(provider.resources[Kind.GROUPS].items()))
    members = {user for each, user in provider.memberships if each == group_id}
    data = command("groups", "show", group["displayName"], "--members", "--json").json
    assert {each["id"] for each in data["members"]} == members
    assert "members" not in command("groups", "show", group_id, "--json").json


def test_activity(command: Command, provider: MemoryProvider) -> None:
    everything = command("activity", "--limit", "0", "--json").json["events"]
    assert [each["id"] for each in everything] == [each.id for each in reversed(provider.log)]
    failures = command("activity", "--failures", "--json").json["events"]
    assert failures
    assert all(each["status"] >= 400 for each in failures)
    assert len(command("activity", "--limit", "3", "--jsonl").out.splitlines()) == 3
    assert command("activity", "--since", "1s").out == ""
    assert command("activity").out.startswith("TIME")
    assert command("activity", "--since", "soon").code == 2
    for long in ("99999999999999d", f"{'9' * 400}w"):
        shown = command("activity", "--since", long)
        assert shown.code == 2
        assert "a span is 100 years at most" in shown.err


def test_a_broken_chain_answers_no(command: Command, provider: MemoryProvider, place: Path) -> None:
    command("tokens", "delete", provider.access_tokens[0].id, "--confirm", "DELETE")
    path = place / "data" / "audit.jsonl"
    path.write_text(path.read_text().replace('"cli"', '"tui"', 1))
    shown = command("audit", "verify")
    assert shown.code == 1
    assert "line 1" in shown.out
    assert command("audit", "verify", "--json").json["ok"] is False


def test_profiles(command: Command, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = place / "config.toml"
    config.write_text(
        '[profiles.prod]\nprovider="scim"\nendpoint="https://x.example/scim"\n'
        'token_file="~/t"\nproduction=true\n'
    )
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))
    profiles = {
        each["name"]: each for each in command("profiles", "list", "--json").json["profiles"]
    }
    assert profiles["local"]["default"]
    assert profiles["prod"]["read_only"]
    assert profiles["prod"]["token"] == "file:~/t"
    assert "prod" in command("profiles", "list").out
    assert "Did you mean prod?" in command("tokens", "list", "--profile", "prd").err


def test_doctor(command: Command, provider: MemoryProvider, place: Path) -> None:
    (place / "data").mkdir(mode=0o700)
    provider.access_tokens = provider.access_tokens[:1]
    findings = {each["name"]: each for each in command("doctor", "--json").json["findings"]}
    assert findings["Python"]["mark"] == "[ok]"
    assert findings["Textual"]["evidence"]
    assert findings["Profile"]["mark"] == "[ok]"
    assert findings["Endpoint probe"]["mark"] == "[ok]"
    assert {"Terminal", "Colour", "Size", "Letters", "Link", "Clipboard"} <= set(findings)
    provider.down = Unreachable("No answer from there.", "Start it.")
    shown = command("doctor")
    assert shown.code == 1
    assert shown.out.count("[!!]  Connection") == 1
    assert "-> Start it." in shown.out


def test_doctor_looks_at_modes_and_config(
    command: Command, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place / "data"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    config = place / "config.toml"
    config.write_text("[profiles.x]\nprovidr = 1\n")
    config.chmod(0o666)
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))
    shown = command("doctor")
    assert shown.code == 1
    assert "mode 0666" in shown.out
    assert "unknown key profiles.x.providr" not in shown.out, "what others can change is not read"
    config.chmod(0o600)
    shown = command("doctor")
    assert "unknown key profiles.x.providr" in shown.out
    config.write_text("")
    assert f"chmod 700 {folder}" in command("doctor").out
