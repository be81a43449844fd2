"""A web address that gets each message by POST. The address is a secret: it is never shown."""

import httpx
from pydantic import SecretStr

from scim_tui.model.alert import Alert
from scim_tui.model.errors import ScimTuiError
from scim_tui.sinks.port import SECONDS
from scim_tui.sinks.templates import TEMPLATES


class WebhookSink:
    """Posts JSON. An answer of 2xx means that it was taken; a redirect is not followed."""

    def __init__(
        self, name: str, url: SecretStr, template: str = "json", *, seconds: float = SECONDS
    ) -> None:
        self.name = name
        self._url = url
        self._body = TEMPLATES[template]
        self._seconds = seconds

    async def send(self, alert: Alert) -> None:
        """Post the message once."""
        try:
            async with (
                httpx.AsyncClient(timeout=self._seconds, follow_redirects=False) as client,
                client.stream(
                    "POST", self._url.get_secret_value(), json=self._body(alert)
                ) as answer,
            ):
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Its text could hold the address.
            raise ScimTuiError(f"{self.name} did not answer: {type(error).__name__}.") from None
        if 300 <= status < 400:
            raise ScimTuiError(
                f"{self.name} answered {status}, a redirect, which is not followed.",
                "Correct the address.",
            )
        if not 200 <= status < 300:
            raise ScimTuiError(f"{self.name} answered {status}.")
