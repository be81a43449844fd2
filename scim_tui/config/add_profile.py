"""Adds a profile to the config file; the existing text is not changed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scim_tui.config import keyrings
from scim_tui.config.default import default_in_file, read_text, toml, with_default
from scim_tui.config.paths import config_file, private_folder, write_atomic, write_new_file
from scim_tui.config.private import WRITTEN, refuse_exposed
from scim_tui.config.profile_table import check_name
from scim_tui.config.profiles import Profile, parsed, read_profiles
from scim_tui.config.secrets import SecretPlace, SecretSource, one_token
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from pydantic import SecretStr

Values = Mapping[str, str | bool | float]
"""Keys of the config file with their values."""


def proposed(name: str, values: Values, secret: "SecretStr | None" = None) -> Profile:
    """The profile as it would be read from the file. Raises `UsageError`; nothing is written.

    The profile holds a secret that will be stored when it is saved.
    """
    path = config_file()
    document = parsed(path, _with(path, name, values))
    profile = read_profiles(path, document).choose(name)
    if secret is None:
        return profile
    held = {what: replace(source, held=secret) for what, source in _sources(profile)}
    return replace(profile, **held)  # type: ignore[arg-type]


def add_profile(
    name: str,
    values: Values,
    secret: "SecretStr | None" = None,
    *,
    default: bool | None = None,
) -> Path:
    """Append the profile to the config file, which is created if needed, and return its path.

    With `default` it becomes the default profile; None: only if it is the first one. A secret is
    first stored where the profile reads it, and never replaces an existing one. Raises `UsageError`
    when the name is taken or the profile is incomplete or cannot be written, `ScimTuiError` when
    the secret cannot be stored; then nothing is left behind.
    """
    path = config_file()
    text = _with(path, name, values)
    if default or (default is None and default_in_file() is None):
        text = with_default(path, text, name)
    profile = read_profiles(path, parsed(path, text)).choose(name)
    private_folder(path.parent)
    stored = _store(profile, secret) if secret is not None else None
    try:
        # A link to a file kept elsewhere stays a link.
        write_atomic(path.resolve(), text)
    except OSError as error:
        if stored is not None:
            stored.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def _sources(profile: Profile) -> list[tuple[str, SecretSource]]:
    found = (("token", profile.token), ("admin_key", profile.admin_key))
    return [(what, source) for what, source in found if source is not None]


def _store(profile: Profile, secret: "SecretStr") -> Path | None:
    """Store the secret where the profile reads it; return the file that was created for it."""
    for _, source in _sources(profile):
        text = one_token(secret.get_secret_value(), "what was typed")
        if source.source is SecretPlace.KEYRING:
            _keep_in_keyring(source.where, text)
            return None
        if source.source is SecretPlace.FILE:
            return write_new_file(source.where, text + "\n")
    raise UsageError(
        "The secret can be stored in a new file or in the keyring.",
        "Name one of these places for it.",
    )


def _keep_in_keyring(name: str, text: str) -> None:
    if keyrings.read(name):
        raise UsageError(
            f"The keyring has a secret under {name!r} already, which is left as it is.",
            "Take another name.",
        )
    keyrings.write(name, text)


def _with(path: Path, name: str, values: Values) -> str:
    check_name(name)
    refuse_exposed(path, "The config file", WRITTEN)
    before = read_text(path)
    known = read_profiles(path, parsed(path, before)).by_name
    if name in known:
        raise UsageError(
            f"There is a profile {name!r} already ({known[name].origin}).", "Take another name."
        )
    lines = [f"{key} = {toml(value)}" for key, value in values.items()]
    table = "\n".join((f"[profiles.{toml(name)}]", *lines, ""))
    return f"{before.rstrip()}\n\n{table}" if before.strip() else table
