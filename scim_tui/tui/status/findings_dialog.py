"""The findings about the directory with their counts; L lists what they still need."""

from collections.abc import Sequence

from textual import work
from textual.binding import Binding

from scim_tui.core.directory.api import Directory, Findings, LoadState
from scim_tui.model.directory import Kind
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import Absent
from scim_tui.tui.drawing.listing import listing_progress
from scim_tui.tui.drawing.progress import progress_line
from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.shell.finding_rows import COLUMNS, finding_rows
from scim_tui.tui.status import messages
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import ListSource, Table

MEMBERSHIPS = "memberships"
_NEED_MEMBERS = frozenset({"missing:group", "empty:members"})


class FindingsDialog(Choice):
    """Findings with counts; Enter opens the list of one, L lists what the counts lack."""

    KEYS = (("Enter", "show its list"), ("L", "list"), ("Esc", "close"))
    BINDINGS = [Binding("L", "list", show=False)]

    def __init__(self, directory: Directory, found: Findings) -> None:
        super().__init__(messages.FINDINGS, COLUMNS, finding_rows(found))
        self.found = found
        self._directory = directory

    def on_mount(self) -> None:
        """Show what is not listed yet."""
        self._say_lacking()

    def action_list(self) -> None:
        """List what the counts need first."""
        if self.lacking:
            self._list()

    @property
    def lacking(self) -> Sequence[str]:
        """What is not listed yet: users and groups first, then memberships, then origins."""
        kinds = [kind.lower() for kind in Kind if self._directory.listed(kind) is None]
        if kinds:
            return kinds
        # What the server leaves open stays unknown, however often it is listed.
        unknown = {
            each.query
            for each in self.found.values()
            if isinstance(each.count, Absent) and not each.listed
        }
        if unknown & _NEED_MEMBERS:
            return [MEMBERSHIPS]
        return [messages.ORIGINS] if unknown else []

    @work(exclusive=True, group="list", description="list")
    async def _list(self) -> None:
        trouble = ""
        try:
            for what in self.lacking:
                trouble = trouble or await self._list_one(what)
        except ScimTuiError as error:
            trouble = error.sentence
        self.found = await self._directory.findings()
        table = self.query_one(Table)
        current = table.current
        source = ListSource(finding_rows(self.found))
        table.show(source)
        table.go_to(source.find(current or "") or 0)
        if trouble:
            self._title_shows(line((f"  {trouble}", "bad")))
        else:
            self._say_lacking()

    async def _list_one(self, what: str) -> str:
        """List it; returns why that ended early, or an empty text."""

        def show(state: LoadState) -> None:
            progress = listing_progress(f"listing {what}", state, took=0.0)
            self._title_shows(progress_line(progress, self.cells))

        if what == messages.ORIGINS:
            await self._directory.load_strays()
            return ""
        if what == MEMBERSHIPS:
            state = await self._directory.load_memberships(show)
        else:
            state = await self._directory.load(Kind(what.capitalize()), show)
        return state.error.sentence if state.error else ""

    def _say_lacking(self) -> None:
        if self.lacking:
            words = " and ".join(self.lacking)
            self._title_shows(
                line((f"  {words} {messages.NOT_LISTED}", "dim"), ("L", "accent"), " lists")
            )
        else:
            self._title_shows(())

    def _title_shows(self, words: Line) -> None:
        # A listing may report once more while the dialog is being removed.
        for title in self.query(".title").results(Lines):
            title.show([line((messages.FINDINGS, "title")), words])
