"""One user or group that is looked at, and what is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory_past import Past
from scim_tui.tui.directory_rows import name_of

if TYPE_CHECKING:
    from scim_tui.model.directory import Kind, Record, Row

FIRST_RELATED = 500
"""Members or groups that are asked for at first; at the end of the list four times as many."""


@dataclass(slots=True)
class Subject:
    """What the pane is about, and what is known of it."""

    kind: "Kind"
    id: str
    row: "Row | None" = None
    record: "Record | None" = field(default=None, repr=False)
    raw: str = field(default="", repr=False)
    schemas: Mapping[str, str] = field(default_factory=dict)
    """Names of its extensions, by id."""
    error: ScimTuiError | None = None
    related: "Sequence[Row] | None" = field(default=None, repr=False)
    related_error: ScimTuiError | None = None
    related_limit: int = FIRST_RELATED
    past: "Past | None" = field(default=None, repr=False)
    """What happened to it, as far as anybody saw."""

    @property
    def is_group(self) -> bool:
        """A group, else a user."""
        return self.kind == "Groups"

    @property
    def related_more(self) -> bool:
        """Whether there may be more members or groups than are at hand."""
        return self.related is not None and len(self.related) >= self.related_limit

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.row is not None:
            return name_of(self.row)
        known = self.record.attributes if self.record else {}
        return str(known.get("userName") or known.get("displayName") or self.id)
