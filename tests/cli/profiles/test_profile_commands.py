"""`profiles add`, `test` and `schema`: a connection is tried before it is written down."""

import json
import sys
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import jsonschema_rs
import pexpect
import pytest

from scim_tui.cli.main import run
from scim_tui.config.profiles import load_profiles
from scim_tui.model.errors import UsageError
from tests.cli.conftest import Command
from tests.patience import DEADLINE
from tests.service.serve_kit import served

BEFORE = "# mine\n[profiles.lab]\n"


@pytest.fixture
def config(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = place / "config" / "c.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(BEFORE)
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(path))
    return path


@pytest.fixture
def endpoint(place: Path) -> Iterator[str]:
    """A SCIM endpoint that answers, and beside it the file with its token."""
    with served(place / "elsewhere", "--enable") as service:
        with service.admin() as client:
            made = client.post("/tokens").json()
        token = place / "token"
        token.write_text(made["secret"])
        token.chmod(0o600)
        yield service.ready["scim_endpoint"]


def add(endpoint: str, token: Path, *more: str) -> int:
    options = ("--provider", "scim", "--endpoint", endpoint, "--token-file", str(token))
    return run(["profiles", "add", "prod", *options, *more])


def test_a_profile_that_works_is_appended(config: Path, place: Path, endpoint: str) -> None:
    assert add(endpoint, place / "token", "--production", "--read-write") == 0
    text = config.read_text()
    assert text.startswith(BEFORE)
    profile = load_profiles().choose("prod")
    assert (profile.label, profile.read_only) == ("prod [PROD]", False)
    assert config.stat().st_mode & 0o777 == 0o600
    assert add(endpoint, place / "token") == 2  # it is there already
    assert config.read_text() == text
    assert run(["profiles", "test", "prod"]) == 0


