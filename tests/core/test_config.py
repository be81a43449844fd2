"""Profiles and secrets: what is read from where, and what is refused with which sentence."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.config.paths import data_dir, private_folder, write_atomic
from scim_tui.config.profiles import Profile, load_profiles
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.model.errors import UsageError


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config file of its own, and no settings of whoever runs the tests."""
    for name in ("PROFILE", "ENDPOINT", "TOKEN", "TOKEN_FILE", "DATA_DIR"):
        monkeypatch.delenv(f"SCIM_TUI_{name}", raising=False)
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "config.toml"
    path.touch()
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(path))
    return path


def chosen(place: Path, text: str, name: str | None = None) -> Profile:
    place.write_text(text)
    return load_profiles().choose(name)


def test_without_a_config_there_is_a_local_service(tmp_path: Path) -> None:
    profile = load_profiles().choose()
    assert (profile.name, profile.provider) == ("local", "local")
    assert profile.data_dir == tmp_path / "data" == data_dir()
    assert not profile.read_only


def test_production_is_read_only_unless_it_says_otherwise(place: Path) -> None:
    text = (
        '[profiles.prod]\nprovider = "service"\nadmin_endpoint = "https://x.example/admin/v1"\n'
        'admin_key_file = "~/key"\nproduction = true\n'
    )
    profile = chosen(place, text, "prod")
    assert (profile.read_only, profile.label) == (True, "prod [PROD]")
    assert profile.admin_key == SecretSource(SecretPlace.FILE, "~/key")
    assert not chosen(place, f"{text}read_only = false\n", "prod").read_only


