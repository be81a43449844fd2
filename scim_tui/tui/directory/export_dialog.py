"""Ask where to write a list, and which fields of each row."""

from collections.abc import Callable, Sequence

from textual.binding import Binding

from scim_tui.tui.directory import messages
from scim_tui.tui.drawing.completion import grow_path
from scim_tui.tui.drawing.text import Line, line, wrap
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.widgets.lines import Wrapped


class ExportPrompt(Prompt):
    """A path; Up and Down switch between the columns of the list and all fields."""

    KEYS = (("Enter", "write"), ("Tab", "complete"), ("Up Down", "fields"), ("Esc", "cancel"))
    BINDINGS = [Binding("up,down", "other_fields", show=False, priority=True)]

    def __init__(
        self,
        what: str,
        path: str,
        columns: Sequence[str],
        fields: Sequence[str],
        check: Callable[[str], str],
    ) -> None:
        super().__init__(
            messages.export_title(what), messages.EXPORT_HELP, path, check=check, complete=grow_path
        )
        self._choices = ((messages.COLUMN_FIELDS, columns), (messages.ALL_FIELDS, fields))
        self._chosen = 0

    @property
    def fields(self) -> Sequence[str]:
        """The fields to write."""
        return self._choices[self._chosen][1]

    def _head(self, cells: int) -> list[Line]:
        rows = super()._head(cells)
        for place, (name, _) in enumerate(self._choices):
            chosen = place == self._chosen
            sign = "(x)" if chosen else "( )"
            rows.append(line((f"{sign} {name}", "accent" if chosen else "dim")))
        names = wrap(", ".join(self.fields), cells)
        return [*rows, *(line((row, "dim")) for row in names), ()]

    def action_other_fields(self) -> None:
        """Take the other choice."""
        self._chosen = 1 - self._chosen
        self.query_one("#words", Wrapped).make()
