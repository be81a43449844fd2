"""What the newest snapshot says about provisioning and its tokens."""

from typing import Protocol

from scim_tui.model.provisioning import AccessToken, ProvisioningStatus
from scim_tui.model.unknown_values import Absent


class Observed(Protocol):
    """The part of a snapshot that decides what can be done now; see `health.snapshot.Snapshot`."""

    @property
    def status(self) -> ProvisioningStatus:
        """Whether provisioning is on."""

    @property
    def tokens(self) -> tuple[AccessToken, ...] | Absent:
        """The tokens as the provider lists them."""
