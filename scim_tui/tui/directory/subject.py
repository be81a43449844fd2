"""The user or group in the detail, and what is known of it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from scim_tui.core.directory.listing import AnyPage
from scim_tui.model.directory import Kind, Record, Row
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.directory.history import History
from scim_tui.tui.directory.related import Related, count_words
from scim_tui.tui.directory.rows import name_of
from scim_tui.tui.drawing.text import Line, Span, line

PROFILE, RELATED, RAW, HISTORY = 0, 1, 2, 3
"""The tabs."""
TABS = 4


@dataclass(slots=True)
class Subject:
    """A user or group, with what was read of it so far."""

    kind: Kind
    id: str
    row: Row | None = None
    record: Record | None = field(default=None, repr=False)
    raw: str = field(default="", repr=False)
    schemas: Mapping[str, str] = field(default_factory=dict)
    """Names of its extensions, by id."""
    error: ScimTuiError | None = None
    pages: AsyncIterator[AnyPage] | None = field(default=None, repr=False)
    """The pages of members or groups that are not read yet."""
    related: Related | None = field(default=None, repr=False)
    history: History | None = field(default=None, repr=False)

    @property
    def is_group(self) -> bool:
        """Whether it is a group; else it is a user."""
        return self.kind == "Groups"

    @property
    def name(self) -> str:
        """Its login or display name; else its id."""
        if self.row is not None:
            return name_of(self.row)
        known = self.record.attributes if self.record else {}
        return str(known.get("userName") or known.get("displayName") or self.id)


def tab_line(subject: Subject, tab: int) -> Line:
    """The tabs, and whether what is shown is the server's answer."""
    related = ("Members" if subject.is_group else "Groups") + count_words(subject.related)
    spans = [
        Span(f"[{name}]" if index == tab else f" {name} ", "tab" if index == tab else "dim")
        for index, name in enumerate(("Profile", related, "Raw", "History"))
    ]
    return (Span(" "), *spans, *_freshness(subject))


def _freshness(subject: Subject) -> Line:
    """Whether what is shown is the row of the list or the answer of the server."""
    if subject.error is not None:
        return line(("  not fresh", "bad"))
    return () if subject.record is not None else line(("  asking", "dim"))
