"""What SCIM cannot do: its administration is the business of the product behind it."""

from datetime import datetime

from scim_tui.model.activity import EventPage, Traffic
from scim_tui.model.capabilities import YES, Capabilities, no
from scim_tui.model.errors import Unsupported
from scim_tui.model.provisioning import AccessToken, Enabled, NewToken, ProvisioningStatus

_NO_SWITCH = "SCIM cannot switch provisioning: use the console of the provider."
_NO_TOKENS = "SCIM knows nothing of access tokens: use the console of the provider."
_NO_USE = "SCIM does not tell when a token was used: look at the log of the provider."
_NO_EVENTS = "SCIM does not tell what the IdP did: look at the log of the IdP or the provider."
CAPABILITIES = Capabilities(
    status=YES,
    enable=no(_NO_SWITCH),
    disable=no(_NO_SWITCH),
    list_tokens=no(_NO_TOKENS),
    create_token=no(_NO_TOKENS),
    delete_token=no(_NO_TOKENS),
    last_used=no(_NO_USE),
    events=no(_NO_EVENTS),
    count=YES,
    members=YES,
    push=YES,
    suspend_token=no(_NO_TOKENS),
)


class NoAdministration:
    """The part of the port that is denied, each with the reason of its capability."""

    async def enable(self) -> Enabled:
        """Raises `Unsupported`."""
        raise Unsupported(_NO_SWITCH)

    async def disable(self) -> ProvisioningStatus:
        """Raises `Unsupported`."""
        raise Unsupported(_NO_SWITCH)

    async def tokens(self) -> list[AccessToken]:
        """Raises `Unsupported`."""
        raise Unsupported(_NO_TOKENS)

    async def create_token(self) -> NewToken:
        """Raises `Unsupported`."""
        raise Unsupported(_NO_TOKENS)

    async def delete_token(self, token_id: str) -> None:
        """Raises `Unsupported`."""
        raise Unsupported(_NO_TOKENS)

    async def suspend_token(self, token_id: str) -> AccessToken:
        """Raises `Unsupported`."""
        raise Unsupported(_NO_TOKENS)

    async def reinstate_token(self, token_id: str) -> AccessToken:
        """Raises `Unsupported`."""
        raise Unsupported(_NO_TOKENS)

    async def traffic(self, since: datetime) -> Traffic:
        """Raises `Unsupported`."""
        raise Unsupported(_NO_EVENTS)

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
        raise Unsupported(_NO_EVENTS)
