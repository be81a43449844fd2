"""Checks whether only this user can access a file or folder, by its owner and mode.

A link is followed: its target is checked.
"""

import grp
import os
import pwd
import shlex
import stat
from pathlib import Path

from scim_tui.model.errors import UsageError

READ_OR_WRITTEN = 0o077
"""Bits of the mode that let others read or change it."""
WRITTEN = 0o022
"""Bits of the mode that let others change it."""
_ROOT = 0


def why_exposed(found: os.stat_result, bits: int = READ_OR_WRITTEN) -> str:
    """What others can do with it, as the rest of a sentence; empty: nothing."""
    mode = stat.S_IMODE(found.st_mode)
    if stat.S_ISDIR(found.st_mode) and mode & stat.S_ISVTX:
        bits &= ~WRITTEN  # Others can add to such a folder, and take or change nothing of ours.
    if found.st_uid not in (os.geteuid(), _ROOT) and os.geteuid() != _ROOT:
        return f"belongs to another user (uid {found.st_uid})"
    if bits == WRITTEN and not mode & stat.S_IWOTH and _is_own_group(found.st_gid):
        return ""
    if mode & bits:
        verb = "changed" if mode & bits & WRITTEN else "read"
        return f"can be {verb} by others (mode {mode:04o})"
    return ""


def _is_own_group(gid: int) -> bool:
    """Whether this user is the only member of a group, so that write access for it is harmless.

    Many systems create such a group for each user, with umask 002, which gives files that mode.
    """
    try:
        user = pwd.getpwuid(os.geteuid())
        group = grp.getgrgid(gid)
    except KeyError:
        return False
    alone = set(group.gr_mem) <= {user.pw_name}
    return user.pw_gid == gid and group.gr_name == user.pw_name and alone


def refuse_exposed(path: Path, what: str, bits: int = READ_OR_WRITTEN) -> None:
    """Raise `UsageError` when others can access it; a missing file raises nothing."""
    try:
        found = path.stat()
    except OSError:
        return  # Opening the file will raise the error that explains it.
    refuse_if_exposed(path, found, what, bits)


def refuse_if_exposed(
    path: Path, found: os.stat_result, what: str, bits: int = READ_OR_WRITTEN
) -> None:
    """As `refuse_exposed`, by the status of an open file, which cannot be replaced in between."""
    if why := why_exposed(found, bits):
        raise UsageError(f"{what} {path} {why}, so it is not used.", remedy(path, found, bits))


def remedy(path: Path, found: os.stat_result, bits: int = READ_OR_WRITTEN) -> str:
    """The command that makes it private."""
    name = shlex.quote(str(path))
    if not stat.S_IMODE(found.st_mode) & bits:
        return f"Take a file of your own, or: sudo chown {os.geteuid()} {name}"
    if bits == WRITTEN:
        return f"chmod go-w {name}"
    return f"chmod {'700' if stat.S_ISDIR(found.st_mode) else '600'} {name}"
