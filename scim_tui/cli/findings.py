"""What `doctor` finds about this machine: versions, files, the terminal. No network."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scim_tui.cli.output import cell_width, line
from scim_tui.model.visible import reveal

OK, BAD, UNSURE, NOTHING = "[ok]", "[!!]", "[ ?]", "[--]"
TMUX_SECONDS = 2.0
_SMALLEST = (60, 15)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    mark: str
    evidence: str
    fix: str = ""
    """What to do, or empty."""


def print_findings(found: Iterable[Finding]) -> None:
    """A line for each, and below it what to do."""
    rows = list(found)
    widest = max(cell_width(row.name) for row in rows)
    for row in rows:
        line(f"{row.mark:<5} {row.name:<{widest}}  {reveal(row.evidence)}")
        if row.fix:
            line(f"{'':<{widest + 6}}  -> {reveal(row.fix)}")


def machine() -> Iterator[Finding]:
    """Versions."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", OK, f"{version}, {sys.executable}")
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    for name in ("textual", "httpx", "pydantic"):
        try:
            yield Finding(name.capitalize(), OK, installed(name))
        except PackageNotFoundError:
            yield Finding(name.capitalize(), BAD, "not installed", "pip install --upgrade scim-tui")


def config(path: Path) -> Finding:
    """The config file, and who may change it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        if os.environ.get("SCIM_TUI_CONFIG"):
            return Finding("Config file", BAD, f"{path} does not exist",
                           "SCIM_TUI_CONFIG names it: correct or unset it.")  # fmt: skip
        return Finding("Config file", NOTHING, f"{path} does not exist; it is not needed")
    except OSError as error:
        return Finding("Config file", BAD, f"{path}: {error.strerror}", "Make it readable.")
    if mode & 0o022:
        return Finding(
            "Config file", BAD, f"{path} can be changed by others (mode {mode:04o})",
            f"chmod go-w {path}",
        )  # fmt: skip
    return Finding("Config file", OK, f"{path}, mode {mode:04o}")


def data_folder(path: Path) -> Finding:
    """The folder of the database and the audit trail."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return Finding("Data folder", NOTHING, f"{path} is made at the first start")
    except OSError as error:
        return Finding("Data folder", BAD, f"{path}: {error.strerror}", "Make it readable.")
    if mode & 0o077:
        return Finding(
            "Data folder", BAD, f"{path} is open to others (mode {mode:04o})", f"chmod 700 {path}"
        )
    if not os.access(path, os.W_OK):
        return Finding("Data folder", BAD, f"{path} cannot be written", "Give it to your user.")
    return Finding("Data folder", OK, f"{path}, mode {mode:04o}")


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
        return Finding("Terminal", NOTHING, "stdout is no terminal; commands work, screens do not")
    if term in {"", "dumb"}:
        return Finding(
            "Terminal", BAD, f"TERM is {term or 'not set'}", "export TERM=xterm-256color"
        )
    return Finding("Terminal", OK, f"TERM={term}")


def _colour() -> Finding:
    if os.environ.get("NO_COLOR"):
        return Finding("Colour", OK, "NO_COLOR is set: none is used, marks say it all")
    if os.environ.get("COLORTERM") in {"truecolor", "24bit"}:
        return Finding("Colour", OK, "16 million")
    term = os.environ.get("TERM", "")
    return Finding("Colour", OK, "256" if "256color" in term else "16 or fewer")


def _size() -> Finding:
    if not sys.stdout.isatty():
        return Finding("Size", NOTHING, "no terminal")
    columns, lines = shutil.get_terminal_size()
    if columns < _SMALLEST[0] or lines < _SMALLEST[1]:
        return Finding("Size", BAD, f"{columns}x{lines}", "Make the window at least 60x15.")
    return Finding("Size", OK, f"{columns}x{lines}")


def _letters() -> Finding:
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    name, value = next(((n, os.environ[n]) for n in names if os.environ.get(n)), ("LANG", ""))
    if "utf" in value.lower():
        return Finding("Letters", OK, f"{name}={value}")
    return Finding(
        "Letters", UNSURE, f"{name} is {value or 'not set'}: names are drawn in ASCII",
        "export LANG=C.UTF-8",
    )  # fmt: skip


def _link() -> Finding:
    if not os.environ.get("SSH_CONNECTION") and not os.environ.get("SSH_TTY"):
        return Finding("Link", OK, "local")
    if os.environ.get("TMUX") or os.environ.get("STY"):
        return Finding("Link", OK, "SSH inside tmux or screen: a dropped line loses nothing")
    return Finding(
        "Link", UNSURE, "SSH without tmux or screen",
        "Use tmux so that a dropped line loses nothing; ssh -C sends a twentieth.",
    )  # fmt: skip


def _clipboard() -> Finding:
    if os.environ.get("TMUX"):
        return _tmux()
    if os.environ.get("STY"):
        return Finding("Clipboard", UNSURE, "GNU screen drops long values",
                       "Save secrets to a file instead.")  # fmt: skip
    return Finding(
        "Clipboard", UNSURE, "OSC 52, which the terminal may ignore without a word",
        "Copy the endpoint once and paste it to see.",
    )  # fmt: skip


def _tmux() -> Finding:
    try:
        asked = subprocess.run(
            ["tmux", "show-options", "-gsv", "set-clipboard"],  # noqa: S607 - the user's own tmux
            capture_output=True, text=True, timeout=TMUX_SECONDS, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return Finding("Clipboard", UNSURE, "inside tmux, which does not answer")
    setting = asked.stdout.strip()
    if setting == "off":
        return Finding("Clipboard", BAD, "tmux passes nothing on (set-clipboard off)",
                       "tmux set -s set-clipboard external")  # fmt: skip
    return Finding("Clipboard", OK, f"tmux load-buffer -w (set-clipboard {setting})")
