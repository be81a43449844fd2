"""The port of everything that takes messages of the watch."""

from typing import Protocol

from scim_tui.model.alert import Alert

SECONDS = 20.0
"""The longest that one attempt takes."""


class Sink(Protocol):
    """Takes messages. Without state, so that it can be tried again."""

    @property
    def name(self) -> str:
        """Its name in the config file."""
        ...

    async def send(self, alert: Alert) -> None:
        """Hand over one message. Raises `ScimTuiError` when it was not taken."""
        ...
