"""A new profile in the config file; what stands there already is kept to the letter."""

import json
from collections.abc import Mapping
from pathlib import Path

from scim_tui.config.paths import config_file, private_folder, write_atomic
from scim_tui.config.profiles import Profile, parsed, read_profiles
from scim_tui.config.tables import check_name
from scim_tui.model.errors import UsageError


def proposed(name: str, values: Mapping[str, str | bool]) -> Profile:
    """The profile as it would be read from the file. Raises `UsageError`; nothing is written."""
    path = config_file()
    document = parsed(path, _with(path, name, values))
    return read_profiles(path, document).choose(name)


def add_profile(name: str, values: Mapping[str, str | bool]) -> Path:
    """Append the profile to the config file, which is made if need be, and give its path.

    Raises `UsageError` when there is one of that name, or when it is not complete.
    """
    path = config_file()
    text = _with(path, name, values)
    read_profiles(path, parsed(path, text))
    private_folder(path.parent)
    try:
        # A link to a file kept elsewhere stays a link.
        write_atomic(path.resolve(), text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def _with(path: Path, name: str, values: Mapping[str, str | bool]) -> str:
    check_name(name)
    before = _text(path)
    known = read_profiles(path, parsed(path, before)).by_name
    if name in known:
        raise UsageError(
            f"There is a profile {name!r} already ({known[name].origin}).", "Take another name."
        )
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    table = "\n".join((f"[profiles.{_toml(name)}]", *lines, ""))
    return f"{before.rstrip()}\n\n{table}" if before.strip() else table


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Check the file.") from None


def _toml(value: str | bool) -> str:
    """A value as TOML: its basic strings have the escapes of JSON, and DEL besides."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
