"""From the sinks of the config file to what sends a message."""

from collections.abc import Sequence

from scim_tui.config.watch import SinkRef
from scim_tui.model.alert import Alert
from scim_tui.sinks.command import CommandSink
from scim_tui.sinks.port import Sink
from scim_tui.sinks.webhook import WebhookSink


class Sinks:
    """All sinks of a watch. The address of a webhook is looked up for each message anew."""

    def __init__(self, sinks: Sequence[SinkRef]) -> None:
        self._sinks = {each.name: each for each in sinks}

    @property
    def names(self) -> tuple[str, ...]:
        """The sinks, in the order of the config file."""
        return tuple(self._sinks)

    async def send(self, name: str, alert: Alert) -> None:
        """Hand a message to a sink. Raises `ScimTuiError`; one that is gone takes everything."""
        if name in self._sinks:
            sink = await _opened(self._sinks[name])
            await sink.send(alert)


async def _opened(sink: SinkRef) -> Sink:
    if sink.webhook is None:
        return CommandSink(sink.name, list(sink.command))
    return WebhookSink(sink.name, await sink.webhook.resolve(), sink.template)
