"""Paths as people type them."""

import os
from pathlib import Path


def at_home(path: Path | str) -> Path:
    """The path with "~" replaced by the home folder; "~name" of an unknown user is not changed.

    A shell does the same, while `Path.expanduser` raises an error that no caller expects.
    """
    return Path(os.path.expanduser(path))
