"""Whom the detail of the Directory is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory_rows import name_of

if TYPE_CHECKING:
    from scim_tui.core.directory import Seen
    from scim_tui.model.directory import Kind, Record, Row


@dataclass(slots=True)
class Subject:
    """What the pane is about, and what is known of it."""

    kind: "Kind"
    id: str
    row: "Row | None" = None
    record: "Record | None" = field(default=None, repr=False)
    raw: str = field(default="", repr=False)
    error: ScimTuiError | None = None
    related: "Sequence[Row] | None" = field(default=None, repr=False)
    related_error: ScimTuiError | None = None
    seen: "Sequence[Seen] | None" = field(default=None, repr=False)
    """What listings saw change."""

    @property
    def is_group(self) -> bool:
        """A group, else a user."""
        return self.kind == "Groups"

    @property
    def name(self) -> str:
        """What a person calls it."""
        if self.row is not None:
            return name_of(self.row)
        known = self.record.attributes if self.record else {}
        return str(known.get("userName") or known.get("displayName") or self.id)
