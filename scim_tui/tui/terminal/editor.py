"""Open a file in the editor of the user, which has the terminal until it ends."""

import os
import shlex
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from textual.app import SuspendNotSupported

from scim_tui.model.errors import UsageError


class TerminalOwner(Protocol):
    """The app, which stops drawing while another program has the terminal."""

    def suspend(self) -> AbstractContextManager[None]:
        """Give the terminal to another program meanwhile."""
        ...

    def draw_again(self) -> None:
        """Paint everything, also what should be on the terminal already."""
        ...


TAKES_LINE = frozenset(
    {
        "vi",
        "vim",
        "nvim",
        "view",
        "ex",
        "nano",
        "emacs",
        "emacsclient",
        "micro",
        "kak",
        "joe",
        "mg",
        "jed",
        "ne",
    }
)
"""Editors that open a file at a line given as +LINE."""

_READ = "The mapping is read all the same."


def editor() -> list[str]:
    """The editor of the user with its options. Raises `UsageError` when EDITOR is no command."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        words = shlex.split(named)
    except ValueError as error:
        raise UsageError("EDITOR is not a command.", "Set EDITOR to one, such as vim.") from error
    return words or ["vi"]


def edit(app: TerminalOwner, path: Path, line: int = 0, after: str = _READ) -> None:
    """Give the terminal to the editor until it ends. Raises `UsageError` when it cannot be run.

    This blocks the event loop, so that nothing is painted over the editor. `after` says what
    happens to the file when the editor fails.
    """
    words = editor()
    at = [f"+{line}"] if line and Path(words[0]).name in TAKES_LINE else []
    try:
        with app.suspend():
            code = _run([*words, *at, str(path)])
    except SuspendNotSupported as error:
        raise UsageError(
            "The terminal cannot be handed to an editor from here.",
            f"Edit {path} in another window; r checks again.",
        ) from error
    app.draw_again()
    if code:
        raise UsageError(f"{words[0]} ended with code {code}.", after)


def _run(command: list[str]) -> int:
    try:
        return subprocess.run(command, check=False).returncode  # noqa: S603 - the user's own
    except OSError as error:
        raise UsageError(
            f"{command[0]} cannot be started: {error.strerror}.", "Set EDITOR to an editor."
        ) from error
