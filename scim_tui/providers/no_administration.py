"""The methods of a provider without an administration API: each raises `Unsupported`."""

from datetime import datetime

from scim_tui.model.activity import EventPage, Traffic
from scim_tui.model.errors import Unsupported
from scim_tui.model.provisioning import AccessToken, Enabled, NewToken, ProvisioningStatus
from scim_tui.model.sent_request import SentRequest


class NoAdministration:
    """To be inherited by a provider, which sets the reasons."""

    no_switch = ""
    """Why provisioning cannot be switched."""
    no_tokens = ""
    """Why access tokens cannot be handled."""
    no_events = ""
    """Why there are no events."""

    async def enable(self) -> Enabled:
        """Raises `Unsupported`."""
        raise Unsupported(self.no_switch)

    async def disable(self) -> ProvisioningStatus:
        """Raises `Unsupported`."""
        raise Unsupported(self.no_switch)

    async def tokens(self) -> list[AccessToken]:
        """Raises `Unsupported`."""
        raise Unsupported(self.no_tokens)

    async def create_token(self) -> NewToken:
        """Raises `Unsupported`."""
        raise Unsupported(self.no_tokens)

    async def delete_token(self, token_id: str) -> None:
        """Raises `Unsupported`."""
        raise Unsupported(self.no_tokens)

    async def suspend_token(self, token_id: str) -> AccessToken:
        """Raises `Unsupported`."""
        raise Unsupported(self.no_tokens)

    async def reinstate_token(self, token_id: str) -> AccessToken:
        """Raises `Unsupported`."""
        raise Unsupported(self.no_tokens)

    async def traffic(self, since: datetime) -> Traffic:
        """Raises `Unsupported`."""
        raise Unsupported(self.no_events)

    async def events(
        self,
        *,
        limit: int = 200,
        before: int | None = None,
        after: int | None = None,
        since: datetime | None = None,
        refused: bool = False,
    ) -> EventPage:
        """Raises `Unsupported`."""
        raise Unsupported(self.no_events)

    async def sent_request(self, request_id: str) -> SentRequest:
        """Raises `Unsupported`."""
        raise Unsupported("What a refused request carried is not known here.")
