"""Checks of the terminal: will the screens look and work as they should? No network."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from scim_tui.model.checkup import Finding, Verdict

TMUX_SECONDS = 2.0
_SMALLEST = (60, 15)


def terminal() -> Iterator[Finding]:
    """Whether the screens will look and work as they should."""
    yield _type()
    yield _colour()
    yield _size()
    yield _letters()
    yield _link()
    yield _clipboard()


def _type() -> Finding:
    term = os.environ.get("TERM", "")
    if not sys.stdout.isatty():
        return Finding(
            "Terminal", Verdict.NONE, "stdout is no terminal; commands work, screens do not"
        )
    if term in {"", "dumb"}:
        return Finding(
            "Terminal", Verdict.BAD, f"TERM is {term or 'not set'}", "export TERM=xterm-256color"
        )
    return Finding("Terminal", Verdict.OK, f"TERM={term}")


def _colour() -> Finding:
    if os.environ.get("NO_COLOR"):
        return Finding("Colour", Verdict.OK, "NO_COLOR is set: none is used, marks say it all")
    if os.environ.get("COLORTERM") in {"truecolor", "24bit"}:
        return Finding("Colour", Verdict.OK, "16 million")
    term = os.environ.get("TERM", "")
    return Finding("Colour", Verdict.OK, "256" if "256color" in term else "16 or fewer")


def _size() -> Finding:
    if not sys.stdout.isatty():
        return Finding("Size", Verdict.NONE, "no terminal")
    columns, lines = shutil.get_terminal_size()
    if columns < _SMALLEST[0] or lines < _SMALLEST[1]:
        return Finding("Size", Verdict.BAD, f"{columns}x{lines}", "Make the window at least 60x15.")
    return Finding("Size", Verdict.OK, f"{columns}x{lines}")


def _letters() -> Finding:
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    name, value = next(((n, os.environ[n]) for n in names if os.environ.get(n)), ("LANG", ""))
    if "utf" in value.lower():
        return Finding("Letters", Verdict.OK, f"{name}={value}")
    return Finding(
        "Letters",
        Verdict.WARN,
        f"{name} is {value or 'not set'}: names are drawn in ASCII",
        "export LANG=C.UTF-8",
    )


def _link() -> Finding:
    if not os.environ.get("SSH_CONNECTION") and not os.environ.get("SSH_TTY"):
        return Finding("Link", Verdict.OK, "local")
    if os.environ.get("TMUX") or os.environ.get("STY"):
        return Finding(
            "Link", Verdict.OK, "SSH inside tmux or screen: a dropped line loses nothing"
        )
    return Finding(
        "Link",
        Verdict.WARN,
        "SSH without tmux or screen",
        "Use tmux so that a dropped line loses nothing; ssh -C sends a twentieth.",
    )


def _clipboard() -> Finding:
    if os.environ.get("TMUX"):
        return _tmux()
    if os.environ.get("STY"):
        return Finding(
            "Clipboard",
            Verdict.WARN,
            "GNU screen drops long values",
            "Save secrets to a file instead.",
        )
    return Finding(
        "Clipboard",
        Verdict.UNKNOWN,
        "OSC 52, which the terminal may ignore without a word",
        "Copy the endpoint once and paste it to see.",
    )


def _tmux() -> Finding:
    try:
        asked = subprocess.run(
            ["tmux", "show-options", "-gsv", "set-clipboard"],  # noqa: S607 - the user's own tmux
            capture_output=True,
            text=True,
            timeout=TMUX_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return Finding("Clipboard", Verdict.UNKNOWN, "inside tmux, which does not answer")
    setting = asked.stdout.strip()
    if setting == "off":
        return Finding(
            "Clipboard",
            Verdict.BAD,
            "tmux passes nothing on (set-clipboard off)",
            "tmux set -s set-clipboard external",
        )
    return Finding("Clipboard", Verdict.OK, f"tmux load-buffer -w (set-clipboard {setting})")
