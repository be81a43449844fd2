"""An identity provider that a person configures, step by step."""

from datetime import datetime
from typing import TYPE_CHECKING

from scim_tui.idps.guides import guide
from scim_tui.idps.port import (
    UNNAMED,
    GuideStep,
    IdpCapabilities,
    IdpEvent,
    IdpTestResult,
    InstallContext,
    InstallPlan,
    InstallResult,
    SyncStatus,
    TriggerResult,
    steps_of,
)
from scim_tui.model.capabilities import Capability, Support, no
from scim_tui.model.errors import Unsupported

if TYPE_CHECKING:
    from pydantic import SecretStr


class ManualIdp:
    """Lists the steps in the console of the IdP; it cannot do any of them itself.

    Methods that need a connection raise `Unsupported` with the reason of their capability.
    """

    kind = "manual"

    def __init__(self, name: str = "other") -> None:
        self.name = name
        self.guide = guide(name)
        self.title = f"{self.guide.title}, by hand"
        self.capabilities = _capabilities(self.guide.title, self._test_words())

    def steps(self, endpoint: str) -> tuple[GuideStep, ...]:
        """The click path, with the endpoint as this IdP expects it."""
        return steps_of(self.guide, endpoint)

    async def plan_install(self, endpoint: str, names: InstallContext = UNNAMED) -> InstallPlan:
        """A plan without a write: a person installs the secret."""
        return InstallPlan(keeps=(f"the endpoint {self.guide.endpoint(endpoint)}",))

    async def install(
        self, endpoint: str, secret: "SecretStr", names: InstallContext = UNNAMED
    ) -> InstallResult:
        """Not by us."""
        raise _denied(self.capabilities.install)

    async def test(self) -> IdpTestResult:
        """Not by us."""
        raise _denied(self.capabilities.test)

    async def trigger(self) -> TriggerResult:
        """Not by us."""
        raise _denied(self.capabilities.trigger)

    async def status(self) -> SyncStatus:
        """Not known."""
        raise _denied(self.capabilities.status)

    async def events(self, since: datetime) -> tuple[IdpEvent, ...]:
        """Not known."""
        raise _denied(self.capabilities.events)

    async def aclose(self) -> None:
        """Nothing is open."""

    def _test_words(self) -> str:
        return self.guide.test.text if self.guide.test else "Press its test button, if it has one."


def _capabilities(title: str, test: str) -> IdpCapabilities:
    return IdpCapabilities(
        install=Capability(Support.GUIDED, f"A person pastes the secret into {title}."),
        test=Capability(Support.GUIDED, test),
        trigger=Capability(Support.GUIDED, f"A person makes {title} send something."),
        status=no(f"There is no connection to {title}."),
        events=no(f"There is no connection to {title}."),
    )


def _denied(can: Capability) -> Unsupported:
    return Unsupported(can.reason)
