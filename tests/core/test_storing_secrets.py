# ruff: noqa: ASYNC240 - files that are at hand
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import SecretStr

from scim_tui.config.profiles import Profile, load_profiles
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.config.store_secret import store_secret, why_not_store
from scim_tui.model.errors import ScimTuiError, Unsupported, UsageError

HUSH = "hush-" * 100
SECRET = SecretStr(HUSH)


def profile(source: SecretPlace | None, where: str = "") -> Profile:
    token = None if source is None else SecretSource(source, where)
    return Profile(name="lab", provider="local", data_dir=Path("/nowhere"), token=token)


class Ring:
    """A keyring in this process."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        from keyring.errors import KeyringLocked

        if self.locked:
            raise KeyringLocked(secret)
        self.kept[service, name] = secret


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    import keyring

    ring = Ring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    monkeypatch.setattr(keyring, "get_password", ring.get_password)
    monkeypatch.setattr(keyring, "set_password", ring.set_password)
    return ring


async def test_a_file_is_replaced_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "token"
    target.write_text("old\n")
    target.chmod(0o644)
    words = await store_secret(profile(SecretPlace.FILE, str(target)), SECRET)
    assert target.read_text() == HUSH + "\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert str(target) in words
    assert HUSH not in words
    assert [each.name for each in tmp_path.iterdir()] == ["token"]
    source = SecretSource(SecretPlace.FILE, str(target))
    assert (await source.resolve()).get_secret_value() == HUSH


async def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "token"
    link.symlink_to(tmp_path / "real" / "token")
    await store_secret(profile(SecretPlace.FILE, str(link)), SECRET)
    assert link.is_symlink()
    assert (tmp_path / "real" / "token").read_text() == HUSH + "\n"


async def test_what_was_there_stays_when_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "token"
    target.write_text("old\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scim_tui.config.paths.os.replace", full)
    with pytest.raises(ScimTuiError, match="No space left"):
        await store_secret(profile(SecretPlace.FILE, str(target)), SECRET)
    assert target.read_text() == "old\n"
    assert [each.name for each in tmp_path.iterdir()] == ["token"]


@pytest.mark.parametrize("where", ["missing/token", "."])
async def test_a_place_that_is_no_file_is_reported(tmp_path: Path, where: str) -> None:
    with pytest.raises(UsageError):
        await store_secret(profile(SecretPlace.FILE, str(tmp_path / where)), SECRET)


@pytest.mark.parametrize(
    ("source", "why"), [(SecretPlace.ENV, "environment"), (SecretPlace.COMMAND, "only reads")]
)
async def test_what_cannot_be_written_says_why(source: SecretPlace, why: str) -> None:
    with pytest.raises(Unsupported, match=why) as caught:
        await store_secret(profile(source, "x"), SECRET)
    assert caught.value.hint
    assert why in why_not_store(profile(source, "x"))


async def test_a_profile_without_a_place_is_reported() -> None:
    with pytest.raises(UsageError, match="names no place"):
        await store_secret(profile(None), SECRET)
    assert why_not_store(profile(None))
    assert why_not_store(profile(SecretPlace.FILE, "x")) == ""


async def test_the_keyring_gives_back_what_was_put_there(ring: Ring) -> None:
    words = await store_secret(profile(SecretPlace.KEYRING, "prod"), SECRET)
    assert ring.kept == {("scim-tui", "prod"): HUSH}
    assert HUSH not in words
    found = await SecretSource(SecretPlace.KEYRING, "prod").resolve()
    assert found.get_secret_value() == HUSH
    with pytest.raises(UsageError, match="no secret in keyring:other"):
        await SecretSource(SecretPlace.KEYRING, "other").resolve()


async def test_a_locked_keyring_is_reported_without_the_secret(ring: Ring) -> None:
    ring.locked = True
    with pytest.raises(ScimTuiError, match="KeyringLocked") as caught:
        await store_secret(profile(SecretPlace.KEYRING, "prod"), SECRET)
    assert HUSH not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_a_keyring_that_forgets_is_found_out(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ring, "get_password", lambda *_: "another")
    monkeypatch.setattr("keyring.get_password", lambda *_: "another")
    with pytest.raises(ScimTuiError, match="gives another one back"):
        await store_secret(profile(SecretPlace.KEYRING, "prod"), SECRET)


@pytest.mark.parametrize("missing", [True, False])
async def test_without_a_keyring_it_is_said(missing: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends.fail import Keyring as Nothing

    absent: ModuleType | None = None
    if missing:
        monkeypatch.setitem(sys.modules, "keyring", absent)
    else:
        monkeypatch.setattr(keyring, "get_keyring", Nothing)
    for attempt in (
        SecretSource(SecretPlace.KEYRING, "prod").resolve(),
        store_secret(profile(SecretPlace.KEYRING, "prod"), SECRET),
    ):
        with pytest.raises(UsageError, match="keyring") as caught:
            await attempt
        assert "file" in caught.value.hint


async def test_a_command_line_that_cannot_be_read_is_reported() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        await SecretSource(SecretPlace.COMMAND, "pass 'show").resolve()


def test_a_profile_names_keyring_and_idp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(path))
    path.write_text(
        '[profiles.a]\nprovider = "scim"\nendpoint = "https://x/scim/v2"\n'
        'token_keyring = "prod"\nidp = "manual:okta"\n'
    )
    found = load_profiles().choose("a")
    assert str(found.token) == "keyring:prod"
    assert str(found.idp) == "manual:okta"
    path.write_text('[profiles.a]\nidp = "manual:okat"\n')
    with pytest.raises(UsageError) as caught:
        load_profiles()
    assert caught.value.message.startswith(f"{path}: profiles.a.idp ")
    assert "okta?" in caught.value.hint
