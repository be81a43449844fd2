"""Keeps many small values in an unnamed temporary file instead of in memory."""

import itertools
import marshal
import tempfile
import threading
import weakref
from array import array
from typing import Any

_KEPT = 1024 * 1024
"""Bytes that are collected in memory before they are written together."""


class Spool:
    """Values by number, in the order they were added: texts, numbers, lists and objects of them.

    It only grows, and each of its methods may be called from any thread: a value has its number for
    good, whatever is added meanwhile. The file has no name, so the system deletes it with the
    process, however that ends.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="scim-tui-", buffering=0)  # noqa: SIM115
        self._close = weakref.finalize(self, self._file.close)
        self._starts = array("Q", [0])
        self._waiting = bytearray()
        self._written = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def add(self, value: Any) -> None:  # noqa: ANN401 - what JSON can hold
        """Keep a value."""
        data = marshal.dumps(value)
        with self._lock:
            self._waiting += data
            self._starts.append(self._written + len(self._waiting))
            if len(self._waiting) > _KEPT:
                self._write()

    def __getitem__(self, number: int) -> Any:  # noqa: ANN401 - as it was added
        start, end = self._starts[number], self._starts[number + 1]
        with self._lock:
            if end > self._written:
                self._write()
            self._file.seek(start)
            return marshal.loads(self._file.read(end - start))  # noqa: S302 - our own, private file

    def stretch(self, first: int, end: int) -> list[Any]:
        """The values from number `first` to before `end`, in one read. Raises `IndexError`."""
        if not 0 <= first <= end <= len(self):
            raise IndexError(f"values {first} to {end} of {len(self)}")
        with self._lock:
            places = self._starts[first : end + 1]
            base = places[0]
            if places[-1] > self._written:
                self._write()
            self._file.seek(base)
            data = memoryview(self._file.read(places[-1] - base))
        return [
            marshal.loads(data[start - base : after - base])  # noqa: S302 - as above
            for start, after in itertools.pairwise(places)
        ]

    def close(self) -> None:
        """Close and delete the file."""
        self._close()

    def _write(self) -> None:
        if self._waiting:
            self._file.seek(self._written)
            left = memoryview(bytes(self._waiting))
            while left:
                left = left[self._file.write(left) :]
            self._written += len(self._waiting)
            self._waiting.clear()
