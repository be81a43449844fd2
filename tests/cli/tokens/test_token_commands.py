"""`scim-tui tokens` and `scim-tui provisioning`."""

import json
import re
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotAllowed, OutcomeUnknown, Throttled, Unreachable
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


def test_a_list_for_people_and_for_programs(command: Command, provider: MemoryProvider) -> None:
    shown = command("tokens", "list")
    assert shown.code == 0
    assert shown.out.splitlines()[0].split() == [
        "ID",
        "STATE",
        "CREATED",
        "EXPIRES",
        "LEFT",
        "LAST",
        "USED",
        "REQUESTS",
        "CLIENT",
    ]
    data = command("tokens", "list", "--json").json
    assert data["profile"] == "local"
    assert [each["id"] for each in data["tokens"]] == [t.id for t in provider.access_tokens]
    assert data["tokens"][0]["expires_at"].endswith("Z")
    lines = command("tokens", "list", "--jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [t.id for t in provider.access_tokens]


def test_unknown_is_said(command: Command, provider: MemoryProvider) -> None:
    from scim_tui.model.provisioning import AccessToken

    provider.access_tokens = [AccessToken(id="tok-1")]
    assert command("tokens", "list").out.splitlines()[1].split()[1:4] == ["unknown"] * 3
    token = command("tokens", "list", "--json").json["tokens"][0]
    assert (token["expires_at"], token["days_left"], token["requests"]) == (None,) * 3
    assert (token["expires_known"], token["last_used_known"]) == (False, False)


def test_a_null_says_in_a_second_field_whether_it_is_known(
    command: Command, provider: MemoryProvider
) -> None:
    from scim_tui.model.provisioning import AccessToken
    from scim_tui.model.unknown_values import NEVER

    endless = AccessToken(id="tok-1", expires_at=NEVER, last_used_at=NEVER, last_client=NEVER)
    provider.access_tokens = [endless]
    for argv in (("tokens", "list", "--json"), ("tokens", "check", "--json")):
        token = command(*argv).json["tokens"][0]
        assert (token["expires_at"], token["days_left"], token["last_used_at"]) == (None,) * 3
        assert (token["expires_known"], token["last_used_known"]) == (True, True)
        assert (token["last_client"], token["state"]) == (None, "unused")


def test_a_token_that_only_we_used_is_not_used_by_an_idp(
    command: Command, provider: MemoryProvider
) -> None:
    from scim_tui.model.provisioning import AccessToken
    from scim_tui.model.unknown_values import NEVER

    now = provider.clock()
    provider.access_tokens = [
        AccessToken(
            id="tok-1",
            created_at=now,
            expires_at=now + timedelta(days=300),
            last_used_at=NEVER,
            last_client=NEVER,
            own_used_at=now - timedelta(minutes=2),
            requests=1,
        )
    ]
    assert command("tokens", "list").out.splitlines()[1].split()[-4:] == ["no", "IdP", "1", "none"]
    token = command("tokens", "list", "--json").json["tokens"][0]
    assert (token["last_used_at"], token["last_used_known"]) == (None, True)
    assert token["own_used_at"] == "2026-11-23T18:40:07Z"
    told = command("tokens", "check").out
    assert "not used by an IdP, only by this tool 2m ago" in told


WORDS = re.compile(r'"(?:never|unknown)"')
SPLIT_SECOND = re.compile(r"T\d\d:\d\d:\d\d\.\d")


@pytest.mark.parametrize(
    "argv",
    [
        ("provisioning", "status"),
        ("tokens", "list"),
        ("tokens", "check"),
        ("tokens", "rotate", "--status"),
        ("activity",),
        ("audit",),
        ("users", "list"),
        ("groups", "list"),
        ("users", "findings"),
        ("users", "show", "USER"),
        ("users", "diff", "--since", "7d"),
        ("cache", "info"),
        ("profiles", "list"),
    ],
)
def test_json_has_null_and_whole_seconds(
    command: Command, provider: MemoryProvider, argv: tuple[str, ...]
) -> None:
    from scim_tui.model.provisioning import AccessToken
    from scim_tui.model.unknown_values import NEVER

    provider.clock = lambda: START.replace(microsecond=123456)
    provider.log = [
        each.model_copy(update={"at": each.at.replace(microsecond=5), "client": NEVER})
        for each in provider.log
    ]
    provider.access_tokens = [AccessToken(id="tok-1"), AccessToken(id="tok-2", expires_at=NEVER)]
    provider.enabled_at = provider.clock()
    assert command("tokens", "delete", "tok-1", "--confirm", "DELETE").code == 0
    user = next(iter(provider.resources[Kind.USERS]))
    shown = command(*(user if word == "USER" else word for word in argv), "--json").out
    assert json.loads(shown)
    assert not WORDS.search(shown)
    assert not SPLIT_SECOND.search(shown)


def test_no_token_says_what_to_do(command: Command, provider: MemoryProvider) -> None:
    provider.access_tokens = []
    shown = command("tokens", "list")
    assert (shown.code, shown.out) == (0, "")
    assert "tokens create --secret-to" in shown.err


@pytest.mark.parametrize("argv", [("tokens", "create"), ("tokens", "create", "--json")])
def test_without_a_way_for_the_secret_nothing_is_made(
    command: Command, provider: MemoryProvider, argv: tuple[str, ...]
) -> None:
    shown = command(*argv)
    assert shown.code == 2
    assert "keyring, file:PATH, command:CMD or stdout" in shown.err
    assert provider.calls == []


def test_a_secret_on_stdout_as_asked(command: Command, provider: MemoryProvider) -> None:
    provider.access_tokens = []
    made = command("tokens", "create", "--secret-to", "stdout", "--json").json
    assert list(made) == ["id", "secret", "created_at", "expires_at"]
    assert made["secret"].startswith("memory-secret-0001")
    plain = command("tokens", "create", "--secret-to", "stdout")
    assert plain.out.startswith("memory-secret-0002")
    assert plain.out.count("\n") == 1
    assert "token-0002" in plain.err


def test_a_secret_in_a_file(command: Command, provider: MemoryProvider, place: Path) -> None:
    provider.access_tokens = []
    path = place / "token"
    made = command("tokens", "create", "--secret-to", f"file:{path}", "--json")
    assert made.code == 0
    assert "secret" not in made.json
    assert "memory-secret" not in made.out + made.err
    assert path.read_text().startswith("memory-secret-0001")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_exists_is_seen_before_the_token_is_made(
    command: Command, provider: MemoryProvider, place: Path
) -> None:
    provider.access_tokens = []
    (place / "token").write_text("mine")
    shown = command("tokens", "create", "--secret-to", f"file:{place / 'token'}")
    assert (shown.code, provider.calls) == (2, [])
    assert command("tokens", "create", "--secret-to", f"file:{place}/no/token").code == 2
    assert provider.calls == []


def test_a_secret_into_a_command(command: Command, provider: MemoryProvider, place: Path) -> None:
    provider.access_tokens = []
    code = "import sys,os; open(sys.argv[1],'w').write(sys.stdin.read()); print('echoed')"
    way = f"command:{sys.executable} -c \"{code}\" '{place}/got $HOME'"
    made = command("tokens", "create", "--secret-to", way)
    assert made.code == 0
    assert "echoed" not in made.out
    assert (place / "got $HOME").read_text().startswith("memory-secret-0001")


def test_a_token_whose_secret_is_lost_is_deleted_again(
    command: Command, provider: MemoryProvider
) -> None:
    provider.access_tokens = []
    way = f'command:{sys.executable} -c "raise SystemExit(4)"'
    shown = command("tokens", "create", "--secret-to", way)
    assert shown.code == 1
    assert "was deleted again" in shown.err
    assert "ended with 4" in shown.err
    assert provider.access_tokens == []
    assert "memory-secret" not in shown.err


def test_a_token_that_cannot_be_taken_back_is_reported(
    command: Command, provider: MemoryProvider
) -> None:
    provider.access_tokens = []
    provider.fail_next(Unreachable("No answer."), "delete_token")
    way = f'command:{sys.executable} -c "raise SystemExit(4)"'
    shown = command("tokens", "create", "--secret-to", way)
    assert "its secret is lost" in shown.err
    assert "tokens delete token-0001 --confirm DELETE" in shown.err


@pytest.mark.parametrize("way", ["nowhere", "file:", "command:", "command:no-such-program"])
def test_a_way_that_leads_nowhere_makes_nothing(
    command: Command, provider: MemoryProvider, way: str
) -> None:
    assert command("tokens", "create", "--secret-to", way).code == 2
    assert provider.calls == []


def test_without_a_keyring_it_is_said(
    command: Command, provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    shown = command("tokens", "create", "--secret-to", "keyring")
    assert (shown.code, provider.calls) == (2, [])
    assert "scim-tui[keyring]" in shown.err


def test_a_secret_in_the_keyring(
    command: Command, provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring
    from keyring.backends.fail import Keyring as Missing
    from keyring.backends.null import Keyring as Some
    from keyring.errors import PasswordSetError

    provider.access_tokens = []
    monkeypatch.setattr(keyring, "get_keyring", Missing)
    shown = command("tokens", "create", "--secret-to", "keyring")
    assert (shown.code, provider.calls) == (2, [])
    kept: dict[tuple[str, str], str] = {}

    def keep(service: str, user: str, secret: str) -> None:
        kept[service, user] = secret

    monkeypatch.setattr(keyring, "get_keyring", Some)
    monkeypatch.setattr(keyring, "set_password", keep)
    monkeypatch.setattr(keyring, "get_password", lambda *name: kept.get(name))
    shown = command("tokens", "create", "--secret-to", "keyring")
    assert shown.code == 0
    assert list(kept) == [("scim-tui", "local/token-0001")]
    assert kept["scim-tui", "local/token-0001"].startswith("memory-secret-0001")
    assert "memory-secret" not in shown.out + shown.err

    def locked(service: str, user: str, secret: str) -> None:
        raise PasswordSetError(secret)

    monkeypatch.setattr(keyring, "set_password", locked)
    shown = command("tokens", "create", "--secret-to", "keyring")
    assert shown.code == 1
    assert "PasswordSetError" in shown.err
    assert "memory-secret" not in shown.err
    assert [token.id for token in provider.access_tokens] == ["token-0001"]


def test_a_deletion_needs_its_word(command: Command, provider: MemoryProvider) -> None:
    token = provider.access_tokens[0].id
    for argv in ((), ("--confirm", "delete")):
        shown = command("tokens", "delete", token, *argv)
        assert (shown.code, provider.calls) == (2, [])
        assert "--confirm DELETE" in shown.err
    assert command("tokens", "delete", token, "--confirm", "DELETE").code == 0
    assert token not in {each.id for each in provider.access_tokens}


def test_disabling_needs_its_word_and_no_token(command: Command, provider: MemoryProvider) -> None:
    assert command("provisioning", "disable").code == 2
    assert provider.calls == []
    refused = command("provisioning", "disable", "--confirm", "DISABLE")
    assert refused.code == 5
    assert "\n  " in refused.err
    provider.access_tokens = []
    done = command("provisioning", "disable", "--confirm", "DISABLE", "--json")
    assert (done.code, done.json["state"], done.json["scim_endpoint"]) == (0, "disabled", None)


def test_enabling_with_and_without_a_way_for_the_first_secret(
    command: Command, provider: MemoryProvider, place: Path
) -> None:
    provider.access_tokens, provider.enabled_at = [], None
    shown = command("provisioning", "enable", "--secret-to", f"file:{place}/token", "--json")
    assert shown.json["first_token"]["id"] == "token-0001"
    assert "secret" not in shown.json["first_token"]
    assert (place / "token").read_text().startswith("memory-secret-0001")
    assert command("provisioning", "enable", "--json").json["first_token"] is None
    provider.access_tokens, provider.enabled_at = [], None
    bare = command("provisioning", "enable")
    assert bare.code == 0
    assert provider.access_tokens == []
    assert "its secret would be lost" in bare.err
    provider.enabled_at = None
    loud = command("provisioning", "enable", "--secret-to", "stdout", "--json")
    assert loud.json["first_token"]["secret"].startswith("memory-secret-0003")


def test_status(command: Command) -> None:
    shown = command("provisioning", "status")
    assert "https://scim.example.com/tenant-1/scim/v2" in shown.out
    assert command("provisioning", "status", "--json").json["state"] == "enabled"


def test_read_only_refuses_before_and_after_the_command(
    command: Command, provider: MemoryProvider
) -> None:
    for argv in (
        ("--read-only", "provisioning", "enable"),
        ("provisioning", "enable", "--read-only"),
    ):
        shown = command(*argv)
        assert shown.code == 4
        assert "read-only" in shown.err
    assert provider.calls == []


def test_production_is_read_only_unless_asked(
    command: Command, provider: MemoryProvider, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = place / "config.toml"
    config.write_text("[profiles.prod]\nproduction = true\n")
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))
    argv = ("tokens", "delete", provider.access_tokens[0].id, "--confirm", "DELETE")
    assert command(*argv, "--profile", "prod").code == 4
    assert "delete_token" not in provider.calls
    assert command(*argv, "--profile", "prod", "--read-write").code == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unreachable("No answer.", "Is it running?"), 3),
        (OutcomeUnknown("No answer."), 3),
        (NotAllowed("Refused."), 4),
        (Throttled("Too many."), 5),
    ],
)
def test_exit_codes(
    command: Command, provider: MemoryProvider, error: Exception, code: int
) -> None:
    provider.fail_next(error, "tokens")  # type: ignore[arg-type]
    shown = command("tokens", "list")
    assert (shown.code, shown.out) == (code, "")
    assert shown.err.startswith(str(error))


def test_every_change_is_in_the_audit(command: Command, provider: MemoryProvider) -> None:
    command("tokens", "delete", provider.access_tokens[0].id, "--confirm", "DELETE")
    entries = command("audit", "--json").json["entries"]
    assert [(e["action"], e["phase"], e["via"]) for e in entries] == [
        ("token.delete", "done", "cli"),
        ("token.delete", "intended", "cli"),
    ]
    assert "token.delete" in command("audit").out
    assert command("audit", "verify").code == 0


def test_a_token_is_suspended_with_its_word_and_reinstated(
    provider: MemoryProvider, command: Command
) -> None:
    first = provider.access_tokens[0].id
    assert command("tokens", "suspend", first).code == 2
    assert provider.access_tokens[0].suspended is not True
    shown = command("tokens", "suspend", first, "--confirm", "SUSPEND", "--json")
    assert shown.json["state"] == "suspended"
    assert "suspended" in command("tokens", "list").out
    assert "is let in again" in command("tokens", "reinstate", first).err
    assert provider.access_tokens[0].suspended is False
    assert command("tokens", "suspend", "no-such", "--confirm", "SUSPEND").code == 1
