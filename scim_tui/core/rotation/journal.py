"""Rotations on disk: one JSON file each, written atomically, and locked by one process at a time.

A file is synced to disk before each effect and after its answer, because no code runs when a
session breaks off. The lock is `lock.json` with host, process and boot id. So the lock of a process
that crashed or of a machine that restarted is void, while a lock of another machine can only be
taken over by typing the required words.
"""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from scim_tui.config.paths import private_folder, write_atomic
from scim_tui.config.process import boot_id, is_running, start_of
from scim_tui.model.base import Value
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import ConfirmationMissing, ScimTuiError
from scim_tui.model.rotation.rotation import TAKE_OVER, Fingerprint, Rotation

FOLDER = "rotations"
"""Name of the folder in a profile's data folder."""


class HeldElsewhere(ScimTuiError):
    """Another process works on the rotation of this profile; nothing was done."""


class Holder(Value):
    """The process that has the lock on the rotations of a profile."""

    by: str
    """user@host, for people."""
    host: str
    pid: int
    boot: str
    """Id of the machine's boot; another one means that the process is gone."""
    started: str
    """Start time of the process from /proc, to recognise a reused process id."""
    key: str
    """Identifies this opening of the journal."""
    since: datetime

    @property
    def process(self) -> str:
        """The process in words: "PID 4711 (ana@host)". On another machine it may have ended."""
        away = "" if self.host == socket.gethostname() else f" on {self.host}, if that still runs"
        return f"PID {self.pid}{away} ({self.by})"


def this_process(by: str, clock: Clock = utc_now) -> Holder:
    """The process that asks, as a holder."""
    return Holder(
        by=by,
        host=socket.gethostname(),
        pid=os.getpid(),
        boot=boot_id(),
        started=start_of(os.getpid()),
        key=secrets.token_hex(8),
        since=clock(),
    )


def is_alive(holder: Holder) -> bool:
    """Whether the holder may still be running; true for another machine, where it is unknown."""
    if holder.host != socket.gethostname():
        return True
    if holder.boot != boot_id():
        return False
    if not holder.started:
        return is_running(holder.pid)
    return start_of(holder.pid) == holder.started


@dataclass
class Journal:
    """The rotations of one profile."""

    folder: Path
    me: Holder
    alive: Callable[[Holder], bool] = field(default=is_alive)

    @classmethod
    def of(cls, data_dir: Path, by: str, clock: Clock = utc_now) -> "Journal":
        """The journal in a profile's data folder, for this process."""
        return cls(private_folder(data_dir) / FOLDER, this_process(by, clock))

    def all(self) -> list[Rotation]:
        """Every rotation, oldest first. Raises `ScimTuiError` for a file that is not one."""
        return [self._read(path) for path in sorted(self.folder.glob("rot-*.json"))]

    def open(self) -> Rotation | None:
        """The rotation that has not ended, if there is one."""
        return next((each for each in reversed(self.all()) if each.open), None)

    def load(self, rotation_id: str) -> Rotation:
        """One rotation. Raises `ScimTuiError` when there is none of that id."""
        path = self.path(rotation_id)
        if not path.exists():
            raise ScimTuiError(
                f"There is no rotation {rotation_id}.", "List: tokens rotate --status"
            )
        return self._read(path)

    def path(self, rotation_id: str) -> Path:
        """The file of a rotation; at its end it is the receipt."""
        return self.folder / f"{Path(rotation_id).name}.json"

    def next_id(self) -> str:
        """An id that no rotation has."""
        numbers = [int(p.stem[4:]) for p in self.folder.glob("rot-*.json") if p.stem[4:].isdigit()]
        return f"rot-{max(numbers, default=0) + 1:04}"

    def fingerprint_of(self, token_id: str) -> Fingerprint | None:
        """The fingerprint of a token that an earlier rotation made, if one did."""
        found = (each for each in reversed(self.all()) if each.new and each.new.id == token_id)
        return next((each.fingerprint for each in found if each.fingerprint), None)

    def save(self, rotation: Rotation) -> None:
        """Write it to disk. Raises `HeldElsewhere` when it was taken over meanwhile."""
        with self._guarded():
            self.require_held()
            self._write(self.path(rotation.id), rotation.model_dump_json(indent=1, by_alias=True))

    def require_held(self) -> None:
        """Raise `HeldElsewhere` unless this journal object has the lock."""
        holder = self._holder()
        if holder is None or holder.key != self.me.key:
            raise _held(holder, "It was taken over.")

    def holder(self) -> Holder | None:
        """The other process that has the lock and may still be running; None: there is none."""
        holder = self._holder()
        if holder is None or holder.key == self.me.key or not self.alive(holder):
            return None
        return holder

    def hold(self, word: str = "") -> Holder | None:
        """Take the lock; return the holder that was replaced by the typed word, if any.

        Raises `HeldElsewhere` while another process does and no word is given, and
        `ConfirmationMissing` for a wrong one.
        """
        private_folder(self.folder)
        with self._guarded():
            other = self.holder()
            if other is not None and not word:
                raise _held(other, f"Ask there, or type {TAKE_OVER} to take over.")
            if other is not None and word != TAKE_OVER:
                raise ConfirmationMissing(
                    f"Taking over needs the words {TAKE_OVER}; nothing was done.",
                    f"Type {TAKE_OVER}.",
                )
            self._write(self._lock, self.me.model_dump_json(indent=1))
            return other

    def release(self) -> None:
        """Release the lock, if it is ours."""
        if not self.folder.exists():
            return
        with self._guarded():
            holder = self._holder()
            if holder is not None and holder.key == self.me.key:
                self._lock.unlink(missing_ok=True)

    @property
    def _lock(self) -> Path:
        return self.folder / "lock.json"

    def _holder(self) -> Holder | None:
        try:
            return Holder.model_validate_json(self._lock.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        except OSError as error:
            raise ScimTuiError(
                f"Who works on a rotation cannot be seen: {self._lock}: {error.strerror}.",
                "Look at its folder: it has to be yours.",
            ) from error

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """A file lock, so that only one process of this machine reads and writes `lock.json`."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            file = os.open(self.folder / ".guard", flags, 0o600)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def _write(self, path: Path, text: str) -> None:
        try:
            write_atomic(path, text + "\n")
        except OSError as error:
            raise _unwritable(path, error) from error

    def _read(self, path: Path) -> Rotation:
        try:
            return Rotation.model_validate_json(path.read_bytes())
        except (OSError, ValidationError, json.JSONDecodeError) as error:
            raise ScimTuiError(
                f"No rotation of this version: {path}.", "Look at it, and put it aside."
            ) from error


def _held(holder: Holder | None, hint: str) -> HeldElsewhere:
    if holder is None:
        return HeldElsewhere("The rotation is not held by this session.", "Open it again.")
    who = f"{holder.by} (process {holder.pid} on {holder.host})"
    since = f"{holder.since:%Y-%m-%dT%H:%M:%SZ}"
    return HeldElsewhere(f"{who} works on the rotation since {since}.", hint)


def _unwritable(path: Path, error: OSError) -> ScimTuiError:
    return ScimTuiError(
        f"{path} cannot be written: {error.strerror or error}.",
        "Nothing was sent. Make room there or give it back to your user.",
    )
