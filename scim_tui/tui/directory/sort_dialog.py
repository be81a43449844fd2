"""Pick a column to sort by, and a direction."""

from textual.binding import Binding

from scim_tui.tui.modals.choice import Choice


class SortChoice(Choice):
    """Answers a field, with a minus before it for down; s, as it opened this, turns it round."""

    BINDINGS = [Binding("s", "turn", show=False)]
    KEYS = (("Enter", "choose"), ("s", "turn round"), ("j k", "move"), ("Esc", "close"))

    def action_turn(self) -> None:
        """The present column, the other way."""
        field = self._start.removeprefix("-")
        self.dismiss(field if self._start.startswith("-") else f"-{field}")
