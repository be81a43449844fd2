"""What Tab adds in a field: the longest beginning that everything fitting shares."""

import os
from collections.abc import Sequence


def grow(text: str, names: Sequence[str]) -> str:
    """The longest beginning shared by all names that start like `text`; `text` if none does."""
    fitting = [name for name in names if name.startswith(text)]
    if not fitting:
        return text
    shared = fitting[0]
    for name in fitting[1:]:
        while not name.startswith(shared):
            shared = shared[:-1]
    return shared


def grow_path(text: str) -> str:
    """The same over the files and folders at hand; `~` stays as it was typed."""
    folder, start = os.path.split(text)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            names = [entry.name + ("/" if entry.is_dir() else "") for entry in entries]
    except OSError:
        return text
    return os.path.join(folder, grow(start, names))
