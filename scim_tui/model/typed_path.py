"""Paths as people type them."""

import os
from pathlib import Path


def at_home(path: Path | str) -> Path:
    """With "~" as the home folder; with the name of an unknown user after it, as it stands.

    A shell does the same, while `Path.expanduser` raises what no caller expects.
    """
    return Path(os.path.expanduser(path))
