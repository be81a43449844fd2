"""The features that AWS refused, so that they are not tried at every refresh."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from scim_tui.model.capabilities import YES, Capability, no
from scim_tui.model.clock import Clock, utc_now
from scim_tui.model.errors import NotAllowed, ScimTuiError, Unreachable, Unsupported, UsageError
from scim_tui.providers.identity_center.policy import FEATURES
from scim_tui.providers.identity_center.refusals import Denied, NoPlan

AGAIN = timedelta(minutes=5)
"""When a feature is tried again: a permission may have been given, or a sign-in renewed."""
_EVERYTHING = "*"


class Permissions:
    """The features of an account that do not work now, and why."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._refused: dict[str, tuple[datetime, ScimTuiError]] = {}

    @contextmanager
    def needs(self, feature: str) -> Iterator[None]:
        """Record a refusal of the feature. Raises `Unsupported` while a recorded one is recent."""
        if (known := self.error(feature)) is not None:
            raise Unsupported(known.message, known.hint)
        try:
            yield
        except (Denied, NoPlan) as error:
            self._refused[feature] = (self._clock(), error)
            raise
        except (NotAllowed, UsageError, Unsupported, Unreachable) as error:
            # No sign-in, no network to AWS, or no SDK: no feature works.
            self._refused[_EVERYTHING] = (self._clock(), error)
            raise

    def error(self, feature: str) -> ScimTuiError | None:
        """Why the feature does not work, as far as it was found out lately."""
        for name in (_EVERYTHING, feature):
            if (found := self._refused.get(name)) and self._clock() - found[0] < AGAIN:
                return found[1]
        return None

    def capability(self, feature: str) -> Capability:
        """The feature as a capability: yes until AWS refuses."""
        error = self.error(feature)
        return YES if error is None else no(error.message)

    def capabilities(self) -> dict[str, Capability]:
        """Every feature."""
        return {feature.name: self.capability(feature.name) for feature in FEATURES}
