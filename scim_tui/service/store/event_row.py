"""One request, as it is stored in the table of events."""

from typing import NamedTuple

from scim_tui.model.own_agent import is_ours


class EventRow(NamedTuple):
    """One row of the table `events`, its fields in the order of the insert."""

    at: float
    operation: str
    status: int
    target: str | None
    resource_id: str | None
    token_id: str | None
    client: str | None
    violated: str
    message: str
    request_id: str
    duration_ms: float | None
    token_known: bool
    address: str | None
    holder: str | None = None
    """Id of the user who has the value that was refused as taken."""

    @property
    def accepted(self) -> bool:
        """Whether the answer was a success."""
        return self.status < 400

    @property
    def unauthorized(self) -> bool:
        """Whether the answer was 401 or 403."""
        return self.status in (401, 403)

    @property
    def of_a_stranger(self) -> bool:
        """Whether it came with a token that is not known here, and was refused for that."""
        return self.status == 401 and self.token_id is None

    @property
    def accepted_write(self) -> bool:
        """Whether it changed the directory."""
        return self.status < 400 and self.operation.startswith(("Create", "Put", "Patch", "Delete"))

    @property
    def by_the_idp(self) -> bool:
        """Whether an IdP sent it: not this program, and with a token that is or was known here."""
        return not is_ours(self.client) and (self.token_known or not self.unauthorized)
