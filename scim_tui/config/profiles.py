"""Named connections: from the config file, from the environment, and the built-in `local`.

Read with `tomllib` and plain checks, not with pydantic-settings: importing that takes 1.5 times
what this module and all it needs take, and two fifths of what Textual takes (226, 150 and 554 ms of
CPU time measured side by side), before the first frame and before every `profiles list`.
"""

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scim_tui.config.keys import WATCH
from scim_tui.config.paths import config_file, data_dir
from scim_tui.config.private import WRITTEN, refuse_if_exposed
from scim_tui.config.profile_table import (
    LOCAL,
    Profile,
    check_url,
    only,
    own_folder,
    profile_of,
)
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import suggestion

if TYPE_CHECKING:
    from scim_tui.config.watch import WatchTable

__all__ = [
    "Profile",
    "Profiles",
    "is_first_start",
    "load_profiles",
    "load_watch",
    "parsed",
    "read_profiles",
]


_NAMED = ("CONFIG", "DATA_DIR", "PROFILE", "ENDPOINT")
"""Variables of the environment: with one of them set it is not a first start."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles, and the name of the default one."""

    by_name: Mapping[str, Profile]
    default: str

    def choose(self, name: str | None = None) -> Profile:
        """The profile of this name, else the default. Raises `UsageError` with the nearest name."""
        wanted = name or self.default
        if wanted in self.by_name:
            return self.by_name[wanted]
        raise UsageError(
            f"There is no profile {wanted!r}.",
            suggestion(wanted, self.by_name, f"There are: {', '.join(self.by_name)}."),
        )


def is_first_start() -> bool:
    """Whether nothing was ever configured or opened here."""
    if any(os.environ.get(f"SCIM_TUI_{name}") for name in _NAMED):
        return False
    return not config_file().exists() and not data_dir().exists()


def load_profiles() -> Profiles:
    """Read the config file and the environment. Raises `UsageError` naming file and key."""
    path = config_file()
    return read_profiles(path, _read(path))


def load_watch() -> "WatchTable":
    """The table `[watch]` of the config file. Raises `UsageError` naming file and key."""
    from scim_tui.config.watch import read_watch  # noqa: PLC0415 - only the watch needs it

    path = config_file()
    return read_watch(path, _read(path).get(WATCH, {}))


def read_profiles(path: Path, document: Mapping[str, object]) -> Profiles:
    """The profiles of a parsed config file, of the environment, and the built-in one.

    Raises `UsageError` naming file and key.
    """
    only(path, "", document, ("profiles", "default_profile", WATCH))
    found = {LOCAL: Profile(name=LOCAL, provider="local", data_dir=data_dir())}
    tables = document.get("profiles", {})
    if not isinstance(tables, dict):
        raise UsageError(
            f"{path}: profiles must be tables.", "Write [profiles.NAME] above its keys."
        )
    for name, table in tables.items():
        found[name] = profile_of(path, name, table)
    if ad_hoc := _from_environment():
        found["env"] = ad_hoc
    return Profiles(found, _default(path, document, found))


def _read(path: Path) -> Mapping[str, object]:
    try:
        with path.open(encoding="utf-8") as file:
            # It names programs that are run, and where tokens are sent.
            refuse_if_exposed(path, os.fstat(file.fileno()), "The config file", WRITTEN)
            text = file.read()
    except FileNotFoundError:
        if os.environ.get("SCIM_TUI_CONFIG"):
            raise UsageError(
                f"There is no config file {path}.", "SCIM_TUI_CONFIG names it: correct or unset it."
            ) from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Check the file.") from None
    return parsed(path, text)


def parsed(path: Path, text: str) -> Mapping[str, object]:
    """The text of a config file as a document. Raises `UsageError`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}.", "Correct that line.") from None


def _default(path: Path, document: Mapping[str, object], found: Mapping[str, Profile]) -> str:
    if named := os.environ.get("SCIM_TUI_PROFILE"):
        return named
    if "env" in found and found["env"].origin == "environment":
        return "env"
    default = document.get("default_profile", LOCAL)
    if not isinstance(default, str):
        raise UsageError(f"{path}: default_profile must be a text.", "Name one profile.")
    return default


def _from_environment() -> Profile | None:
    endpoint = os.environ.get("SCIM_TUI_ENDPOINT", "")
    if not endpoint:
        return None
    token = None
    if file := os.environ.get("SCIM_TUI_TOKEN_FILE"):
        token = SecretSource(SecretPlace.FILE, file)
    elif os.environ.get("SCIM_TUI_TOKEN"):
        token = SecretSource(SecretPlace.ENV, "SCIM_TUI_TOKEN")
    if token is None:
        raise UsageError(
            "SCIM_TUI_ENDPOINT is set without a token.",
            "Set SCIM_TUI_TOKEN_FILE (or SCIM_TUI_TOKEN), or unset SCIM_TUI_ENDPOINT.",
        )
    check_url("SCIM_TUI_ENDPOINT", endpoint)
    # Another endpoint is another directory, although the profile has the same name.
    folder = f"env-{hashlib.sha256(endpoint.encode()).hexdigest()[:12]}"
    return Profile(
        name="env",
        provider="scim",
        data_dir=own_folder(folder),
        endpoint=endpoint,
        token=token,
        origin="environment",
    )
