"""One directory of a fleet, as a row."""

from dataclasses import dataclass

from scim_tui.core.health.signals import first_to_end
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.health.verdict import Judgement
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.unknown_values import UNKNOWN, Absent, Count, Moment
from scim_tui.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRow:
    """A profile with its verdict; what was not observed is UNKNOWN."""

    profile: str
    expect_off: bool
    judgement: Judgement
    snapshot: Snapshot | None = None
    """None: the connection could not be opened."""

    @property
    def verdict(self) -> Verdict:
        """The verdict on the directory."""
        return self.judgement.verdict

    @property
    def troubled(self) -> bool:
        """Whether a person has to look at it."""
        expected = {Verdict.HEALTHY, *([Verdict.OFF] if self.expect_off else [])}
        return self.verdict not in expected

    @property
    def token_id(self) -> str:
        """The token that ends first; empty: none is known."""
        token = self._token()
        return token.id if token else ""

    @property
    def has_no_token(self) -> bool:
        """Whether it is known that no token exists."""
        return self.snapshot is not None and self.snapshot.known_tokens == ()

    @property
    def token_ends(self) -> Moment:
        """When that token ends; UNKNOWN also where no token exists (`has_no_token`)."""
        token = self._token()
        return token.expires_at if token else UNKNOWN

    def _token(self) -> AccessToken | None:
        if self.snapshot is None or isinstance(self.snapshot.known_tokens, Absent):
            return None
        return first_to_end(self.snapshot.known_tokens, self.judgement.at)

    @property
    def last_write(self) -> Moment:
        """The newest write of the IdP that was accepted."""
        traffic = self.snapshot.traffic if self.snapshot else UNKNOWN
        return traffic if isinstance(traffic, Absent) else traffic.last_write_at

    @property
    def refused_people(self) -> Count:
        """How many people were refused in 24 hours."""
        traffic = self.snapshot.traffic if self.snapshot else UNKNOWN
        return traffic if isinstance(traffic, Absent) else traffic.refused_users

    @property
    def users(self) -> Count:
        """How many users the directory holds."""
        summary = self.snapshot.summary if self.snapshot else UNKNOWN
        return summary if isinstance(summary, Absent) else summary.users

    @property
    def rotation(self) -> str:
        """The id of the open rotation; empty: none is open, or that is not known."""
        standing = self.snapshot.rotation if self.snapshot else UNKNOWN
        if isinstance(standing, Absent) or standing.rotation is None:
            return ""
        return standing.rotation.id if standing.rotation.open else ""