def test_a_profile_that_does_not_work_is_not_written(
    config: Path, place: Path, endpoint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (place / "token").write_text("not-the-token")
    assert add(endpoint, place / "token") == 1
    assert config.read_text() == BEFORE
    assert "Nothing was written" in capfd.readouterr().err
    assert add(endpoint, place / "token", "--no-test") == 0
    assert run(["profiles", "test", "prod"]) == 1


@pytest.mark.parametrize("name", ["../x", "a b", "", ".", "x" * 65, "a/b"])
def test_a_name_is_a_folder_too(config: Path, name: str) -> None:
    assert run(["profiles", "add", name, "--provider", "local", "--no-test"]) == 2
    assert config.read_text() == BEFORE


def test_without_a_terminal_there_is_no_prompt(config: Path, command: Command) -> None:
    answer = command("profiles", "add", "x")
    assert (answer.code, config.read_text()) == (2, BEFORE)
    assert "--help" in answer.err


def test_a_person_is_asked(config: Path, place: Path, endpoint: str) -> None:
    secret = (place / "token").read_text()
    child = pexpect.spawn(
        sys.executable,
        ["-m", "scim_tui", "profiles", "add", "prod"],
        timeout=DEADLINE,
        encoding="utf-8",
    )
    child.logfile_read = StringIO()
    for question, answer in (
        ("Provider", "scmi"),
        ("none of them", "scim"),
        ("Endpoint", "not-an-address"),
        ("not a URL", endpoint),
        ("Token is", "new file"),
        ("File", ""),
        ("Token itself", secret),
        ("Production", "no"),
    ):
        child.expect(question)
        child.sendline(answer)
    child.expect("Make prod the default instead of local")
    child.sendline("")
    child.expect("has the profile prod")
    child.expect("The default is local, as before")
    child.expect(pexpect.EOF)
    assert secret not in f"{child.before}{child.logfile_read.getvalue()}"
    child.close()
    assert child.exitstatus == 0
    profile = load_profiles().choose("prod")
    assert (profile.endpoint, str(profile.token)) == (endpoint, f"file:{config.parent}/prod.token")
    assert (config.parent / "prod.token").read_text().strip() == secret


def test_a_new_secret_comes_through_a_pipe(
    config: Path,
    place: Path,
    endpoint: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    secret, kept = (place / "token").read_text(), place / "new.token"
    monkeypatch.setattr(sys, "stdin", StringIO("not-the-token\n"))
    assert add(endpoint, kept, "--new-secret") == 1
    assert (config.read_text(), kept.exists()) == (BEFORE, False)
    monkeypatch.setattr(sys, "stdin", StringIO(f"{secret}\n"))
    assert add(endpoint, kept, "--new-secret", "--timeout", "12", "--json") == 0
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == (f"{secret}\n", 0o600)
    told = capfd.readouterr()
    assert json.loads(told.out[told.out.index("{") :])["name"] == "prod"
    assert secret not in told.out + told.err
    assert load_profiles().choose("prod").timeout == 12


def test_two_profiles_share_nothing_on_disk(
    config: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("[profiles.a]\n[profiles.b]\n")
    profiles = load_profiles().by_name
    folders = {profiles[name].data_dir for name in ("a", "b", "local")}
    assert len(folders) == 3
    monkeypatch.setenv("SCIM_TUI_TOKEN", "hush")
    ad_hoc = set()
    for host in ("one", "two"):
        monkeypatch.setenv("SCIM_TUI_ENDPOINT", f"https://{host}.example/scim/v2")
        ad_hoc.add(load_profiles().choose("env").data_dir)
    assert len(ad_hoc) == 2


@pytest.mark.parametrize(
    "text",
    [
        "[profiles.a]\nprovder = 'scim'",
        "profils = 1",
        "[profiles.a]\nread_only = 'yes'",
        "[profiles.a]\nendpoint = 5",
        "[profiles.a]\ntimeout = 0",
        "[profiles.a]\ntimeout = true",
        "[profiles.a]\ntimeout = 1.5\nca_bundle = 'x'",
        "[profiles.a]\nprovider = 'servce'",
        "[profiles]\na = 1",
        "[profiles.a]\ntoken = 'x'",
        "",
        "default_profile = 'a'\n[profiles.a]\nprovider = 'local'\nread_only = true",
        "[profiles.a]\nprovider='scim'\ntoken_env='T'\nendpoint='https://x.example/s'",
    ],
)
def test_the_schema_and_the_reader_agree(config: Path, command: Command, text: str) -> None:
    schema = command("profiles", "schema").json
    config.write_text(text)
    try:
        load_profiles()
    except UsageError:
        readable = False
    else:
        readable = True
    assert jsonschema_rs.is_valid(schema, tomllib.loads(text)) is readable


def test_changes_that_were_asked_for_are_written_down(config: Path, place: Path) -> None:
    config.write_text("[profiles.prod]\nproduction = true\n")
    trail = place / "data" / "profiles" / "prod" / "audit.jsonl"
    assert run(["provisioning", "enable", "--profile", "prod"]) == 4
    assert run(["provisioning", "status", "--profile", "prod"]) == 0
    assert not trail.exists()
    assert run(["provisioning", "status", "--profile", "prod", "--read-write"]) == 0
    (entry,) = (json.loads(line) for line in trail.read_text().splitlines())
    assert (entry["action"], entry["detail"]) == ("connection.allow_changes", "--read-write")
    assert run(["provisioning", "enable", "--profile", "prod", "--read-write"]) == 0
    assert run(["audit", "verify", "--profile", "prod"]) == 0


@pytest.mark.parametrize(
    ("before", "option", "default", "said"),
    [
        ("", (), "prod", "prod is the default now, since there is no other profile"),
        ("# a note only\n", (), "prod", "prod is the default now, since"),
        ("", ("--no-default",), "local", "The default is local, as before"),
        (BEFORE, (), "local", "The default is local, as before; --default makes"),
        (BEFORE, ("--default",), "prod", "It is the default now, instead of local."),
        ("default_profile='lab' # x\n[profiles.lab]\n", (), "lab", "The default is lab, as before"),
        ("default_profile='lab' # x\n[profiles.lab]\n", ("--default",), "prod", "instead of lab"),
    ],
)
def test_a_new_profile_becomes_the_default_only_when_that_is_said(
    config: Path, command: Command, before: str, option: tuple[str, ...], default: str, said: str
) -> None:
    config.write_text(before)
    shown = command("profiles", "add", "prod", "--provider", "local", "--no-test", *option)
    assert shown.code == 0
    assert said in shown.err
    assert load_profiles().default == default
    assert before.partition("#")[2] in config.read_text()


def test_a_default_that_cannot_be_changed_alone_is_left(config: Path, command: Command) -> None:
    text = 'default_profile = """lab"""\n[profiles.lab]\n'
    config.write_text(text)
    shown = command("profiles", "add", "prod", "--provider", "local", "--no-test", "--default")
    assert (shown.code, config.read_text()) == (2, text)
    assert 'Write it there yourself: default_profile = "prod"' in shown.err


@pytest.mark.parametrize(
    ("keys", "option", "access"),
    [
        ("", (), "read-write"),
        ("production = true\n", (), "read-only"),
        ("production = true\nread_only = false\n", (), "read-write"),
        ("read_only = true\n", (), "read-only"),
        ("read_only = true\n", ("--read-write",), "read-write"),
        ("", ("--read-only",), "read-only"),
    ],
)
def test_list_test_and_doctor_agree_on_what_may_be_changed(
    config: Path, command: Command, keys: str, option: tuple[str, ...], access: str
) -> None:
    config.write_text(f"[profiles.prod]\n{keys}")
    (listed,) = (
        each
        for each in command("profiles", "list", "--json", *option).json["profiles"]
        if each["name"] == "prod"
    )
    assert (listed["access"], listed["read_only"]) == (access, access == "read-only")
    other = "read-write" if access == "read-only" else "read-only"
    for words in (("profiles", "test", "prod"), ("doctor", "--profile", "prod")):
        shown = command(*words, *option)
        assert f"Changes {access}" in " ".join((shown.out + shown.err).split())
        assert other not in shown.out + shown.err
