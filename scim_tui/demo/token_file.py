"""The file with a new secret for the simulated IdP, as if an administrator had pasted it.

It contains the secret alone, endpoint and secret on two lines, or JSON with `endpoint` and `token`.
The IdP deletes the file when it reads it, so that no secret is left and the next file can be
written.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

_MOST_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where to push, and the secret for it."""

    endpoint: str
    secret: SecretStr


class TokenFile:
    """The file for a secret; `endpoint` is used when the file names none."""

    def __init__(self, path: Path, endpoint: Callable[[], str | None]) -> None:
        self.path = path
        self._endpoint = endpoint

    def take(self) -> Credentials | None:
        """Read and delete the file; None: there is none, or nothing usable in it."""
        try:
            with self.path.open("rb") as file:
                text = file.read(_MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            return None
        if not text.endswith("\n") and not text.strip():
            return None  # The file was created and is not written yet.
        self.path.unlink(missing_ok=True)
        endpoint, secret = _read(text.strip())
        endpoint = endpoint or self._endpoint() or ""
        return Credentials(endpoint, SecretStr(secret)) if endpoint and secret else None


def _read(text: str) -> tuple[str, str]:
    """Endpoint and secret; either may be empty."""
    if text.startswith("{"):
        try:
            fields = json.loads(text)
        except ValueError:
            return "", ""
        return str(fields.get("endpoint") or ""), str(fields.get("token") or "")
    lines = text.split()
    if len(lines) == 2:
        return lines[0], lines[1]
    return "", lines[0] if len(lines) == 1 else ""
