"""Automatic provisioning: its status, switching it on and off, and why that is not possible now."""

from scim_tui.core.base.mutation import Guard, RequiredWord, carry_out
from scim_tui.core.tokens.observed import Observed
from scim_tui.model.provisioning import DISABLE_WORD, Enabled, ProvisioningState, ProvisioningStatus
from scim_tui.model.unknown_values import Absent
from scim_tui.providers.port import Provider


class Provisioning:
    """Automatic provisioning of one directory."""

    def __init__(self, provider: Provider, guard: Guard) -> None:
        self._provider, self._guard = provider, guard

    async def status(self) -> ProvisioningStatus:
        """Whether it is on, and where its endpoint is."""
        return await self._provider.status()

    async def enable(self) -> Enabled:
        """Switch it on. Already on is success, without a new token. Raises `ReadOnly`."""
        can = self._provider.capabilities.enable
        return await carry_out(self._guard, "provisioning.enable", self._provider.enable, can=can)

    async def disable(self, confirm: str) -> ProvisioningStatus:
        """Switch it off; people stay. Raises `ReadOnly`, `ConfirmationMissing`, `Conflict`."""
        return await carry_out(
            self._guard,
            "provisioning.disable",
            self._provider.disable,
            can=self._provider.capabilities.disable,
            word=RequiredWord(confirm, DISABLE_WORD, "Disabling provisioning"),
        )

    def why_not_enable(self, snapshot: Observed | None) -> str | None:
        """The reason why it cannot be switched on now, or None."""
        if reason := self._guard.why_not():
            return reason
        if not (can := self._provider.capabilities.enable):
            return can.reason
        if snapshot is not None and snapshot.status.state is ProvisioningState.ENABLED:
            return "Provisioning is on already."
        return None

    def why_not_disable(self, snapshot: Observed | None) -> str | None:
        """The reason why it cannot be switched off now, or None."""
        if reason := self._guard.why_not():
            return reason
        if not (can := self._provider.capabilities.disable):
            return can.reason
        if snapshot is None:
            return None
        if snapshot.status.state is ProvisioningState.DISABLED:
            return "Provisioning is off already."
        return _tokens_in_the_way(snapshot)


def _tokens_in_the_way(snapshot: Observed) -> str | None:
    if isinstance(snapshot.tokens, Absent) or not snapshot.tokens:
        return None
    if len(snapshot.tokens) == 1:
        return "1 token exists: delete it first (Tokens, D)."
    return f"{len(snapshot.tokens)} tokens exist: delete them first (Tokens, D)."
