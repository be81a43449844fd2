"""Where the new secret of a rotation goes: into the IdP, and wherever else it is wanted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from scim_tui.cli.base import secret_to as delivery
from scim_tui.cli.base.args import WAYS
from scim_tui.cli.base.output import say
from scim_tui.config.store_secret import store_secret, why_not_store
from scim_tui.idps.port import Idp, IdpVerdict, InstallContext
from scim_tui.model.errors import ScimTuiError, Unsupported, UsageError
from scim_tui.model.provisioning import AccessToken, NewToken
from scim_tui.model.rotation.rotation import Rotation, TestResult

if TYPE_CHECKING:
    from scim_tui.core.workspace import Workspace


RESULTS = {
    IdpVerdict.OK: TestResult.PASSED,
    IdpVerdict.REJECTED: TestResult.FAILED,
    IdpVerdict.UNREACHABLE: TestResult.FAILED,
    IdpVerdict.INCONCLUSIVE: TestResult.SKIPPED,
}
"""What the verdict of an IdP's own test counts as."""
_IDP = "IdP: "
"""How the receipt of an install begins."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place for the secret, by the name that the receipt gives it."""

    title: str
    hand_over: Callable[[SecretStr], Awaitable[str]]


@dataclass(slots=True)
class Ways:
    """Every place that the secret of one rotation goes to."""

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
    def reach_somebody(self) -> bool:
        """Whether the secret goes anywhere."""
        return self.installs or self.also is not None or self.update_profile

    def require_somebody(self) -> None:
        """Raise `UsageError` when nobody would get the secret."""
        if not self.reach_somebody:
            raise UsageError(
                "No token was made: nobody would get its secret, which is shown once.",
                f"Say who does: --idp IDP, or --secret-to with {WAYS}.",
            )

    async def check(self, rotation: Rotation) -> None:
        """Raise what is visibly in the way, before a token is made."""
        self.require_somebody()
        if self.installs:
            plan = await self.idp.plan_install(self.endpoint, self._names(rotation))
            if plan.trouble:
                raise UsageError(f"No token was made: {plan.trouble}", "Mend it, and go on.")
        if self.also is not None:
            await self.also.check(self.space)
        if self.update_profile and (reason := why_not_store(self.space.profile)):
            raise Unsupported(reason, "Leave --update-profile out.")

    def places(self, rotation: Rotation) -> list[Place]:
        """The IdP first: when it does not take the secret, no copy of it is left behind."""
        found = []
        if self.installs:
            found.append(Place(f"{_IDP}{self.idp.title}", lambda s: self._install(rotation, s)))
        if (way := self.also) is not None:
            found.append(Place(way.kind, lambda secret: self._send(rotation, way, secret)))
        if self.update_profile:
            profile = self.space.profile
            found.append(Place("the profile", lambda secret: store_secret(profile, secret)))
        return found

    def is_install(self, way: str) -> bool:
        """Whether the receipt of this way, ours or that of the screens, is one of an install."""
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


async def make_it_speak(idp: Idp) -> None:
    """Let the IdP send something, or say how a person does."""
    if not idp.capabilities.trigger:
        for fact in idp.guide.speaks:
            say(f"  It speaks when: {fact.text}")
        return
    try:
        say((await idp.trigger()).message)
    except ScimTuiError as error:
        say(error.message)
