"""An identity provider that reads its token from a store, which is written and read back."""

import asyncio
from abc import ABC, abstractmethod
from datetime import datetime

from pydantic import SecretStr

from scim_tui.idps import aws
from scim_tui.idps.port import (
    UNNAMED,
    GuideStep,
    IdpEvent,
    IdpTestResult,
    InstallContext,
    InstallPlan,
    InstallResult,
    SyncStatus,
    TriggerResult,
    Verified,
    steps_of,
)
from scim_tui.model.errors import ScimTuiError, Unsupported


class StoredIdp(ABC):
    """Reads, merges, writes and reads again. The endpoint is not stored here."""

    kind: str
    store: str

    def __init__(self, name: str, key: str = "") -> None:
        self.name, self.key = name, key
        self.label = f"{name}#{key}" if key else name
        self.title = f"{self.store}: {self.label}"
        self.guide = aws.guide_for(name, self.title)
        self.capabilities = aws.capabilities(self.store)

    @abstractmethod
    def _plan(self) -> InstallPlan:
        """Read the present value, and plan the write. Raises `model.errors`."""

    @abstractmethod
    def _install(self, secret: SecretStr) -> tuple[str, ...]:
        """Write and verify; return the keys that were kept. Raises `model.errors`."""

    def steps(self, endpoint: str) -> tuple[GuideStep, ...]:
        """The remaining steps for a person."""
        return steps_of(self.guide, endpoint)

    async def plan_install(self, endpoint: str, names: InstallContext = UNNAMED) -> InstallPlan:
        """What would be replaced; changes nothing."""
        try:
            return await asyncio.to_thread(self._plan)
        except ScimTuiError as error:
            return InstallPlan((f"a new value of {self.label}",), (), error.message)

    async def install(
        self, endpoint: str, secret: SecretStr, names: InstallContext = UNNAMED
    ) -> InstallResult:
        """Write the secret, and read it back. Raises `NotFound`, `NotAllowed`, `Conflict` when
        nothing was changed, `OutcomeUnknown` when that is not certain.
        """
        kept = await asyncio.to_thread(self._install, secret)
        return InstallResult(
            verified=Verified.BY_REREAD,
            written=(self.label,),
            kept=kept,
            words=f"{self.store} gave back what was written to {self.label}.",
        )

    async def test(self) -> IdpTestResult:
        """A store cannot."""
        raise Unsupported(self.capabilities.test.reason)

    async def trigger(self) -> TriggerResult:
        """A store cannot."""
        raise Unsupported(self.capabilities.trigger.reason)

    async def status(self) -> SyncStatus:
        """A store does not know."""
        raise Unsupported(self.capabilities.status.reason)

    async def events(self, since: datetime) -> tuple[IdpEvent, ...]:
        """A store does not know."""
        raise Unsupported(self.capabilities.events.reason)

    async def aclose(self) -> None:  # noqa: B027
        """Nothing is open."""
