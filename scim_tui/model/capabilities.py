"""What a provider can do, and the reason where it cannot."""

from dataclasses import dataclass, field
from enum import StrEnum

from scim_tui.model.errors import Unsupported


class Support(StrEnum):
    """How well a provider supports something."""

    YES = "yes"
    NO = "no"
    GUIDED = "guided"
    """A person has to do it; the program gives the steps and checks the result."""


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing a provider can or cannot do, with the reason."""

    support: Support
    reason: str = ""

    def __bool__(self) -> bool:
        return self.support is Support.YES

    def require(self) -> None:
        """Raise `Unsupported` with the reason unless the support is yes."""
        if not self:
            raise Unsupported(self.reason)


YES = Capability(Support.YES)


def no(reason: str) -> Capability:
    """A capability that is missing, and why."""
    return Capability(Support.NO, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do, known before any call is made."""

    status: Capability
    enable: Capability
    disable: Capability
    list_tokens: Capability
    create_token: Capability
    delete_token: Capability
    last_used: Capability
    events: Capability
    count: Capability
    """Number of users and groups without listing them."""
    members: Capability
    """Members of a group, and groups of a user."""
    max_tokens: int | None = None
    """How many tokens may exist at once; None: no limit is known."""
    limits: dict[str, float] = field(default_factory=dict)
    """Published rates in requests a second, by kind: "read", "write"."""
    key_ids: bool = False
    """Whether events name the key that was used and not the token: then a rotation has to find
    out which is which, and whether they differ at all."""
    every: float = 0.0
    """Seconds between two automatic requests, since the product logs each of them."""
    console: str = ""
    """The console page for the steps that a person does by hand; empty: not known."""
    reconciling: str = ""
    """The product's own page about comparing it with the IdP by hand; empty: none is known."""
    push: Capability = field(default_factory=lambda: no("Nothing can be sent to this directory."))
    """Making and changing one user, as an IdP would."""
    sent_requests: Capability = field(
        default_factory=lambda: no("What a refused request carried is not known here.")
    )
    """What a refused request carried."""
    suspend_token: Capability = field(
        default_factory=lambda: no("Tokens cannot be switched off and on here, only deleted.")
    )
    """Switching a token off for a while, and on again (Alibaba, Tencent, Descope, and ours)."""
    access: Capability = field(
        default_factory=lambda: no("This directory has no AWS accounts and permission sets.")
    )
    """Listing who has which permission set in which account."""
