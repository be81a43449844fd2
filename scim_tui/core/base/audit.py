"""The audit trail: JSON lines, append-only, each with the hash of the line before it.

The chain of hashes shows whether an entry was changed, removed or inserted. Whether the newest
entries were cut off is seen from a second file with the number and hash of the newest entry. Only
a hash kept on another machine protects against an attacker who can write both files.
"""

import asyncio
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from scim_tui.config.paths import write_atomic
from scim_tui.model.activity import AuditEntry, Phase
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import ScimTuiError

T = TypeVar("T")
MAX_DETAIL = 300
_BLOCK = 64 * 1024
_BEGINNING = b'{"action":"'
"""The first bytes of every entry, since its keys are sorted."""


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether the trail is complete and unchanged."""

    ok: bool
    count: int
    """Entries read, torn lines not counted."""
    first_bad_line: int | None = None
    reason: str = ""
    """Why it is not intact; a note where it is intact."""
    torn: tuple[int, ...] = ()
    """Numbers of lines that a crash cut off while they were written."""


class AuditTrail:
    """The trail in one file, which several processes may write at once."""

    def __init__(
        self, path: Path, *, actor: str, profile: str, via: str, clock: Clock = utc_now
    ) -> None:
        self.path = path
        self.trouble = ""
        """Why the outcome of the last action could not be written; empty: it was written."""
        self.actor, self._profile, self._via, self._clock = actor, profile, via, clock
        self._verdict: tuple[tuple[int, int, int], ChainVerdict] | None = None

    async def write(self, action: str, target: str, phase: Phase, detail: str = "") -> AuditEntry:
        """Append an entry and sync it to the disk. Raises `ScimTuiError` if that fails."""
        return await asyncio.to_thread(self.write_now, action, target, phase, detail)

    def write_now(self, action: str, target: str, phase: Phase, detail: str = "") -> AuditEntry:
        """As `write`, on this thread."""
        try:
            return self._append(action, target, phase, detail)
        except OSError as error:
            raise ScimTuiError(
                f"The audit trail {self.path} cannot be written: {error.strerror or error}.",
                "Nothing was done. Make room there or give it back to your user.",
            ) from error

    def try_write(self, action: str, target: str, phase: Phase, detail: str = "") -> None:
        """As `write_now`, after an action: a failure sets `trouble` and does not raise."""
        try:
            self.write_now(action, target, phase, detail)
            self.trouble = ""
        except ScimTuiError as error:
            self.trouble = f"{action} {phase}, but {error.message[0].lower()}{error.message[1:]}"

    async def entries(self, limit: int = 200) -> list[AuditEntry]:
        """The newest entries, newest first; torn lines are left out (see `verify`)."""
        return await asyncio.to_thread(self._read, partial(self._newest, limit))

    async def verify(self) -> ChainVerdict:
        """Check the whole chain. A file that did not change since is not read again."""
        return await asyncio.to_thread(self._read, self._verify)

    def _read(self, reading: Callable[[], T]) -> T:
        try:
            return reading()
        except OSError as error:
            raise ScimTuiError(
                f"The audit trail {self.path} cannot be read: {error.strerror or error}.",
                "Give it back to your user.",
            ) from error

    def _append(self, action: str, target: str, phase: Phase, detail: str) -> AuditEntry:
        with _locked(self.path) as file:
            last, torn = _last(file)
            entry = AuditEntry(
                seq=last.seq + 1 if last else 1,
                at=self._clock(),
                actor=self.actor,
                profile=self._profile,
                action=action,
                target=target,
                phase=phase,
                detail=detail[:MAX_DETAIL],
                via=self._via,
                previous=last.hash if last else "",
            )
            entry = entry.model_copy(update={"hash": _digest(entry)})
            text = ("\n" if torn else "") + _canonical(entry.model_dump(mode="json")) + "\n"
            _write_all(file, text.encode())
            os.fsync(file)
            write_atomic(self._head, f"{entry.seq} {entry.hash}\n")
        return entry

    def _newest(self, limit: int) -> list[AuditEntry]:
        try:
            file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return []
        try:
            found: list[AuditEntry] = []
            for line in _backwards(file):
                if len(found) >= limit:
                    break
                if entry := _parse(line):
                    found.append(entry)
            return found
        finally:
            os.close(file)

    def _verify(self) -> ChainVerdict:
        try:
            facts = self.path.stat()
        except FileNotFoundError:
            return ChainVerdict(True, 0)
        seen = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
        if self._verdict is None or self._verdict[0] != seen:
            self._verdict = (seen, _follow(self.path, self._newest_known()))
        return self._verdict[1]

    @property
    def _head(self) -> Path:
        return self.path.with_suffix(".head")

    def _newest_known(self) -> int:
        """Number of the newest entry that was ever written; 0: not known."""
        try:
            return int(self._head.read_text("ascii").split()[0])
        except (OSError, ValueError, IndexError):
            return 0


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, open for reading and appending, and locked against other writers."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    file = os.open(path, flags, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def _last(file: int) -> tuple[AuditEntry | None, bool]:
    """The newest whole entry, and whether the file ends in the middle of a line."""
    size = os.fstat(file).st_size
    torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
    return next((entry for line in _backwards(file) if (entry := _parse(line))), None), torn


def _backwards(file: int) -> Iterator[bytes]:
    """The lines of the file from its end, without reading all of it."""
    position, rest = os.fstat(file).st_size, b""
    while position > 0:
        step = min(_BLOCK, position)
        position -= step
        lines = (os.pread(file, step, position) + rest).split(b"\n")
        rest = lines[0]
        yield from (line for line in reversed(lines[1:]) if line)
    if rest:
        yield rest


def _parse(line: bytes) -> AuditEntry | None:
    try:
        return AuditEntry.model_validate_json(line)
    except ValueError:
        return None


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def _digest(entry: AuditEntry) -> str:
    values = entry.model_dump(mode="json", exclude={"hash"})
    return hashlib.sha256(_canonical(values).encode()).hexdigest()


def _follow(path: Path, newest: int) -> ChainVerdict:
    count, torn, previous = 0, [], ""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            entry = _parse(line)
            if entry is None and _is_torn(line):
                torn.append(number)
                continue
            if wrong := _wrong(entry, previous, count) if entry else "it is no entry":
                return ChainVerdict(False, count, number, f"line {number}: {wrong}", tuple(torn))
            count, previous = count + 1, entry.hash if entry else ""
    if count < newest:
        missing = "1 entry is" if newest - count == 1 else f"{newest - count} entries are"
        return ChainVerdict(False, count, None, f"{missing} missing at the end", tuple(torn))
    note = f"line {torn[0]} was cut off while it was written" if torn else ""
    return ChainVerdict(True, count, None, note, tuple(torn))


def _is_torn(line: bytes) -> bool:
    """Whether a line is the beginning of an entry, as a crash leaves it."""
    text = line.rstrip(b"\n")
    return text.startswith(_BEGINNING[: len(text)]) and not text.endswith(b"}")


def _wrong(entry: AuditEntry, previous: str, count: int) -> str:
    if entry.hash != _digest(entry):
        return "its content does not match its hash"
    if entry.previous != previous:
        return "it does not follow the entry before it"
    return "" if entry.seq == count + 1 else "its number is out of order"
