"""The default profile in the config file: the one that is opened when none is named."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from scim_tui.config.paths import config_file
from scim_tui.config.profile_table import LOCAL
from scim_tui.config.profiles import parsed, read_profiles
from scim_tui.model.errors import UsageError

KEY = "default_profile"
ONLY = "{name} is the default now, since there is no other profile: scim-tui opens it."
"""The message when the first profile is saved."""
_LINE = re.compile(rf"""^([ \t]*{KEY}[ \t]*=[ \t]*)("(?:[^"\\\n]|\\.)*"|'[^'\n]*')""", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
"""The start of the first table; top-level keys are before it."""


def default_in_file() -> str | None:
    """The name of the default profile; None: the file has no profile. Raises `UsageError`."""
    path = config_file()
    document = parsed(path, read_text(path))
    known = read_profiles(path, document).by_name
    if not any(profile.origin == str(path) for profile in known.values()):
        return None
    return str(document.get(KEY, LOCAL))


def with_default(path: Path, text: str, name: str) -> str:
    """The text with this default and no other change. Raises `UsageError`."""
    value = toml(name)
    first = _TABLE.search(text)
    cut = first.start() if first else len(text)
    head, rest = text[:cut], text[cut:]
    changed, found = _LINE.subn(lambda match: f"{match[1]}{value}", head, count=1)
    if not found:
        changed = f"{KEY} = {value}\n\n{head}"
    made = f"{changed}{rest}"
    if _read(path, made) != {**parsed(path, text), KEY: name}:
        raise UsageError(
            f"{KEY} cannot be changed in {path} without changing more.",
            f"Write it there yourself: {KEY} = {value}",
        )
    return made


def read_text(path: Path) -> str:
    """The config file's text; empty where there is no file. Raises `UsageError`."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Check the file.") from None


def toml(value: str | bool | float) -> str:
    """A value as TOML: its basic strings have the escapes of JSON, and DEL besides."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read(path: Path, text: str) -> Mapping[str, object] | None:
    """The text as a document; None: it is no longer valid TOML."""
    try:
        return parsed(path, text)
    except UsageError:
        return None
