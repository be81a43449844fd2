"""Where the new secret of a rotation goes: to the IdP, and to other places on request."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from scim_tui.cli.base import secret_to as delivery
from scim_tui.cli.base.args import WAYS
from scim_tui.cli.base.output import say
from scim_tui.config.store_secret import store_secret, why_not_store
from scim_tui.idps.port import Idp, InstallContext
from scim_tui.model.errors import ScimTuiError, Unsupported, UsageError
from scim_tui.model.provisioning import AccessToken, NewToken
from scim_tui.model.rotation.rotation import Rotation

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace


_IDP = "IdP: "
"""How the receipt of an install begins."""


@dataclass(frozen=True, slots=True)
class Destination:
    """One place for the secret, by the name that the receipt gives it."""

    title: str
    hand_over: Callable[[SecretStr], Awaitable[str]]


@dataclass(slots=True)
class Destinations:
    """All the places that the secret of one rotation goes to."""

    space: "Workspace"
    idp: Idp
    endpoint: str
    also: delivery.SecretTarget | None = None
    update_profile: bool = False

    @property
    def installs(self) -> bool:
        """Whether the IdP is given the secret from here."""
        return bool(self.idp.capabilities.install)

    @property
    def given(self) -> bool:
        """Whether there is a place for the secret at all."""
        return self.installs or self.also is not None or self.update_profile

    def require_given(self) -> None:
        """Raise `UsageError` when the secret would go nowhere."""
        if not self.given:
            raise UsageError(
                "No token was made: its secret, which is shown once, would go nowhere.",
                f"Say where it goes: --idp IDP, or --secret-to with {WAYS}.",
            )

    async def check(self, rotation: Rotation) -> None:
        """Raise an error that would prevent the delivery, before a token is made."""
        self.require_given()
        if self.installs:
            plan = await self.idp.plan_install(self.endpoint, self._names(rotation))
            if plan.trouble:
                raise UsageError(f"No token was made: {plan.trouble}", "Mend it, and go on.")
        if self.also is not None:
            await self.also.check(self.space)
        if self.update_profile and (reason := why_not_store(self.space.profile)):
            raise Unsupported(reason, "Leave --update-profile out.")

    def in_order(self, rotation: Rotation) -> list[Destination]:
        """Deliver to the IdP first: if it does not accept the secret, no copy is left elsewhere."""
        found = []
        if self.installs:
            found.append(
                Destination(f"{_IDP}{self.idp.title}", lambda s: self._install(rotation, s))
            )
        if (way := self.also) is not None:
            found.append(Destination(way.kind, lambda secret: self._send(rotation, way, secret)))
        if self.update_profile:
            profile = self.space.profile
            found.append(Destination("the profile", lambda secret: store_secret(profile, secret)))
        return found

    def is_install(self, way: str) -> bool:
        """Whether a delivery by this way, of the command or a screen, installed it in the IdP."""
        return way.startswith(_IDP) or way == self.idp.title

    async def _install(self, rotation: Rotation, secret: SecretStr) -> str:
        done = await self.idp.install(self.endpoint, secret, self._names(rotation))
        say(done.words)
        return done.words

    async def _send(self, rotation: Rotation, way: delivery.SecretTarget, secret: SecretStr) -> str:
        if way.kind == "stdout":
            await delivery.print_secret(secret.get_secret_value())
            return "printed"
        made = NewToken(token=AccessToken(id=rotation.label), secret=secret)
        words = await way.send(self.space, made)
        say(words)
        return words

    def _names(self, rotation: Rotation) -> InstallContext:
        return InstallContext(
            profile=rotation.profile,
            rotation_id=rotation.id,
            token_id=rotation.new.id if rotation.new else "",
            old_token_id=rotation.old.id,
        )


async def trigger_idp(idp: Idp) -> None:
    """Trigger a provisioning request of the IdP, or print how a person does that."""
    if not idp.capabilities.trigger:
        for fact in idp.guide.speaks:
            say(f"  It sends a request when: {fact.text}")
        return
    try:
        say((await idp.trigger()).message)
    except ScimTuiError as error:
        say(error.message)
