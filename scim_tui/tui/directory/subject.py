"""One user or group that is looked at, and what is known of it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory.history import Past
from scim_tui.tui.directory.related import Stretch, number_of
from scim_tui.tui.directory.rows import name_of
from scim_tui.tui.drawing.text import Line, Span, line

if TYPE_CHECKING:
    from scim_tui.core.directory.listing import AnyPage
    from scim_tui.model.directory import Kind, Record, Row

PROFILE, RELATED, RAW, HISTORY = 0, 1, 2, 3
"""The tabs."""


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
    pages: "AsyncIterator[AnyPage] | None" = field(default=None, repr=False)
    """Where members or groups are read on."""
    related: Stretch | None = field(default=None, repr=False)
    past: "Past | None" = field(default=None, repr=False)
    """What happened to it, as far as anybody saw."""

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


def tab_line(subject: Subject, tab: int) -> Line:
    """The tabs, and whether what is shown is the server's answer."""
    related = ("Members" if subject.is_group else "Groups") + number_of(subject.related)
    spans = [
        Span(f"[{name}]" if index == tab else f" {name} ", "tab" if index == tab else "dim")
        for index, name in enumerate(("Profile", related, "Raw", "History"))
    ]
    return (Span(" "), *spans, *_news(subject))


def _news(subject: Subject) -> Line:
    """Whether what is shown is the row of the list or the answer of the server."""
    if subject.error is not None:
        return line(("  not fresh", "bad"))
    return () if subject.record is not None else line(("  asking", "dim"))
