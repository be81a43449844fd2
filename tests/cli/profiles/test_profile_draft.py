"""A profile while it is typed: its fields, what is said of each, and what it comes to."""

import shlex
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

from scim_tui.cli.main import build_parser
from scim_tui.config import keyrings
from scim_tui.config import profile_form as drafts
from scim_tui.config.add_profile import add_profile, proposed
from scim_tui.config.field_errors import remark
from scim_tui.config.keys import IN_FILE, KEYS, SECRET_KEYS
from scim_tui.config.profile_form import fields
from scim_tui.config.profiles import load_profiles
from scim_tui.model.errors import UsageError

SECRET = "hush-hush-hush-hush"
SCIM = {
    "name": "prod",
    "provider": "scim",
    "endpoint": "https://scim.example.com/t/scim/v2",
    "way": "new file",
    "secret": SECRET,
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("PROFILE", "ENDPOINT", "TOKEN", "TOKEN_FILE"):
        monkeypatch.delenv(f"SCIM_TUI_{name}", raising=False)
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(tmp_path / "config" / "c.toml"))
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def said(typed: dict[str, str], id: str) -> str:
    field = next(each for each in fields(typed) if each.id == id)
    found = remark(typed, field, {"lab"})
    return found.words if found else ""


def test_every_key_is_a_field_of_some_provider() -> None:
    seen = {each.id for name in IN_FILE for each in fields({"provider": name})}
    assert set(KEYS) - set(SECRET_KEYS) <= seen


def test_a_provider_has_the_fields_that_it_needs() -> None:
    scim = [each.id for each in fields(SCIM)]
    assert scim[:6] == ["name", "provider", "endpoint", "way", "place", "secret"]
    assert "secret" not in [each.id for each in fields({**SCIM, "way": "file"})]
    local = {each.id for each in fields({"provider": "local"})}
    assert not local & {"endpoint", "way", "place", "secret", "timeout"}
    assert {"proof", "cache", "idp"} <= local
    aws = {each.id: each for each in fields({"provider": "identity-center"})}
    assert {"region", "aws_profile"} <= set(aws)
    assert "region" not in scim
    assert aws["proof"].choices == ("usual", "E2", "E3", "E4", "E5")
    service = [each.id for each in fields({"provider": "service"})]
    assert ("admin_endpoint" in service, "endpoint" in service) == (True, False)


@pytest.mark.parametrize(
    ("id", "text", "words"),
    [
        ("name", "", "missing"),
        ("name", "a b", "cannot be the name"),
        ("name", "lab", "already"),
        ("endpoint", "", "missing"),
        ("endpoint", "scim.example.com", "not a URL"),
        ("endpoint", "http://scim.example.com/v2", "unencrypted"),
        ("endpoint", "https://scim.example.com:99999/v2", "not a URL"),
        ("endpoint", "https://me:pw@scim.example.com/v2", "password"),
        ("secret", "", "missing"),
        ("secret", "two words", "not one token"),
        ("place", "/no/such/folder/x", "no folder"),
        ("timeout", "0", "above 0"),
        ("timeout", "soon", "above 0"),
        ("idp_cycle", "40", "its unit"),
        ("idp_cycle", "49h", "48h at most"),
        ("idp", "manual:okt", "Did you mean okta"),
        ("ca_bundle", "/no/such.pem", "no file"),
    ],
)
def test_a_field_that_is_wrong_says_so(id: str, text: str, words: str) -> None:
    assert words in said({**SCIM, id: text}, id)


def test_an_endpoint_that_is_to_be_found_may_be_left_out() -> None:
    aws = {**SCIM, "provider": "identity-center", "endpoint": ""}
    assert "missing" in said(aws, "endpoint")
    assert said({**aws, "experimental_find_endpoint": "yes"}, "endpoint") == ""


