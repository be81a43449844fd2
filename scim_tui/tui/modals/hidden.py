"""A dialog for one line of text that is not shown."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Input

from scim_tui.tui.modals.prompt import Prompt


class Hidden(Prompt):
    """One line that is drawn as dots."""

    def body(self) -> Iterable[Widget]:
        """A prompt whose field shows dots."""
        for widget in super().body():
            if isinstance(widget, Input):
                widget.password = True
            yield widget
