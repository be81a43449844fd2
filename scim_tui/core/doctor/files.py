"""Checks of files and folders: do they exist, and can other users read or change them?"""

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from scim_tui.config.paths import config_file
from scim_tui.config.private import READ_OR_WRITTEN, WRITTEN, remedy, why_exposed
from scim_tui.config.profiles import Profile
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.typed_path import at_home

MOST_NAMED = 3


def config() -> Iterator[Finding]:
    """Whether the config file exists, and whether other users may change it."""
    path = config_file()
    try:
        found = path.stat()
    except FileNotFoundError:
        yield _no_config(path)
    except OSError as error:
        yield _unreadable("Config file", path, error)
    else:
        yield _config(path, found)


def _no_config(path: Path) -> Finding:
    if os.environ.get("SCIM_TUI_CONFIG"):
        fix = "SCIM_TUI_CONFIG names it: correct or unset it."
        return Finding("Config file", Verdict.BAD, f"{path} does not exist", fix)
    return Finding("Config file", Verdict.NONE, f"{path} does not exist; it is not needed")


def _config(path: Path, found: os.stat_result) -> Finding:
    for each, what in ((path, found), (path.parent, path.parent.stat())):
        if why := why_exposed(what, WRITTEN):
            return Finding("Config file", Verdict.BAD, f"{each} {why}", remedy(each, what, WRITTEN))
    return Finding("Config file", Verdict.OK, f"{path}, mode {stat.S_IMODE(found.st_mode):04o}")


def data(profile: Profile) -> Iterator[Finding]:
    """The profile's data folder and the files in it."""
    path = profile.data_dir
    try:
        found = path.stat()
    except FileNotFoundError:
        yield Finding("Data folder", Verdict.NONE, f"{path} is made at the first start")
    except OSError as error:
        yield _unreadable("Data folder", path, error)
    else:
        yield _folder(path, found)
        yield _inside(path)


def _folder(path: Path, found: os.stat_result) -> Finding:
    if why := why_exposed(found):
        return Finding("Data folder", Verdict.BAD, f"{path} {why}", remedy(path, found))
    if not os.access(path, os.W_OK):
        words = f"{path} cannot be written"
        return Finding("Data folder", Verdict.BAD, words, "Give it to your user.")
    return Finding("Data folder", Verdict.OK, f"{path}, mode {stat.S_IMODE(found.st_mode):04o}")


def _inside(path: Path) -> Finding:
    try:
        files = sorted(each for each in path.iterdir() if each.is_file())
        loose = [each for each in files if why_exposed(each.stat())]
    except OSError as error:
        return _unreadable("Data files", path, error)
    if not loose:
        words = f"{len(files)} in the folder, none open to others"
        return Finding("Data files", Verdict.OK if files else Verdict.NONE, words)
    named = ", ".join(each.name for each in loose[:MOST_NAMED])
    more = f" and {len(loose) - MOST_NAMED} more" if len(loose) > MOST_NAMED else ""
    fix = f"chmod 600 {' '.join(_quoted(each) for each in loose[:MOST_NAMED])}"
    return Finding("Data files", Verdict.BAD, f"open to others: {named}{more}", fix)


def secrets(profile: Profile) -> Iterator[Finding]:
    """Where the profile's secrets are stored; no secret is read."""
    for name, source in (("Token place", profile.token), ("Key place", profile.admin_key)):
        if source is not None:
            yield _place(name, source)
    if profile.client_key or profile.client_cert:
        yield _private("Client key", profile.client_key or profile.client_cert or Path())
    if profile.ca_bundle:
        yield _private("CA bundle", profile.ca_bundle, WRITTEN)


def _place(name: str, source: SecretSource) -> Finding:
    match source.source:
        case SecretPlace.FILE:
            return _private(name, at_home(source.where))
        case SecretPlace.ENV if not os.environ.get(source.where):
            words = f"the variable {source.where} is not set"
            return Finding(name, Verdict.BAD, words, f"export {source.where}=...")
        case SecretPlace.ENV:
            return Finding(name, Verdict.OK, f"the variable {source.where}, which is set")
        case SecretPlace.COMMAND:
            # The rest of the line may hold a password of the store behind it.
            program = source.where.split()[:1]
            return Finding(name, Verdict.OK, f"a command: {' '.join(program)} ...")
    return Finding(name, Verdict.OK, f"the keyring, under {source.where}")


def _private(name: str, path: Path, bits: int = READ_OR_WRITTEN) -> Finding:
    try:
        found = path.stat()
    except OSError as error:
        return _unreadable(name, path, error)
    if why := why_exposed(found, bits):
        fix = remedy(path, found, bits)
        if bits == READ_OR_WRITTEN:
            fix += "; replace the secret if others read it."
        return Finding(name, Verdict.BAD, f"{path} {why}, so it is not used", fix)
    return Finding(name, Verdict.OK, f"{path}, mode {stat.S_IMODE(found.st_mode):04o}")


def _unreadable(name: str, path: Path, error: OSError) -> Finding:
    return Finding(name, Verdict.BAD, f"{path}: {error.strerror}", "Make it readable.")


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
