"""A field to type into."""

from textual.widgets import Input

from scim_tui.tui.faults.guarded import Lasting


class TextField(Lasting, Input):
    """Textual's field, which lives on whatever is typed or pasted into it."""
