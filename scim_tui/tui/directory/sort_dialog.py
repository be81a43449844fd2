"""Pick a column to sort by, and a direction."""

from textual.binding import Binding

from scim_tui.tui.modals.choice import Choice


class SortChoice(Choice):
    """Returns a field, with a minus before it for descending; s reverses the present order."""

    BINDINGS = [Binding("s", "reverse", show=False)]
    KEYS = (("Enter", "choose"), ("s", "turn round"), ("j k", "move"), ("Esc", "close"))

    def action_reverse(self) -> None:
        """Sort by the present column in the other direction."""
        field = self._start.removeprefix("-")
        self.dismiss(field if self._start.startswith("-") else f"-{field}")
