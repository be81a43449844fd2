"""Files and folders that others can get at: refused or named, wherever a path leads to them."""

import grp
import os
import pwd
import signal
import stat
from pathlib import Path

import pytest

from scim_tui.config import private
from scim_tui.config.add_profile import add_profile
from scim_tui.config.paths import private_folder
from scim_tui.config.private import WRITTEN, refuse_exposed, why_exposed
from scim_tui.config.profiles import load_profiles
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.core.doctor import files
from scim_tui.model.checkup import Verdict
from scim_tui.model.clock import utc_now
from scim_tui.model.errors import UsageError
from scim_tui.service.store import folder
from scim_tui.service.store.store import Store
from scim_tui.wiring.providers import client_options
from tests.service.serve_kit import rest_of, run_serve, served

COMMAND = """
[profiles.lab]
provider = "scim"
endpoint = "https://x.example/scim/v2"
token_command = "touch {proof}"
"""
ME, OTHER = 1000, 1001


def found(mode: int, uid: int = ME, kind: int = stat.S_IFREG) -> os.stat_result:
    return os.stat_result((kind | mode, 0, 0, 1, uid, uid, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("state", "bits", "why"),
    [
        (found(0o600), 0o077, ""),
        (found(0o600, uid=0), 0o077, ""),
        (found(0o600, uid=OTHER), 0o077, f"belongs to another user (uid {OTHER})"),
        (found(0o640), 0o077, "can be read by others (mode 0640)"),
        (found(0o644), WRITTEN, ""),
        (found(0o646), 0o077, "can be changed by others (mode 0646)"),
        (found(0o664), WRITTEN, "can be changed by others (mode 0664)"),
        (found(0o1777, uid=0, kind=stat.S_IFDIR), WRITTEN, ""),
        (found(0o777, kind=stat.S_IFDIR), WRITTEN, "can be changed by others (mode 0777)"),
    ],
)
def test_owner_and_mode_decide(
    state: os.stat_result, bits: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: ME)
    monkeypatch.setattr(private, "_is_own_group", lambda gid: False)
    assert why_exposed(state, bits) == why


@pytest.mark.parametrize(
    ("mode", "bits", "exposed"),
    [(0o664, WRITTEN, False), (0o666, WRITTEN, True), (0o660, 0o077, True)],
)
def test_a_group_of_the_user_alone_may_change_a_file(
    mode: int, bits: int, exposed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: ME)
    monkeypatch.setattr(private, "_is_own_group", lambda gid: gid == ME)
    assert bool(why_exposed(found(mode), bits)) is exposed


def test_a_group_with_other_members_is_not_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    user = pwd.struct_passwd(("ana", "x", ME, ME, "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: user)
    for name, members, own in (("ana", [], True), ("ana", ["bo"], False), ("staff", [], False)):
        group = grp.struct_group((name, "x", ME, members))
        monkeypatch.setattr(grp, "getgrgid", lambda gid, group=group: group)
        assert private._is_own_group(ME) is own
    assert private._is_own_group(ME + 1) is False


def test_a_link_in_the_path_is_never_the_reason(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    secret = real / "token"
    secret.touch(0o600)
    link = tmp_path / "link"
    link.symlink_to(real)
    named = tmp_path / "named"
    named.symlink_to(secret)
    for path in (link / "token", named):
        refuse_exposed(path, "The token")
    secret.chmod(0o644)
    for path in (link / "token", named):
        with pytest.raises(UsageError, match="0644"):
            refuse_exposed(path, "The token")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config with a command, and what the command would leave behind."""
    path = tmp_path / "config.toml"
    path.write_text(COMMAND.format(proof=tmp_path / "proof"))
    path.chmod(0o600)
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(path))
    return path


@pytest.mark.parametrize("mode", [0o666, 0o622, 0o602])
def test_a_config_that_others_can_change_is_not_used(config: Path, mode: int) -> None:
    load_profiles()
    config.chmod(mode)
    with pytest.raises(UsageError, match=f"{mode:04o}") as error:
        load_profiles()
    assert error.value.hint == f"chmod go-w {config}"
    with pytest.raises(UsageError, match=f"{mode:04o}"):
        add_profile("other", {"provider": "scim"})
    config.chmod(0o644)
    load_profiles()


def test_a_config_behind_a_link_is_used(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(config)
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(link))
    assert "lab" in load_profiles().by_name


async def test_a_token_of_another_user_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.write_text("hush")
    token.chmod(0o600)
    owner = token.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 7)
    if owner == 0:
        os.chown(token, 1234, -1)
    with pytest.raises(UsageError, match="belongs to another user"):
        await SecretSource(SecretPlace.FILE, str(token)).resolve()


def test_a_client_key_that_others_can_read_is_not_used(config: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.touch(0o640)
    key.chmod(0o640)
    with config.open("a") as file:
        file.write(f'client_cert = "{key}"\n')
    with pytest.raises(UsageError, match=r"The client key .* 0640"):
        client_options(load_profiles().choose("lab"))


def test_authorities_that_others_can_change_are_not_trusted(config: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    bundle.chmod(0o644)
    with config.open("a") as file:
        file.write(f'ca_bundle = "{bundle}"\n')
    profile = load_profiles().choose("lab")
    client_options(profile)
    bundle.chmod(0o666)
    with pytest.raises(UsageError, match=r"The CA bundle .* 0666"):
        client_options(profile)
    [found] = [each for each in files.secrets(profile) if each.name == "CA bundle"]
    assert (found.verdict, found.fix) == (Verdict.BAD, f"chmod go-w {bundle}")


def test_a_folder_that_others_can_change_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o777)
    with pytest.raises(UsageError, match="0777"):
        private_folder(data)
    ended = run_serve(data, "--port", "0")
    assert ended.returncode == 2
    assert "can be changed by others" in ended.stderr
    assert list(data.iterdir()) == []


def test_a_folder_that_others_can_read_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    link = tmp_path / "link"
    link.symlink_to(data)
    with served(link) as service:
        assert service.stop(signal.SIGTERM) == 0
        assert f"The data folder {link} can be read by others" in rest_of(service.process)[1]


@pytest.mark.parametrize("mode", [0o644, 0o660])
def test_a_database_that_others_can_get_at_is_refused(tmp_path: Path, mode: int) -> None:
    path = folder.database(tmp_path)
    Store(path, utc_now).close()
    path.chmod(mode)
    with pytest.raises(UsageError, match=f"{mode:04o}") as error:
        Store(path, utc_now)
    assert error.value.hint == f"chmod 600 {path}"
    path.chmod(0o600)
    Store(path, utc_now).close()