def test_the_default_is_named_in_the_file_or_the_environment(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'default_profile = "b"\n[profiles.a]\n[profiles.b]\nread_only = true\n'
    assert chosen(place, text).name == "b"
    monkeypatch.setenv("SCIM_TUI_PROFILE", "a")
    assert chosen(place, text).name == "a"


def test_the_environment_makes_a_profile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCIM_TUI_ENDPOINT", "https://scim.example/t/scim/v2")
    with pytest.raises(UsageError, match="without a token"):
        load_profiles()
    monkeypatch.setenv("SCIM_TUI_TOKEN", "hush-hush")
    profile = load_profiles().choose()
    assert (profile.name, profile.provider) == ("env", "scim")
    assert "hush-hush" not in repr(profile)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "[profiles.a]\nprovder = 'scim'",
            "unknown key profiles.a.provder",
            "mean provider?",
        ),
        ("profils = 1", "unknown key profils", "Did you mean profiles?"),
        ("[profiles.a]\ntoken = 'x'", "unknown key profiles.a.token", "token_"),
        ("[profiles.a]\nread_only = 'yes'", "profiles.a.read_only must be true or false", ""),
        ("[profiles.a]\ntimeout = 0", "timeout must be a number above 0", ""),
        ("[profiles.a]\ntimeout = true", "timeout must be a number above 0", ""),
        ("[profiles.a]\ntimeout = 601", "600 at most", ""),
        ("[profiles.a]\nendpoint = 5", "profiles.a.endpoint must be a text", ""),
        ("[profiles.a]\nprovider = 'servce'", "'servce' is not known", "Did you mean service?"),
        ("[profiles.a]\nprovider = 'scim'", "profiles.a.endpoint is missing", ""),
        ("[profiles.a]\nprovider = 'scim'\nendpoint='https://x'", "names no secret", "token_file"),
        (
            "[profiles.a]\nprovider='scim'\ntoken_env='T'\nendpoint='http://far.example/s'",
            "unencrypted to far.example",
            "https",
        ),
        (
            "[profiles.a]\nprovider='scim'\ntoken_env='T'\nendpoint='https://u:p@x/s'",
            "holds a password",
            "",
        ),
        ("[profiles.a]\ntoken_env='T'\ntoken_file='F'", "token_file and token_env", ""),
        ("[profiles.a]\nproof = 'E9'", "'E9' is no level of proof", "E2, E3, E4, E5"),
        ("[profiles.a]\nidp_cycle = 0", "idp_cycle must be a span above 0", "such as 90s, 40m"),
        ("[profiles.a]\nidp_cycle = '49h'", "idp_cycle must be a span", "48h at most"),
        ("[profiles.a]\nidp_cycle = '40'", "idp_cycle must be a span", "its unit"),
        ("[profiles.a]\nidp_cycle = true", "idp_cycle must be a span", ""),
        ("a = ", "not valid TOML", ""),
        ("[profiles]\na = 1", "profiles.a must be a table", ""),
    ],
)
def test_a_wrong_config_names_file_key_and_remedy(
    place: Path, text: str, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(place, text)
    assert str(place) in caught.value.message
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_profile_that_does_not_exist_brings_the_nearest(place: Path) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(place, "[profiles.staging]", "stagin")
    assert caught.value.hint == "Did you mean staging?"


def test_a_config_that_was_named_must_exist(place: Path) -> None:
    place.unlink()
    with pytest.raises(UsageError, match="There is no config file"):
        load_profiles()


def test_loopback_may_be_plain(place: Path) -> None:
    text = (
        "[profiles.a]\nprovider='scim'\ntoken_env='T'\nendpoint='http://127.0.0.1:8765/t/scim/v2'"
    )
    assert chosen(place, text, "a").endpoint.startswith("http://")


async def test_a_secret_file_must_be_private(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("hush-hush\n")
    path.chmod(0o640)
    with pytest.raises(UsageError, match="0640") as caught:
        await SecretSource(SecretPlace.FILE, str(path)).resolve()
    assert "chmod 600" in caught.value.hint
    path.chmod(0o600)
    secret = await SecretSource(SecretPlace.FILE, str(path)).resolve()
    assert secret.get_secret_value() == "hush-hush"
    assert "hush-hush" not in repr(secret)


async def test_a_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_TOKEN", " hush-hush ")
    assert (
        await SecretSource(SecretPlace.ENV, "A_TOKEN").resolve()
    ).get_secret_value() == "hush-hush"
    with pytest.raises(UsageError, match="no secret in env:NO_SUCH"):
        await SecretSource(SecretPlace.ENV, "NO_SUCH").resolve()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise SystemExit(3)", "ended with 3"),
        ("print()", "no secret in"),
        ("print('two words')", "is not one token"),
        ("print('a\\x1bb')", "is not one token"),
    ],
)
async def test_a_command_that_gives_no_secret_is_reported(code: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        await SecretSource(SecretPlace.COMMAND, f'{sys.executable} -c "{code}"').resolve()
    assert "two words" not in caught.value.message.replace(code, "")


async def test_a_command_has_no_shell_no_input_and_no_secret_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCIM_TUI_TOKEN", "hush-hush")
    code = (
        "import os,sys; assert sys.stdin.read() == ''; "
        "print(sys.argv[1] + os.environ.get('SCIM_TUI_TOKEN', '-none'))"
    )
    command = f"{sys.executable} -c \"{code}\" '$HOME;x'"
    secret = await SecretSource(SecretPlace.COMMAND, command).resolve()
    assert secret.get_secret_value() == "$HOME;x-none"


async def test_a_command_that_hangs_or_is_missing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim_tui.config.secrets.COMMAND_SECONDS", 0.2)
    with pytest.raises(UsageError, match="gave no secret within"):
        await SecretSource(SecretPlace.COMMAND, "sleep 60").resolve()
    for command in ("no-such-program-here", ""):
        with pytest.raises(UsageError, match="cannot be started"):
            await SecretSource(SecretPlace.COMMAND, command).resolve()


def test_files_are_private_and_replaced_whole(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "a" / "b")
    assert {each.stat().st_mode & 0o777 for each in (folder, folder.parent)} == {0o700}
    target = folder / "state.json"
    write_atomic(target, "one")
    write_atomic(target, "two")
    assert target.read_text() == "two"
    assert target.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in folder.iterdir()] == ["state.json"]
    with pytest.raises(UsageError, match="cannot be made"):
        private_folder(target / "below")


@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        ("40", 40),
        ("2.5", 2.5),
        ("600", 600),
        ("'90s'", 1.5),
        ("'40m'", 40),
        ("'24h'", 1440),
        ("'48h'", 2880),
        ("'1.5h'", 90),
    ],
)
def test_a_cycle_has_its_unit_and_a_number_of_an_older_file_is_minutes(
    place: Path, value: str, minutes: float
) -> None:
    profile = chosen(place, f"[profiles.a]\nidp_cycle = {value}", "a")
    assert profile.idp_cycle == timedelta(minutes=minutes)
