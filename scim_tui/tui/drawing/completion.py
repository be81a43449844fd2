"""Completion by Tab: the longest common beginning of all names that fit."""

import os
from collections.abc import Sequence


def grow(text: str, names: Sequence[str]) -> str:
    """The longest common prefix of the names that start with `text`; `text` if none does."""
    fitting = [name for name in names if name.startswith(text)]
    if not fitting:
        return text
    shared = fitting[0]
    for name in fitting[1:]:
        while not name.startswith(shared):
            shared = shared[:-1]
    return shared


def grow_path(text: str) -> str:
    """Complete the path of a file or folder; `~` stays as it was typed."""
    folder, start = os.path.split(text)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            names = [entry.name + ("/" if entry.is_dir() else "") for entry in entries]
    except (OSError, ValueError):
        return text
    return os.path.join(folder, grow(start, names))