def test_places_of_secrets_are_looked_at(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = place / "token"
    at = {**SCIM, "way": "file", "place": str(token)}
    assert "no file" in said(at, "place")
    token.touch(0o644)
    assert "chmod 600" in said(at, "place")
    token.chmod(0o600)
    assert said(at, "place") == ""
    assert "exists" in said({**at, "way": "new file"}, "place")
    assert "missing" in said({**at, "place": ""}, "place")
    assert "not set" in said({**at, "way": "env", "place": "NO_SUCH_TOKEN"}, "place")
    monkeypatch.setenv("NO_SUCH_TOKEN", "x")
    assert said({**at, "way": "env", "place": "NO_SUCH_TOKEN"}, "place") == ""
    assert "quotes" in said({**at, "way": "command", "place": "pass 'x"}, "place")
    assert "no program" in said({**at, "way": "command", "place": "no-such-program x"}, "place")


@pytest.mark.parametrize(
    "typed",
    [
        SCIM,
        {
            **SCIM,
            "way": "env",
            "place": "TOKEN",
            "production": "yes",
            "read_only": "no",
            "timeout": "12.5",
            "cache": "no",
            "environment": "it's mine",
        },
        {"name": "lab2", "provider": "local", "read_only": "yes"},
        {
            "name": "svc",
            "provider": "service",
            "admin_endpoint": "https://s.example.com/admin/v1",
            "way": "command",
            "place": "pass show x",
        },
        {
            "name": "aws",
            "provider": "identity-center",
            "way": "env",
            "place": "TOKEN",
            "experimental_find_endpoint": "yes",
            "proof": "E3",
            "idp_cycle": "40m",
            "fips": "no",
            "aws_profile": "admin",
        },
    ],
)
def test_the_command_says_the_same(typed: dict[str, str]) -> None:
    line = drafts.command(typed)
    assert SECRET not in line
    args = build_parser().parse_args(shlex.split(line)[1:])
    given = {key: value for key in KEYS if (value := getattr(args, f"key_{key}", None)) is not None}
    if args.read_only or args.read_write:
        given["read_only"] = args.read_only
    assert (args.name, given) == (typed["name"], drafts.values(typed))


def test_a_secret_that_was_typed_is_stored_beside_the_file_and_never_in_it(place: Path) -> None:
    values = drafts.values(SCIM)
    profile = proposed("prod", values, SecretStr(SECRET))
    assert profile.token is not None
    assert SECRET not in repr(profile)
    assert not (place / "config").exists()
    path = add_profile("prod", values, SecretStr(SECRET))
    kept = path.parent / "prod.token"
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == (f"{SECRET}\n", 0o600)
    assert SECRET not in path.read_text()
    assert str(load_profiles().choose("prod").token) == f"file:{kept}"


async def test_a_held_secret_is_the_one_that_is_tried() -> None:
    token = proposed("prod", drafts.values(SCIM), SecretStr(SECRET)).token
    assert token is not None
    assert (await token.resolve()).get_secret_value() == SECRET


def test_nothing_is_left_of_a_profile_that_cannot_be_written(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scim_tui.config.add_profile.write_atomic", full)
    with pytest.raises(UsageError, match="No space left"):
        add_profile("prod", drafts.values(SCIM), SecretStr(SECRET))
    assert list((place / "config").iterdir()) == []


def test_a_file_that_is_there_is_not_replaced(place: Path) -> None:
    kept = place / "config" / "prod.token"
    kept.parent.mkdir()
    kept.write_text("another")
    with pytest.raises(UsageError, match="left as it is"):
        add_profile("prod", drafts.values(SCIM), SecretStr(SECRET))
    assert (kept.read_text(), (place / "config" / "c.toml").exists()) == ("another", False)


def test_a_typed_secret_goes_into_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = {"theirs": "another"}
    monkeypatch.setattr(keyrings, "read", lambda name: ring.get(name, ""))
    monkeypatch.setattr(keyrings, "write", ring.__setitem__)
    typed = {**SCIM, "way": "new in keyring"}
    path = add_profile("prod", drafts.values(typed), SecretStr(SECRET))
    assert (ring["prod"], SECRET in path.read_text()) == (SECRET, False)
    assert str(load_profiles().choose("prod").token) == "keyring:prod"
    values = drafts.values({**typed, "place": "theirs"})
    with pytest.raises(UsageError, match="left as it is"):
        add_profile("other", values, SecretStr(SECRET))
    assert ring["theirs"] == "another"
    env = drafts.values({**SCIM, "way": "env", "place": "TOKEN"})
    with pytest.raises(UsageError, match="new file or in the keyring"):
        add_profile("other", env, SecretStr(SECRET))


def test_the_first_profile_is_the_default(place: Path) -> None:
    add_profile("one", {"provider": "local"})
    add_profile("two", {"provider": "local"})
    assert load_profiles().default == "one"


def test_numbers_and_truths_are_written_as_such(place: Path) -> None:
    typed = {"name": "lab2", "provider": "local", "cache": "no"}
    path = add_profile("lab2", {**drafts.values(typed), "timeout": 12.0})
    table = tomllib.loads(path.read_text())["profiles"]["lab2"]
    assert table == {"provider": "local", "cache": False, "timeout": 12.0}


@pytest.mark.parametrize("text", ["3", "3s", "1e", "-", "nan", "日本", "\ud800", "'", "no"])
@pytest.mark.parametrize("provider", IN_FILE)
def test_a_field_may_hold_anything_while_it_is_typed(provider: str, text: str) -> None:
    for field in fields({"name": "prod", "provider": provider}):
        typed = {"name": "prod", "provider": provider, field.id: text}
        if field.id in ("provider", "way"):
            continue
        assert drafts.command(typed)
        found = remark(typed, field)
        if KEYS.get(field.id, KEYS["provider"]).kind is float:
            assert (found is not None and found.stops) is (text != "3")
