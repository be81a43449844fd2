"""The places of files, and how they are written: atomically, readable by this user only."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import platformdirs

from scim_tui.config.private import WRITTEN, refuse_exposed
from scim_tui.model.errors import UsageError
from scim_tui.model.typed_path import at_home

APP = "scim-tui"


def config_file() -> Path:
    """The config file: `SCIM_TUI_CONFIG`, else the platform's place."""
    named = os.environ.get("SCIM_TUI_CONFIG")
    return at_home(named) if named else platformdirs.user_config_path(APP) / "config.toml"


def data_dir() -> Path:
    """Where the service and the audit trail are: `SCIM_TUI_DATA_DIR`, else the platform's place."""
    named = os.environ.get("SCIM_TUI_DATA_DIR")
    return at_home(named) if named else platformdirs.user_data_path(APP)


def private_folder(path: Path) -> Path:
    """Make the folder, and those above it, for this user only.

    Raises `UsageError` when that fails, or when other users can change what is in it.
    """
    missing = [each for each in (path, *path.parents) if not each.exists()]
    try:
        for each in reversed(missing):
            # With `parents` those above would be open to others.
            each.mkdir(mode=0o700, exist_ok=True)
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The folder {path} cannot be made: {error.strerror}.",
            "Name another one with --data or SCIM_TUI_DATA_DIR.",
        ) from error
    refuse_exposed(path, "The folder", WRITTEN)
    return path


def write_new_file(path: Path | str, text: str) -> Path:
    """Write a new file with mode 0600 and sync it to disk. "~" is the home folder.

    Raises `UsageError` when it exists, when its folder does not, or when it cannot be written.
    """
    target = at_home(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        file = os.open(target, flags, 0o600)
    except FileExistsError as error:
        raise UsageError(f"{target} exists and is left as it is.", "Name a new file.") from error
    except FileNotFoundError as error:
        raise UsageError(f"The folder {target.parent} does not exist.", "Make it first.") from error
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from error
    try:
        _fill(file, text)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from error
    _sync_folder(target.parent)
    return target


def write_atomic(path: Path, text: str | Iterable[str]) -> None:
    """Replace a file by a new one with mode 0600; a crash leaves the old one or the new one.

    A long text may be passed in parts.
    """
    file, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        _fill(file, text)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _fill(file: int, text: str | Iterable[str]) -> None:
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.writelines([text] if isinstance(text, str) else text)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Sync the folder, so that the new name is on disk; some file systems cannot do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
