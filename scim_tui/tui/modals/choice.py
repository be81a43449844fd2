"""A dialog to choose one row of a table."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.table import Column, ListSource, Table


class Choice(Dialog[str]):
    """A table to choose from; answers the key of the row, or None."""

    BINDINGS = [Binding("q", "cancel", show=False)]
    KEYS: Sequence[tuple[str, str]] = (("Enter", "choose"), ("j k", "move"), ("Esc", "close"))
    DEFAULT_CSS = """
    Choice .box { width: 100%; height: 1fr; }
    Choice .box .title { height: 2; }
    """

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[tuple[str, Line]],
        start: str = "",
        note: str = "",
    ) -> None:
        """`start` is the key the cursor begins on, `note` a line below the title."""
        super().__init__()
        self._note = note
        self._title = title
        self._columns = columns
        self._rows = rows
        self._start = start

    def body(self) -> Iterable[Widget]:
        """Title and table."""
        title = Lines((line((self._title, "title")), line((self._note, "good"))))
        title.add_class("title")
        yield title
        yield Table(self._columns)

    def on_mount(self) -> None:
        """Show the rows with the cursor on the row `start`."""
        source = ListSource(self._rows)
        table = self.query_one(Table)
        table.show(source)
        table.go_to(source.find(self._start) or 0)
        table.focus()

    @on(Table.Opened)
    def _chosen(self, event: Table.Opened) -> None:
        self.dismiss(event.table.current)
