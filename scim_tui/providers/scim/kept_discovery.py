"""The discovery of a server, kept on disk from one run to the next.

It contains nothing secret or personal. If it cannot be written, the server is asked again.
"""

import contextlib
from pathlib import Path

from pydantic import ValidationError

from scim_tui.config.paths import write_atomic
from scim_tui.model.base import Value
from scim_tui.model.discovery import Discovery


class _Kept(Value):
    endpoint: str
    discovery: Discovery


class KeptDiscovery:
    """One small file for one endpoint; a file for another endpoint is ignored."""

    def __init__(self, path: Path, endpoint: str) -> None:
        self._path, self._endpoint = path, endpoint.rstrip("/")

    def recall(self) -> Discovery | None:
        """What was kept; None: nothing that can be used."""
        try:
            kept = _Kept.model_validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return None
        return kept.discovery if kept.endpoint == self._endpoint else None

    def keep(self, found: Discovery) -> None:
        """Write it; a failure is ignored."""
        kept = _Kept(endpoint=self._endpoint, discovery=found)
        with contextlib.suppress(OSError):
            write_atomic(self._path, kept.model_dump_json())
