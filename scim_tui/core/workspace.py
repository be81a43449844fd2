"""One open profile with everything that the screens and the command line can do with it."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scim_tui.config.profiles import Profile
from scim_tui.core.access.api import Access
from scim_tui.core.activity.api import Activity
from scim_tui.core.activity.holders import Holders
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.base.mutation import Guard
from scim_tui.core.directory.api import Directory
from scim_tui.core.health.api import Health
from scim_tui.core.health.collect import Sources
from scim_tui.core.index.file import kept_at
from scim_tui.core.leavers.api import LeaverSearch
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import Journal
from scim_tui.core.tokens.api import Tokens
from scim_tui.core.tokens.ledger import TokenLedger
from scim_tui.core.tokens.provisioning import Provisioning
from scim_tui.idps.port import Idp
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.rotation import Policy
from scim_tui.providers.port import Provider, SideChannel
from scim_tui.scim.endpoints import is_identity_center

Close = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Workspace:
    """One profile, opened."""

    profile: Profile
    provider: Provider = field(repr=False)
    audit: AuditTrail = field(repr=False)
    guard: Guard
    clock: Clock = field(default=utc_now, repr=False)
    facts: dict[str, str] = field(default_factory=dict)
    """Further facts for a front end by name, such as where a demo keeps its files."""
    closers: list[Close] = field(default_factory=list, repr=False)
    """Functions that are called after the provider was closed, in this order."""
    alive: Callable[[], bool] = field(default=lambda: True, repr=False)
    """Whether the service behind this workspace still runs; if not, open the profile again."""
    serves: bool = False
    """Whether an embedded service that IdPs reach over TCP stops when this workspace closes."""
    idp: Idp | None = field(default=None, repr=False)
    """The IdP that pushes here, if it can be given a new secret from here."""
    policy: Policy = field(default_factory=Policy, repr=False)
    """Which evidence a rotation needs before it deletes the old token."""
    provisioning: Provisioning = field(init=False, repr=False)
    tokens: Tokens = field(init=False, repr=False)
    ledger: TokenLedger = field(init=False, repr=False)
    """The tokens that the provider does not list."""
    directory: Directory = field(init=False, repr=False)
    access: Access = field(init=False, repr=False)
    """Who can do what in which AWS account."""
    leavers: LeaverSearch = field(init=False, repr=False)
    activity: Activity = field(init=False, repr=False)
    health: Health = field(init=False, repr=False)
    rotations: Rotations = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.provisioning = Provisioning(self.provider, self.guard)
        self.tokens = Tokens(self.provider, self.guard, self.clock)
        self.ledger = TokenLedger(
            self.profile.data_dir,
            self.guard,
            self.provider.capabilities.list_tokens,
            self.clock,
            one_year=self.provider.kind == "identity-center"
            or is_identity_center(urlsplit(self.profile.endpoint).hostname or ""),
            log=self.provider if isinstance(self.provider, SideChannel) else None,
        )
        self.directory = Directory(self.provider, self.clock, file=kept_at(self.profile))
        self.activity = Activity(self.provider, self.clock, Holders(self.directory, self.clock))
        self.access = Access(self.provider, self.directory, self.clock)
        self.leavers = LeaverSearch(self.provider, self.directory, self.access, self.clock)
        self.rotations = Rotations(
            self.provider,
            self.guard,
            Journal.of(self.profile.data_dir, self.audit.actor, self.clock),
            self.clock,
            profile=self.profile.name,
            policy=self.policy,
        )
        self.health = Health(
            Sources(
                provider=self.provider,
                clock=self.clock,
                provisioning=self.provisioning,
                tokens=self.tokens,
                ledger=self.ledger,
                activity=self.activity,
                rotations=self.rotations,
                audit=self.audit,
            )
        )

    @property
    def read_only(self) -> bool:
        """Whether every change is refused."""
        return self.guard.read_only

    async def aclose(self) -> None:
        """Close everything, also when one part fails to close."""
        idp = [self.idp.aclose] if self.idp else []
        parts = [self._leave_rotation, self.directory.aclose, *idp, self.provider.aclose]
        closers = [*parts, *self.closers]
        self.closers = []
        await _close_all(closers)

    async def _leave_rotation(self) -> None:
        # If another session took the rotation over, this one has nothing to release.
        with contextlib.suppress(ScimTuiError):
            await self.rotations.leave()


async def _close_all(closers: list[Close]) -> None:
    if not closers:
        return
    first, *rest = closers
    try:
        await first()
    finally:
        await _close_all(rest)


def assemble(
    profile: Profile,
    provider: Provider,
    audit: AuditTrail,
    *,
    read_only: bool = False,
    clock: Clock = utc_now,
    idp: Idp | None = None,
    policy: Policy | None = None,
) -> Workspace:
    """Make a workspace of these parts, read-only if the profile or the argument says so."""
    guard = Guard(audit, read_only or profile.read_only, bound=read_only)
    return Workspace(profile, provider, audit, guard, clock, idp=idp, policy=policy or Policy())
