"""The state of the Mapping screen: what is loaded, what is listed, and what is running."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from scim_tui.core.mapping.api import (
    GroupRun,
    MappingPreview,
    PlannedChange,
    ResultSelection,
    Totals,
    WorkProgress,
)
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.mapping.facet import Facet
from scim_tui.tui.mapping.files import Files
from scim_tui.tui.mapping.rows import GroupSource, PreviewSource

DEFAULT = "preset:identity-center"
TABS = ("Findings", "Payload", "Trace", "Changes")
FINDINGS, PAYLOAD, TRACE, CHANGES = range(4)


@dataclass(frozen=True, slots=True)
class DirectoryAnswer:
    """What a push of one person would change in the directory now, or why that is not known."""

    person: int
    change: PlannedChange | None = None
    error: ScimTuiError | None = None


@dataclass(slots=True)
class MappingState:
    """Owned and drawn by the screen; changed by the work, the dialogs and the keys.

    Widgets own nothing but the cursor of the table and the scroll positions.
    """

    preview: MappingPreview | None = None
    """None: the connection is not open yet."""
    files: Files = field(default_factory=lambda: Files(mapping=DEFAULT))
    facet: Facet = field(default_factory=Facet)
    of_groups: bool = False
    """Whether the groups are listed, and not the people."""
    rows: PreviewSource | None = None
    """The people, or groups, that are listed; None until some are chosen."""
    totals: Totals | None = None
    """Of the last run, also when it was stopped; None: nothing was checked yet."""
    busy: WorkProgress | None = None
    """The work that is running; None: none."""
    tab: int = FINDINGS
    answer: DirectoryAnswer | None = None
    """The last answer of the directory about a person."""

    @property
    def has_people(self) -> bool:
        """Whether people are loaded."""
        return self.preview is not None and self.preview.people is not None

    @property
    def groups(self) -> GroupRun | None:
        """The groups; None until people and rules are loaded."""
        return self.preview.groups if self._ready and self.preview is not None else None

    @property
    def listed_groups(self) -> GroupRun | None:
        """The groups while they are listed; else None."""
        return self.groups if self.of_groups else None

    @property
    def selection(self) -> ResultSelection | None:
        """The results of what is listed; None until people and rules are loaded."""
        if not self._ready or self.preview is None:
            return None
        return self.preview.groups.selection if self.of_groups else self.preview.selection

    @property
    def _ready(self) -> bool:
        preview = self.preview
        return preview is not None and preview.people is not None and preview.rules is not None

    def person_at(self, row: int) -> int | None:
        """Index of the person, or group, in a row; None: there is none, or it is not checked."""
        rows, selection = self.rows, self.selection
        if rows is None or selection is None or row >= len(rows):
            return None
        person = rows.person(row)
        return person if person < selection.checked else None

    def list_rows(self, chosen: Sequence[int]) -> PreviewSource | None:
        """List these people, or groups."""
        selection, groups = self.selection, self.listed_groups
        if groups is not None:
            self.rows = GroupSource(groups, chosen)
        elif selection is not None:
            self.rows = PreviewSource(selection, chosen)
        return self.rows

    def switch_list(self) -> None:
        """List the groups instead of the people, or the people again, without a filter."""
        self.of_groups = not self.of_groups
        self.facet, self.rows = Facet(), None

    def forget_preview(self) -> None:
        """Drop the preview, which belongs to a closed connection; the files stay."""
        self.preview, self.rows, self.totals = None, None, None

    def with_files(self, change: Callable[[Files], object]) -> Files:
        """A copy of the files with a change."""
        files = replace(self.files)
        change(files)
        return files
