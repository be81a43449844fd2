"""Faults of this program itself: shown in a sentence, and written to a file without any data.

The file has the traceback, but no values of variables. The message of an exception is written only
where Python makes it of names in the code: others may quote what a server sent, or a secret.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from traceback import FrameSummary, extract_tb

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.escaping import reveal

MOST_FILES = 10
"""Files written by one run; later faults are only shown."""
MOST_KEPT = 20
"""Files kept in the folder; older ones are deleted."""
_NO_FOLDER = "there is no data folder yet"
_MOST_FRAMES = 40
_MOST_CAUSES = 8
_MOST_WORDS = 300
_ABOUT_CODE = (
    AttributeError,
    ImportError,
    IndexError,
    MemoryError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ZeroDivisionError,
)
"""Exceptions whose messages consist of names in the code."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception that no code expected."""

    words: str
    """Kind and place, in one line."""
    report: str
    """The traceback, without values."""
    file: Path | None = None
    why_no_file: str = ""


class Faults:
    """All faults so far. A repeated one is written once, and shown once between two keys."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.all: list[Fault] = []
        self._clock = clock
        self._known: dict[str, Fault] = {}
        self._shown: set[str] = set()
        self._files = 0

    @property
    def newest(self) -> Fault | None:
        """The latest one."""
        return self.all[-1] if self.all else None

    def take(self, error: BaseException, folder: Path | None) -> Fault | None:
        """Keep a fault; returns None if it was already shown since the last key."""
        report = report_of(error)
        fault = self._known.get(report)
        if fault is None or (fault.why_no_file == _NO_FOLDER and _is_there(folder)):
            fault = self._known[report] = self._kept(words_of(error), report, folder)
        if report in self._shown:
            return None
        self._shown.add(report)
        self.all = [each for each in self.all if each.report != report] + [fault]
        return fault

    def knows(self, error: BaseException) -> bool:
        """Whether the same fault happened before."""
        return report_of(error) in self._known

    def key_pressed(self) -> None:
        """After a key the same fault may be shown again, as the message was read."""
        self._shown.clear()

    def _kept(self, words: str, report: str, folder: Path | None) -> Fault:
        if folder is None or not _is_there(folder):
            return Fault(words, report, None, _NO_FOLDER)
        if self._files >= MOST_FILES:
            return Fault(words, report, None, f"this run wrote {MOST_FILES} already")
        from scim_tui.config.paths import write_new_file

        self._files += 1
        name = f"crash-{self._clock():%Y%m%dT%H%M%SZ}-{os.getpid()}-{self._files}.txt"
        try:
            file = write_new_file(folder / name, f"{_about()}\n\n{report}\n")
            _clear_old(folder)
        except (ScimTuiError, OSError) as error:
            return Fault(words, report, None, str(error))
        return Fault(words, report, file)


def _is_there(folder: Path | None) -> bool:
    return folder is not None and folder.is_dir()


def _clear_old(folder: Path) -> None:
    for old in sorted(folder.glob("crash-*.txt"))[:-MOST_KEPT]:
        old.unlink(missing_ok=True)


def _about() -> str:
    from scim_tui import __version__

    return (
        f"scim-tui {__version__}, Python {platform.python_version()}, {sys.platform}\n"
        "A fault in the program. No values and no secrets are in this file."
    )


def words_of(error: BaseException) -> str:
    """What went wrong and where, in one line for the screen."""
    if isinstance(error, ScimTuiError):
        return reveal(error.sentence)[:_MOST_WORDS]
    frames = extract_tb(error.__traceback__, limit=-_MOST_FRAMES)
    ours = [frame for frame in frames if "scim_tui" in frame.filename] or list(frames)
    where = f" ({_place(ours[-1]).rpartition('/')[2]})" if ours else ""
    return f"{_kind(error)}{where}"


def report_of(error: BaseException) -> str:
    """The exceptions in the order they were raised, each with its innermost frame first."""
    parts = []
    for each in reversed(list(_causes(error))):
        frames = extract_tb(each.__traceback__, limit=-_MOST_FRAMES)
        rows = [row for frame in reversed(frames) for row in _frame(frame)]
        parts.append("\n".join([_kind(each), *rows]))
    return "\n\n".join(parts)


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if found is None:
            return
        yield found
        inner = found.exceptions[0] if isinstance(found, BaseExceptionGroup) else None
        context = None if found.__suppress_context__ else found.__context__
        found = inner or found.__cause__ or context


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, OSError):
        return f"{name}: {error.strerror}" if error.strerror else name
    safe = isinstance(error, _ABOUT_CODE) or type(error).__module__.startswith("textual.")
    words = reveal(str(error))[:_MOST_WORDS] if safe else ""
    return f"{name}: {words}" if words else name


def _frame(frame: FrameSummary) -> list[str]:
    code = reveal(frame.line or "")
    return [f"  {_place(frame)}, in {frame.name}", *([f"    {code}"] if code else [])]


def _place(frame: FrameSummary) -> str:
    """File and line, without the folders of this machine."""
    parts = Path(frame.filename).parts
    for root in ("site-packages", "scim_tui"):
        if root in parts:
            start = len(parts) - 1 - parts[::-1].index(root)
            parts = parts[start + (root == "site-packages") :]
            break
    else:
        parts = parts[-1:]
    return f"{'/'.join(parts)}:{frame.lineno}"
